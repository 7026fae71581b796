// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IManufacturerManager} from "../../contracts/interfaces/IManufacturerManager.sol";
import {IssuingLimits} from "../../contracts/libraries/IssuingLimits.sol";

/// @dev Buckets of passports, one step at a time; the sum over many steps is in docs/proofs.md. The chain's time is any
/// number of 64 bits.
contract IssuingProof {
    using IssuingLimits for IManufacturerManager.IssuingLimit;

    uint256 private constant SECOND = 1e9;
    uint256 private constant HOUR = 3600 * SECOND;

    IManufacturerManager.IssuingLimit private _limit;

    /// @dev Nothing overflows for any count, bucket and time: a panic would refute it.
    function check_tryConsume_anyCount_doesNotPanic(uint256 any) external {
        uint256 count = _countOf(any);
        _limit.tryConsume(count);
    }

    function check_tryConsume_accepted_neverOwesMoreThanAnHour(uint256 any) external {
        uint256 count = _countOf(any);
        require(_limit.tryConsume(count));
        assert(_limit.fullAt <= block.timestamp * SECOND + HOUR);
    }

    function check_tryConsume_moreThanABucketCanHold_isRefused(uint256 count) external {
        require(count > type(uint32).max);
        assert(!_limit.tryConsume(count));
    }

    /// @dev What a bucket can hold. No caller of the library asks for nothing, which an empty bucket would divide by.
    function _countOf(uint256 any) private pure returns (uint256 count) {
        count = any & type(uint32).max;
        require(count != 0);
    }
}

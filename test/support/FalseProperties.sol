// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Conditions} from "../../contracts/libraries/Conditions.sol";

/// @dev What the prover must not prove.
contract FalseProperties {
    /// @dev False: the owner may.
    function check_isAllowedChange_anybody_keepsStolen(uint256 before, uint256 afterwards, bool isOwner) external pure {
        require(Conditions.isAllowedChange(before, afterwards, isOwner));
        assert(before & 0x04 == afterwards & 0x04);
    }

    /// @dev False for the largest number only.
    function check_successor_anyNumber_doesNotOverflow(uint256 number) external pure returns (uint256) {
        return number + 1;
    }

    /// @dev True of nothing: no number is below zero.
    function check_impossible_number_isOne(uint256 number) external pure {
        require(number > type(uint128).max && number < type(uint64).max);
        assert(number == 1);
    }

    /// @dev False: nothing may be written in a static call.
    function check_staticCall_ofWhatWrites_succeeds(uint256 number) external view {
        (bool ok, ) = address(this).staticcall(abi.encodeCall(this.write, (number)));
        assert(ok);
    }

    /// @dev False: a static call brings no ether with it, so what takes none does not refuse it.
    function check_staticCall_withinPayable_isRefused() external payable {
        require(msg.value > 0);
        (bool ok, ) = address(this).staticcall(abi.encodeCall(this.nothing, ()));
        assert(!ok);
    }

    /// @dev False for one selector: data that the input decides can be a panic.
    function check_revert_anySelector_isNoPanic(bytes4 selector) external pure {
        assembly ("memory-safe") {
            if calldatasize() {
                mstore(0x00, selector)
                if gt(selector, shl(224, 0x4e487b70)) {
                    revert(0x00, 0x24)
                }
            }
        }
    }

    uint256 private _written;

    function write(uint256 number) external {
        _written = number;
    }

    function nothing() external pure {}
}

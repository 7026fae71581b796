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
}

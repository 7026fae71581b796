// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PassportState, packState} from "../../contracts/libraries/PassportState.sol";

/// @dev The packed state. That the passport only packs what has its width is assumed here: the types of the arguments say
/// it; `packState` says why it holds.
contract StateProof {
    function check_packState_anyParts_givesEachBack(
        address owner,
        uint16 condition,
        uint40 entryCount,
        uint40 lastRecordedAt
    ) external pure {
        PassportState state = packState(owner, condition, entryCount, lastRecordedAt);
        assert(state.owner() == owner);
        assert(state.condition() == condition);
        assert(state.entryCount() == entryCount);
        assert(state.lastRecordedAt() == lastRecordedAt);
    }

    /// @dev No bit of the word is left over, so equal words are equal states and the other way round.
    function check_packState_anyWord_isMadeOfItsParts(uint256 word) external pure {
        PassportState state = PassportState.wrap(word);
        PassportState again = packState(state.owner(), state.condition(), state.entryCount(), state.lastRecordedAt());
        assert(PassportState.unwrap(again) == word);
    }

    function check_packState_anotherEntry_countsOneMoreAndMovesNothing(uint256 word, uint40 recordedAt) external pure {
        PassportState state = PassportState.wrap(word);
        require(state.entryCount() < type(uint40).max);
        PassportState next = packState(state.owner(), state.condition(), state.entryCount() + 1, recordedAt);
        assert(next.entryCount() == state.entryCount() + 1);
        assert(next.owner() == state.owner());
        assert(next.condition() == state.condition());
    }
}

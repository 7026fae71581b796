// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DigitalPassport} from "../../contracts/DigitalPassport.sol";
import {IDigitalPassport} from "../../contracts/interfaces/IDigitalPassport.sol";
import {Conditions} from "../../contracts/libraries/Conditions.sol";
import {EventRules} from "../../contracts/libraries/EventRules.sol";
import {EventTypes} from "../../contracts/libraries/EventTypes.sol";
import {PassportState} from "../../contracts/libraries/PassportState.sol";

/// @dev The code of DigitalPassport as it is deployed, run by delegate call: its storage is this contract's, and can hold
/// anything before; the caller, the time and every answer of the manager can be anything. An entry has left the passport
/// right when head and state are what the specification makes of those before.
contract PassportProof {
    /// @dev Where scripts/prove finds the code of DigitalPassport.
    uint256 private constant PASSPORT = 0xd16174a1;

    function check_attest_recorded_keepsTheOwnerAndWhatNoRuleMayChange(bytes32 eventType, bytes32 document) external {
        (, PassportState state) = _read();
        // What holds after every entry, see the last assertion but one, and before the first.
        require(state.condition() & ~(Conditions.NATIVE | Conditions.BRAND) == 0);
        _run(abi.encodeCall(DigitalPassport.attest, (eventType, document)));
        (, PassportState next) = _read();

        assert(next.owner() == state.owner());
        assert(next.entryCount() == state.entryCount() + 1);
        assert(next.lastRecordedAt() == uint40(block.timestamp));
        assert(Conditions.isAllowedChange(state.condition(), next.condition(), msg.sender == state.owner()));
        assert(document != 0 && !EventTypes.isNative(eventType));
    }

    function check_attest_ownerRecovers_isRecordedWhateverTheManagerSays(bytes32 document) external {
        (bytes32 head, PassportState state) = _read();
        require(msg.sender == state.owner() && state.condition() & Conditions.STOLEN != 0 && document != 0);
        assert(_tryRun(abi.encodeCall(DigitalPassport.attest, (EventTypes.RECOVERED, document))));

        uint256 condition = state.condition() & ~Conditions.STOLEN;
        _assertEntry(head, state, EventTypes.RECOVERED, EventRules.ROLE_OWNER, document, state.owner(), condition);
    }

    function check_acceptOwnership_recorded_handsOverWhatWasOffered(bytes32 document, bytes32 expectedHead) external {
        (bytes32 head, PassportState state) = _read();
        (address newOwner, bytes32 offered) = _offered();
        _run(abi.encodeCall(DigitalPassport.acceptOwnership, (document, expectedHead)));

        assert(newOwner == msg.sender && offered == document && expectedHead == head);
        assert(state.condition() & (Conditions.LOCKED | Conditions.STOLEN) == 0);
        _assertEntry(
            head,
            state,
            EventTypes.OWNERSHIP_TRANSFERRED,
            EventRules.ROLE_OWNER,
            document,
            msg.sender,
            state.condition()
        );
        (newOwner, ) = _offered();
        assert(newOwner == address(0));
    }

    function check_lock_recorded_setsTheLockAndNothingElse(address holder, uint256 until, bytes32 document) external {
        (bytes32 head, PassportState state) = _read();
        _run(abi.encodeCall(DigitalPassport.lock, (holder, until, document)));

        assert(msg.sender == state.owner());
        assert(until >= block.timestamp && until <= block.timestamp + 30 days);
        assert(state.condition() & (Conditions.LOCKED | Conditions.STOLEN) == 0);
        uint256 condition = state.condition() | Conditions.LOCKED;
        _assertEntry(head, state, EventTypes.LOCKED, EventRules.ROLE_OWNER, document, msg.sender, condition);
    }

    function check_release_recorded_clearsTheLockAndNothingElse() external {
        (bytes32 head, PassportState state) = _read();
        (address holder, uint256 until, bytes32 document) = _placed();
        _run(abi.encodeCall(DigitalPassport.release, ()));

        assert(holder != address(0) && (msg.sender == holder || block.timestamp > until));
        uint256 condition = state.condition() & ~Conditions.LOCKED;
        _assertEntry(head, state, EventTypes.RELEASED, 0, document, state.owner(), condition);
        (holder, , ) = _placed();
        assert(holder == address(0));
    }

    /// @dev A lock always ends: nobody can keep it beyond its time, whatever the manager says.
    function check_release_lockRunOut_isRecordedForAnybody() external {
        (address holder, uint256 until, bytes32 document) = _placed();
        require(holder != address(0) && document != 0 && block.timestamp > until);
        assert(_tryRun(abi.encodeCall(DigitalPassport.release, ())));
    }

    function check_offerOwnership_made_recordsNothing(address newOwner, bytes32 document, uint256 expiresAt) external {
        (bytes32 head, PassportState state) = _read();
        _run(abi.encodeCall(DigitalPassport.offerOwnership, (newOwner, document, expiresAt)));
        assert(msg.sender == state.owner());
        _assertUnchanged(head, state);
    }

    function check_cancelOffer_made_recordsNothing() external {
        (bytes32 head, PassportState state) = _read();
        _run(abi.encodeCall(DigitalPassport.cancelOffer, ()));
        assert(msg.sender == state.owner());
        _assertUnchanged(head, state);
    }

    function check_issue_recorded_isTheFirstEntryOfAnEmptyPassport(address owner, bytes32 document) external {
        (, PassportState state) = _read();
        _run(abi.encodeCall(DigitalPassport.issue, (owner, document)));
        (, PassportState next) = _read();

        assert(state.entryCount() == 0 && next.entryCount() == 1);
        assert(next.owner() == owner && owner != address(0));
        assert(next.condition() == Conditions.ISSUED);
    }

    /// @dev The entry's attester is whoever called, but for a sale, where he is the new owner as well.
    function _assertEntry(
        bytes32 head,
        PassportState state,
        bytes32 eventType,
        uint256 roles,
        bytes32 document,
        address owner,
        uint256 condition
    ) private view {
        (bytes32 nextHead, PassportState next) = _read();
        assert(next.owner() == owner);
        assert(next.condition() == condition);
        assert(next.entryCount() == state.entryCount() + 1);
        assert(next.lastRecordedAt() == uint40(block.timestamp));
        IDigitalPassport.Entry memory entry = IDigitalPassport.Entry({
            sequence: state.entryCount() + 1,
            eventType: eventType,
            attester: msg.sender,
            roles: roles,
            document: document,
            recordedAt: block.timestamp,
            owner: owner,
            condition: condition
        });
        assert(nextHead == keccak256(abi.encode(head, entry)));
    }

    function _assertUnchanged(bytes32 head, PassportState state) private view {
        (bytes32 headNow, PassportState stateNow) = _read();
        assert(headNow == head && PassportState.unwrap(stateNow) == PassportState.unwrap(state));
    }

    function _run(bytes memory data) private {
        require(_tryRun(data));
    }

    function _tryRun(bytes memory data) private returns (bool success) {
        (, PassportState state) = _read();
        require(state.entryCount() < type(uint40).max && block.timestamp <= type(uint40).max);
        assembly ("memory-safe") {
            success := delegatecall(gas(), PASSPORT, add(data, 0x20), mload(data), 0, 0)
        }
    }

    function _read() private view returns (bytes32 head, PassportState state) {
        assembly ("memory-safe") {
            head := sload(2)
            state := sload(3)
        }
    }

    function _offered() private view returns (address newOwner, bytes32 document) {
        assembly ("memory-safe") {
            newOwner := and(sload(4), 0xffffffffffffffffffffffffffffffffffffffff)
            document := sload(5)
        }
    }

    function _placed() private view returns (address holder, uint256 until, bytes32 document) {
        assembly ("memory-safe") {
            let word := sload(6)
            holder := and(word, 0xffffffffffffffffffffffffffffffffffffffff)
            until := and(shr(160, word), 0xffffffffff)
            document := sload(7)
        }
    }
}

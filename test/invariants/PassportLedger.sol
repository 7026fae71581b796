// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDigitalPassport} from "../../contracts/interfaces/IDigitalPassport.sol";
import {vm, ICheatcodes} from "../support/Vm.sol";
import {acceptanceOf, attestationOf, cancellationOf, issuanceOf, lockOf, offerOf, settlementOf} from "./Statements.sol";

/// @dev What the events of the passports add up to. Says of every event whether it may follow those before it, and of
/// every passport whether it is what its events say. Shares no code with the contracts: bits and hashes are spelt out.
abstract contract PassportLedger {
    /// @dev A passport, from its events alone.
    struct History {
        bytes32 productKey;
        address manager;
        bytes32 head;
        uint256 entryCount;
        uint256 lastRecordedAt;
        address owner;
        uint256 condition;
        uint256 offerNonce;
        address offeredTo;
        bytes32 offeredDocument;
        uint256 offerExpiresAt;
        address lockHolder;
        uint256 lockedUntil;
        bytes32 lockDocument;
    }

    uint256 internal constant ISSUED = 0x01;
    uint256 internal constant LOCKED = 0x02;
    uint256 internal constant STOLEN = 0x04;
    uint256 internal constant STICKY = 0x19;
    uint256 internal constant MEANINGFUL = 0xff1f;
    uint256 internal constant ROLE_OWNER = 1 << 127;

    mapping(address passport => History) internal _histories;
    address[] internal _passports;

    /// @dev How often each statement has been made and not yet been recorded.
    mapping(bytes32 statement => uint256 count) private _made;

    // ---------------------------------------------------------------------------------------------------- statements

    /// @dev Somebody has stated this, by a transaction that is about to go out or by a signature.
    function noteStatement(bytes32 statement) external {
        ++_made[statement];
    }

    /// @dev The transaction was refused: it stated nothing.
    function withdrawStatement(bytes32 statement) external {
        --_made[statement];
    }

    // --------------------------------------------------------------------------------------------------------- views

    function passports() external view returns (address[] memory) {
        return _passports;
    }

    function historyOf(address passport) external view returns (History memory) {
        return _histories[passport];
    }

    // ------------------------------------------------------------------------------------------------------- booking

    function _open(address passport, bytes32 productKey, address manager) internal {
        History storage history = _histories[passport];
        vm.assertEq(history.manager, address(0), "INV-20: a passport was registered twice");
        (history.productKey, history.manager) = (productKey, manager);
        history.head = keccak256(abi.encode(keccak256("DigitalPassport.head.v1"), block.chainid, passport));
        _passports.push(passport);
    }

    function _bookEntry(ICheatcodes.Log calldata log) internal {
        History storage history = _histories[log.emitter];
        (IDigitalPassport.Entry memory entry, uint256 previousRecordedAt) = _decode(log);
        vm.assertTrue(history.manager != address(0), "INV-20: an entry on a passport that is not registered");
        vm.assertEq(entry.sequence, history.entryCount + 1, "INV-02: an entry is not the next one");
        vm.assertEq(entry.recordedAt, block.timestamp, "INV-03: an entry bears another time than that of its block");
        vm.assertTrue(entry.recordedAt >= history.lastRecordedAt, "INV-03: an entry is older than the one before it");
        vm.assertEq(previousRecordedAt, history.lastRecordedAt, "INV-03: an entry misnames the time of the one before");
        vm.assertTrue(entry.document != 0, "INV-04: an entry without a document");

        if (entry.eventType == "MANUFACTURED") _checkIssuing(history, entry);
        else if (entry.eventType == "OWNERSHIP_TRANSFERRED") _bookTransfer(log.emitter, history, entry);
        else if (entry.eventType == "LOCKED") _bookLocked(history, entry);
        else if (entry.eventType == "RELEASED") _bookReleased(log.emitter, history, entry);
        else _checkAttestation(log.emitter, history, entry);
        _checkCondition(history, entry);

        history.head = keccak256(
            abi.encode(
                history.head,
                entry.sequence,
                entry.eventType,
                entry.attester,
                entry.roles,
                entry.document,
                entry.recordedAt,
                entry.owner,
                entry.condition
            )
        );
        (history.entryCount, history.lastRecordedAt) = (entry.sequence, entry.recordedAt);
        (history.owner, history.condition) = (entry.owner, entry.condition);
    }

    function _bookOffer(ICheatcodes.Log calldata log) internal {
        History storage history = _histories[log.emitter];
        uint256 offerNonce = uint256(log.topics[1]);
        address newOwner = address(uint160(uint256(log.topics[2])));
        (bytes32 document, uint256 expiresAt) = abi.decode(log.data, (bytes32, uint256));
        vm.assertEq(offerNonce, history.offerNonce + 1, "INV-13: an offer without the next number");
        vm.assertEq(history.condition & (LOCKED | STOLEN), 0, "INV-12: an offer while locked or stolen");
        _take(
            offerOf(log.emitter, history.owner, newOwner, document, offerNonce, expiresAt),
            "INV-12: an offer that the owner did not make"
        );
        history.offerNonce = offerNonce;
        (history.offeredTo, history.offeredDocument, history.offerExpiresAt) = (newOwner, document, expiresAt);
    }

    function _bookCancellation(ICheatcodes.Log calldata log) internal {
        History storage history = _histories[log.emitter];
        uint256 offerNonce = uint256(log.topics[1]);
        uint256 cancellable = history.offeredTo == address(0) ? history.offerNonce + 1 : history.offerNonce;
        vm.assertEq(offerNonce, cancellable, "INV-13: a cancellation of neither the pending nor the next offer");
        _take(
            cancellationOf(log.emitter, history.owner, offerNonce),
            "INV-12: a cancellation that the owner did not make"
        );
        history.offerNonce = offerNonce;
        _clearOffer(history);
    }

    /// @dev Follows the entry LOCKED, which has named the document.
    function _bookLock(ICheatcodes.Log calldata log) internal {
        History storage history = _histories[log.emitter];
        address holder = address(uint160(uint256(log.topics[1])));
        uint256 until = abi.decode(log.data, (uint256));
        vm.assertTrue(until >= block.timestamp, "INV-14: a lock that has ended before it begins");
        vm.assertTrue(until <= block.timestamp + 30 days, "INV-14: a lock of more than 30 days");
        _take(
            lockOf(log.emitter, history.owner, holder, until, history.lockDocument),
            "INV-14: a lock that the owner did not place"
        );
        (history.lockHolder, history.lockedUntil) = (holder, until);
    }

    // ------------------------------------------------------------------------------------------------- kinds of entry

    function _checkIssuing(History storage history, IDigitalPassport.Entry memory entry) private {
        vm.assertEq(entry.sequence, 1, "INV-02: MANUFACTURED is not the first entry");
        vm.assertEq(entry.attester, history.manager, "INV-04: MANUFACTURED by somebody else than the manager");
        vm.assertTrue(entry.owner != address(0), "INV-11: issued to nobody");
        vm.assertEq(entry.condition, ISSUED, "INV-06: issuing sets another condition than ISSUED");
        _take(
            issuanceOf(history.manager, history.productKey, entry.owner, entry.document),
            "INV-04: MANUFACTURED without an issuer"
        );
    }

    function _checkAttestation(address passport, History storage history, IDigitalPassport.Entry memory entry) private {
        _take(
            attestationOf(passport, entry.attester, entry.eventType, entry.document),
            "INV-04: an entry that its attester neither sent nor signed, or not so often"
        );
        vm.assertTrue(entry.sequence > 1, "INV-02: an entry before MANUFACTURED");
        vm.assertEq(entry.owner, history.owner, "INV-11: an attestation changes the owner");
        bool isOwner = entry.attester == history.owner;
        uint256 changed = entry.condition ^ history.condition;
        vm.assertEq(changed & (ISSUED | LOCKED), 0, "INV-06: a rule changes ISSUED or LOCKED");
        vm.assertTrue(isOwner || changed & STOLEN == 0, "INV-09: somebody else than the owner changes STOLEN");
        vm.assertTrue(isOwner || entry.roles & ROLE_OWNER == 0, "INV-15: somebody else acts as the owner");
        bool isRecovery = isOwner && entry.eventType == "RECOVERED" && history.condition & STOLEN != 0;
        if (isRecovery) vm.assertEq(changed, STOLEN, "INV-06: a recovery changes more than STOLEN");
        else _checkRule(history.manager, passport, history, entry);
    }

    function _bookLocked(History storage history, IDigitalPassport.Entry memory entry) private {
        vm.assertEq(entry.attester, history.owner, "INV-14: somebody else than the owner locks");
        vm.assertEq(entry.owner, history.owner, "INV-11: a lock changes the owner");
        vm.assertEq(history.condition & (LOCKED | STOLEN), 0, "INV-14: a lock while locked or stolen");
        vm.assertEq(entry.condition, history.condition | LOCKED, "INV-06: a lock changes more than LOCKED");
        history.lockDocument = entry.document;
    }

    function _bookReleased(address passport, History storage history, IDigitalPassport.Entry memory entry) private {
        _take(
            attestationOf(passport, entry.attester, entry.eventType, entry.document),
            "INV-04: a release that nobody sent"
        );
        bool mayRelease = entry.attester == history.lockHolder || block.timestamp > history.lockedUntil;
        vm.assertTrue(mayRelease, "INV-14: released by somebody else than the holder before the end");
        vm.assertEq(entry.document, history.lockDocument, "INV-14: a release names another document than the lock");
        vm.assertEq(entry.owner, history.owner, "INV-11: a release changes the owner");
        vm.assertEq(history.condition & LOCKED, LOCKED, "INV-08: a release without a lock");
        vm.assertEq(entry.condition, history.condition & ~LOCKED, "INV-06: a release changes more than LOCKED");
        _clearLock(history);
    }

    /// @dev A sale by either way: an offer that is accepted, or a lock that is settled.
    function _bookTransfer(address passport, History storage history, IDigitalPassport.Entry memory entry) private {
        vm.assertEq(entry.attester, entry.owner, "INV-12: the attester of a transfer is not the new owner");
        vm.assertTrue(entry.owner != address(0), "INV-11: transferred to nobody");
        vm.assertEq(history.condition & STOLEN, 0, "INV-12: a transfer while stolen");
        vm.assertEq(entry.condition, history.condition & ~LOCKED, "INV-06: a transfer changes more than LOCKED");

        if (history.condition & LOCKED != 0) {
            vm.assertTrue(block.timestamp <= history.lockedUntil, "INV-12: a settlement after the end of the lock");
            _take(
                settlementOf(passport, history.lockHolder, entry.document),
                "INV-12: a settlement that the holder did not make"
            );
            ++history.offerNonce;
        } else {
            vm.assertEq(history.offeredTo, entry.owner, "INV-12: accepted by somebody whom it was not offered to");
            vm.assertEq(history.offeredDocument, entry.document, "INV-12: accepted another document than offered");
            vm.assertTrue(block.timestamp <= history.offerExpiresAt, "INV-12: accepted an offer that has run out");
        }
        _take(
            acceptanceOf(passport, entry.owner, entry.document, history.offerNonce, history.head),
            "INV-12: transferred to somebody who did not accept this"
        );
        _clearOffer(history);
        _clearLock(history);
    }

    function _checkCondition(History storage history, IDigitalPassport.Entry memory entry) private view {
        uint256 lost = history.condition & ~entry.condition;
        vm.assertEq(lost & STICKY, 0, "INV-07: ISSUED, RETIRED or SUPERSEDED is gone");
        vm.assertEq(entry.condition & ISSUED, ISSUED, "INV-07: an entry without ISSUED");
        vm.assertEq(entry.condition & ~MEANINGFUL, 0, "INV-10: a condition bit without a meaning");
    }

    /// @dev What the manager's rules demand; {ManagerLedger} knows them.
    function _checkRule(
        address manager,
        address passport,
        History storage history,
        IDigitalPassport.Entry memory entry
    ) internal view virtual;

    // --------------------------------------------------------------------------------------------------------- state

    function _checkPassport(address passport_) internal view {
        IDigitalPassport passport = IDigitalPassport(passport_);
        History storage history = _histories[passport_];
        vm.assertEq(passport.head(), history.head, "INV-01: the head is not that of the recorded events");
        vm.assertEq(passport.entryCount(), history.entryCount, "INV-02: the length is not the number of events");
        vm.assertEq(
            passport.lastRecordedAt(),
            history.lastRecordedAt,
            "INV-03: the time is not that of the last event"
        );
        vm.assertEq(passport.condition(), history.condition, "INV-06: the condition is not that of the last event");
        vm.assertEq(passport.owner(), history.owner, "INV-11: the owner is not that of the last event");
        vm.assertEq(
            passport.offerNonce(),
            history.offerNonce,
            "INV-13: the number of offers is not that of the events"
        );
        _checkOffer(passport, history);
        _checkLock(passport, history);
    }

    function _checkOffer(IDigitalPassport passport, History storage history) private view {
        (address newOwner, bytes32 document, uint256 offerNonce, uint256 expiresAt) = passport.pendingOffer();
        bool isPending = newOwner != address(0);
        vm.assertEq(newOwner, history.offeredTo, "INV-13: the pending offer is not that of the events");
        vm.assertEq(document, history.offeredDocument, "INV-13: the offered document is not that of the events");
        vm.assertEq(expiresAt, history.offerExpiresAt, "INV-13: the offer's end is not that of the events");
        vm.assertEq(offerNonce, isPending ? history.offerNonce : 0, "INV-13: the pending offer has another number");
    }

    function _checkLock(IDigitalPassport passport, History storage history) private view {
        (address holder, uint256 until, bytes32 document) = passport.currentLock();
        vm.assertEq(
            passport.condition() & LOCKED != 0,
            holder != address(0),
            "INV-08: LOCKED without a lock, or unlike"
        );
        vm.assertEq(holder, history.lockHolder, "INV-14: the lock's holder is not that of the events");
        vm.assertEq(until, history.lockedUntil, "INV-14: the lock's end is not that of the events");
        vm.assertEq(document, history.lockDocument, "INV-14: the lock's document is not that of the events");
    }

    // ------------------------------------------------------------------------------------------------------- helpers

    function _take(bytes32 statement, string memory message) internal {
        vm.assertTrue(_made[statement] != 0, message);
        --_made[statement];
    }

    function _clearOffer(History storage history) private {
        (history.offeredTo, history.offeredDocument, history.offerExpiresAt) = (address(0), 0, 0);
    }

    function _clearLock(History storage history) private {
        (history.lockHolder, history.lockedUntil, history.lockDocument) = (address(0), 0, 0);
    }

    function _decode(
        ICheatcodes.Log calldata log
    ) private pure returns (IDigitalPassport.Entry memory entry, uint256 previousRecordedAt) {
        entry.sequence = uint256(log.topics[1]);
        entry.eventType = log.topics[2];
        entry.attester = address(uint160(uint256(log.topics[3])));
        (entry.roles, entry.document, entry.recordedAt, previousRecordedAt, entry.owner, entry.condition) = abi.decode(
            log.data,
            (uint256, bytes32, uint256, uint256, address, uint256)
        );
    }
}

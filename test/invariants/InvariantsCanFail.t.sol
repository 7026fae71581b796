// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DigitalPassport} from "../../contracts/DigitalPassport.sol";
import {IDigitalPassport} from "../../contracts/interfaces/IDigitalPassport.sol";
import {IManufacturerManager} from "../../contracts/interfaces/IManufacturerManager.sol";
import {IPassportRegistry} from "../../contracts/interfaces/IPassportRegistry.sol";
import {IReadingsAnchor} from "../../contracts/interfaces/IReadingsAnchor.sol";
import {vm, ICheatcodes} from "../support/Vm.sol";
import {AttackerHandler} from "./handlers/AttackerHandler.sol";
import {AttesterHandler} from "./handlers/AttesterHandler.sol";
import {SubmitterHandler} from "./handlers/SubmitterHandler.sol";
import {Ledger} from "./Ledger.sol";
import {attestationOf, batchOf} from "./Statements.sol";
import {World} from "./World.sol";

/// @dev An invariant that cannot fail says nothing. Each is broken here, once for every way in which it is checked: a
/// contract's state is changed behind its back, or the ledger is shown an event that must not follow.
contract InvariantsCanFailTest {
    bytes32 private constant DOCUMENT = keccak256("another document");
    /// @dev Code that stops at once, without an answer.
    bytes private constant ALWAYS_SUCCEEDS = hex"00";
    uint256 private constant LOCKED = 0x02;
    uint256 private constant STOLEN = 0x04;
    uint256 private constant RETIRED = 0x08;

    World private _world;
    Ledger private _ledger;
    address private _manager;
    DigitalPassport private _passport;
    DigitalPassport private _hostilePassport;
    address private _owner;

    function setUp() public {
        _world = new World();
        _ledger = _world.ledger();
        _manager = _world.managers()[0];
        _passport = DigitalPassport(_ledger.passports()[0]);
        _hostilePassport = DigitalPassport(_ledger.passports()[6]);
        _owner = _passport.owner();
        vm.warp(_world.time());
    }

    /// @dev Nothing is broken by what may follow: the tests below change one thing of this.
    function test_book_goodEntry_isTaken() external {
        _book(_logOf(_passport, _goodEntry(_passport)));
    }

    function test_book_goodBatch_isTaken() external {
        _book(_batchLog(_goodBatch()));
    }

    function test_checkState_untouched_passes() external view {
        _ledger.checkState(_world.managers(), _world.accounts());
    }

    // ------------------------------------------------------------------------------------------ state of the passport

    function test_invariant01_headWithoutEntry_isSeen() external {
        vm.store(address(_passport), bytes32(uint256(2)), keccak256("another head"));
        _expectBrokenState("INV-01");
    }

    function test_invariant02_lengthWithoutEntry_isSeen() external {
        _addToState(1 << 176);
        _expectBrokenState("INV-02");
    }

    function test_invariant03_timeWithoutEntry_isSeen() external {
        _addToState(1 << 216);
        _expectBrokenState("INV-03");
    }

    function test_invariant06_conditionWithoutEntry_isSeen() external {
        _addToState(1 << 168);
        _expectBrokenState("INV-06");
    }

    function test_invariant08_lockWithoutLocked_isSeen() external {
        vm.store(address(_passport), bytes32(uint256(6)), bytes32(uint256(1)));
        _expectBrokenState("INV-08");
    }

    function test_invariant11_ownerWithoutEntry_isSeen() external {
        _addToState(1);
        _expectBrokenState("INV-11");
    }

    function test_invariant13_offerNumberWithoutEvent_isSeen() external {
        vm.store(address(_passport), bytes32(uint256(4)), bytes32(uint256(1) << 160));
        _expectBrokenState("INV-13");
    }

    // ------------------------------------------------------------------------------ state of managers and the registry

    function test_invariant15_rolesWithoutEvent_isSeen() external {
        IManufacturerManager.Grant memory granted = IManufacturerManager(_manager).grantOf(_owner);
        granted.roles ^= 1;
        vm.mockCall(_manager, abi.encodeCall(IManufacturerManager.grantOf, (_owner)), abi.encode(granted));
        _expectBrokenState("INV-15");
    }

    function test_invariant16_revocationWithoutEvent_isSeen() external {
        IManufacturerManager.Grant memory granted = IManufacturerManager(_manager).grantOf(_owner);
        granted.revokedAt = 1;
        vm.mockCall(_manager, abi.encodeCall(IManufacturerManager.grantOf, (_owner)), abi.encode(granted));
        _expectBrokenState("INV-16");
    }

    function test_invariant17_effectWithoutEvent_isSeen() external {
        IManufacturerManager.EventRule memory rule = IManufacturerManager(_manager).ruleOf("MAINTAINED");
        rule.sets = 0x0100;
        vm.mockCall(_manager, abi.encodeCall(IManufacturerManager.ruleOf, ("MAINTAINED")), abi.encode(rule));
        _expectBrokenState("INV-17");
    }

    function test_invariant18_pauseWithoutEvent_isSeen() external {
        IManufacturerManager.EventRule memory rule = IManufacturerManager(_manager).ruleOf("MAINTAINED");
        rule.pausedUntil = 1;
        vm.mockCall(_manager, abi.encodeCall(IManufacturerManager.ruleOf, ("MAINTAINED")), abi.encode(rule));
        _expectBrokenState("INV-18");
    }

    function test_invariant19_capWithoutEvent_isSeen() external {
        vm.mockCall(_manager, abi.encodeCall(IManufacturerManager.issuingCap, ()), abi.encode(1_000));
        _expectBrokenState("INV-19");
    }

    function test_invariant20_productReassigned_isSeen() external {
        bytes memory call = abi.encodeCall(IPassportRegistry.passportOf, (_passport.productKey()));
        vm.mockCall(address(_world.registry()), call, abi.encode(address(_hostilePassport)));
        _expectBrokenState("INV-20");
    }

    function test_invariant21_namespaceChanged_isSeen() external {
        bytes memory call = abi.encodeCall(IPassportRegistry.namespaceOf, (1));
        vm.mockCall(address(_world.registry()), call, abi.encode("https://another.example/"));
        _expectBrokenState("INV-21");
    }

    function test_invariant22_factoryGone_isSeen() external {
        bytes memory call = abi.encodeCall(IPassportRegistry.factories, ());
        vm.mockCall(address(_world.registry()), call, abi.encode(new address[](0)));
        _expectBrokenState("INV-22");
    }

    function test_invariant22_codeOfFactoryChanged_isSeen() external {
        vm.etch(_world.factory().implementation(), ALWAYS_SUCCEEDS);
        _expectBrokenState("INV-22");
    }

    function test_invariant23_suspensionWithoutEvent_isSeen() external {
        IPassportRegistry.Admission memory admission = _world.registry().admissionOf(_manager);
        admission.suspended = true;
        bytes memory call = abi.encodeCall(IPassportRegistry.admissionOf, (_manager));
        vm.mockCall(address(_world.registry()), call, abi.encode(admission));
        _expectBrokenState("INV-23");
    }

    function test_invariant24_managerOfPassportChanged_isSeen() external {
        bytes memory call = abi.encodeCall(IDigitalPassport.manager, ());
        vm.mockCall(address(_passport), call, abi.encode(_world.managers()[2]));
        _expectBrokenState("INV-24");
    }

    // --------------------------------------------------------------------------------------------- chains of gateways

    function test_invariant25_sequenceWithoutEvent_isSeen() external {
        _storeChain(bytes32(uint256(1)));
        _expectBrokenState("INV-25");
    }

    function test_invariant26_headWithoutEvent_isSeen() external {
        bytes memory call = abi.encodeCall(IReadingsAnchor.chainOf, (_owner));
        vm.mockCall(address(_world.anchor()), call, abi.encode(0, bytes27(DOCUMENT)));
        _expectBrokenState("INV-26");
    }

    function test_invariant28_slotWithoutEvent_isSeen() external {
        _storeChain(bytes32(uint256(1) << 40));
        _expectBrokenState("INV-28");
    }

    function test_invariant25_batchWithoutTheNextNumber_isSeen() external {
        IReadingsAnchor.Batch memory batch = _goodBatch();
        ++batch.sequence;
        _expectBroken("INV-25", _batchLog(batch));
    }

    function test_invariant25_batchOfAnotherSecond_isSeen() external {
        ICheatcodes.Log memory log = _batchLog(_goodBatch());
        vm.warp(block.timestamp + 1);
        _expectBroken("INV-25", log);
    }

    function test_invariant25_batchOfAnotherAnchor_isSeen() external {
        ICheatcodes.Log memory log = _batchLog(_goodBatch());
        log.emitter = address(this);
        _expectBroken("INV-25", log);
    }

    function test_invariant25_batchThatSaysNothing_isSeen() external {
        IReadingsAnchor.Batch memory batch = _goodBatch();
        batch.count = 0;
        _expectBroken("INV-25", _batchLog(batch));
        (batch.count, batch.root) = (1, 0);
        _expectBroken("INV-25", _batchLog(batch));
        (batch.root, batch.document) = (DOCUMENT, 0);
        _expectBroken("INV-25", _batchLog(batch));
        (batch.document, batch.from) = (DOCUMENT, batch.to + 1);
        _expectBroken("INV-25", _batchLog(batch));
    }

    function test_invariant26_batchOfAnotherChain_isSeen() external {
        IReadingsAnchor.Batch memory batch = _goodBatch();
        batch.previousHead = bytes27(DOCUMENT);
        _expectBroken("INV-26", _batchLog(batch));
    }

    function test_invariant27_batchThatNobodySigned_isSeen() external {
        IReadingsAnchor.Batch memory batch = _goodBatch();
        batch.count = 2;
        _expectBroken("INV-27", _batchLog(batch));
    }

    // -------------------------------------------------------------------------------------------- entries of passports

    function test_invariant02_entryOutOfOrder_isSeen() external {
        IDigitalPassport.Entry memory entry = _goodEntry(_passport);
        ++entry.sequence;
        _expectBroken("INV-02", _logOf(_passport, entry));
    }

    function test_invariant03_entryOfAnotherSecond_isSeen() external {
        IDigitalPassport.Entry memory entry = _goodEntry(_passport);
        --entry.recordedAt;
        _expectBroken("INV-03", _logOf(_passport, entry));
    }

    function test_invariant04_entryThatNobodyStated_isSeen() external {
        IDigitalPassport.Entry memory entry = _goodEntry(_passport);
        entry.attester = _world.personAt(1).account;
        _expectBroken("INV-04", _logOf(_passport, entry));
    }

    function test_invariant04_statementRecordedTwice_isSeen() external {
        IDigitalPassport.Entry memory entry = _goodEntry(_passport);
        _book(_logOf(_passport, entry));
        ++entry.sequence;
        _expectBroken("INV-04", _logOf(_passport, entry));
    }

    function test_invariant06_entryThatDoesWhatItsRuleDoesNot_isSeen() external {
        IDigitalPassport.Entry memory entry = _goodEntry(_passport);
        entry.condition |= 0x0100;
        _expectBroken("INV-06", _logOf(_passport, entry));
    }

    function test_invariant07_retirementUndone_isSeen() external {
        IDigitalPassport.Entry memory entry = _goodEntry(_hostilePassport);
        entry.condition |= RETIRED;
        _book(_logOf(_hostilePassport, entry));
        _note(_hostilePassport, entry);
        ++entry.sequence;
        entry.condition ^= RETIRED;
        _expectBroken("INV-07", _logOf(_hostilePassport, entry));
    }

    function test_invariant09_theftReportedBySomebodyElse_isSeen() external {
        IDigitalPassport.Entry memory entry = _goodEntry(_hostilePassport);
        entry.attester = _world.personAt(3).account;
        entry.condition |= STOLEN;
        _note(_hostilePassport, entry);
        _expectBroken("INV-09", _logOf(_hostilePassport, entry));
    }

    function test_invariant10_bitWithoutMeaning_isSeen() external {
        IDigitalPassport.Entry memory entry = _goodEntry(_hostilePassport);
        entry.condition |= 0x20;
        _expectBroken("INV-10", _logOf(_hostilePassport, entry));
    }

    function test_invariant11_ownerChangedByAttestation_isSeen() external {
        IDigitalPassport.Entry memory entry = _goodEntry(_passport);
        entry.owner = _world.personAt(3).account;
        _expectBroken("INV-11", _logOf(_passport, entry));
    }

    function test_invariant12_transferWithoutOffer_isSeen() external {
        IDigitalPassport.Entry memory entry = _goodEntry(_passport);
        entry.eventType = "OWNERSHIP_TRANSFERRED";
        (entry.owner, entry.attester) = (_world.personAt(3).account, _world.personAt(3).account);
        _expectBroken("INV-12", _logOf(_passport, entry));
    }

    function test_invariant12_offerThatTheOwnerDidNotMake_isSeen() external {
        _expectBroken("INV-12", _offerLog(1));
    }

    function test_invariant13_offerWithoutTheNextNumber_isSeen() external {
        _expectBroken("INV-13", _offerLog(2));
    }

    function test_invariant14_lockBySomebodyElse_isSeen() external {
        IDigitalPassport.Entry memory entry = _goodEntry(_passport);
        entry.eventType = "LOCKED";
        entry.attester = _world.personAt(3).account;
        entry.condition |= LOCKED;
        _expectBroken("INV-14", _logOf(_passport, entry));
    }

    function test_invariant15_roleThatTheAttesterDoesNotHold_isSeen() external {
        IDigitalPassport.Entry memory entry = _goodEntry(_passport);
        entry.roles = 1 << 9;
        _expectBroken("INV-15", _logOf(_passport, entry));
    }

    function test_invariant16_entryAfterRevocation_isSeen() external {
        IDigitalPassport.Entry memory entry = _goodEntry(_passport);
        bytes32[] memory topics = new bytes32[](4);
        topics[0] = IManufacturerManager.Revoked.selector;
        (topics[1], topics[3]) = (_topic(entry.attester), _topic(_manager));
        _book(ICheatcodes.Log(topics, "", _manager));
        _expectBroken("INV-16", _logOf(_passport, entry));
    }

    // ------------------------------------------------------------------------------------ events of managers, registry

    function test_invariant17_otherEffect_isSeen() external {
        bytes32[] memory topics = new bytes32[](2);
        (topics[0], topics[1]) = (IManufacturerManager.RuleChanged.selector, "MAINTAINED");
        _expectBroken("INV-17", ICheatcodes.Log(topics, abi.encode(1, 1, 0, 0x0100, 0), _manager));
    }

    function test_invariant18_longPause_isSeen() external {
        _expectBroken("INV-18", _pauseLog("MAINTAINED", block.timestamp + 8 days));
    }

    function test_invariant18_pauseOfTheftReports_isSeen() external {
        _expectBroken("INV-18", _pauseLog("STOLEN", block.timestamp + 1 days));
    }

    function test_invariant18_entryWhilePaused_isSeen() external {
        IDigitalPassport.Entry memory entry = _goodEntry(_passport);
        _book(_pauseLog(entry.eventType, block.timestamp + 1 days));
        _expectBroken("INV-18", _logOf(_passport, entry));
    }

    function test_invariant19_moreThanTheBucket_isSeen() external {
        bytes32[] memory topics = new bytes32[](2);
        topics[0] = IManufacturerManager.PassportsIssued.selector;
        topics[1] = _topic(_world.issuerOf(_manager, 0));
        _book(ICheatcodes.Log(topics, abi.encode(3), _manager));
        _expectBroken("INV-19", ICheatcodes.Log(topics, abi.encode(3), _manager));
    }

    function test_invariant19_limitAboveTheCap_isSeen() external {
        bytes32[] memory topics = new bytes32[](2);
        (topics[0], topics[1]) = (IManufacturerManager.IssuingLimitChanged.selector, _topic(_owner));
        _expectBroken("INV-19", ICheatcodes.Log(topics, abi.encode(100, 0), _manager));
    }

    function test_invariant20_productRegisteredTwice_isSeen() external {
        _expectBroken("INV-20", _registrationLog(_manager, _passport.productId()));
    }

    function test_invariant20_passportElsewhere_isSeen() external {
        _expectBroken("INV-20", _registrationLog(_manager, "https://id.weg.example/new"));
    }

    function test_invariant21_namespaceWithinAnother_isSeen() external {
        bytes32[] memory topics = new bytes32[](2);
        (topics[0], topics[1]) = (IPassportRegistry.ManufacturerAdmitted.selector, bytes32(uint256(4)));
        bytes memory data = abi.encode("https://id.weg.example/part/");
        _expectBroken("INV-21", ICheatcodes.Log(topics, data, address(_world.registry())));
    }

    function test_invariant23_issuingWhileSuspended_isSeen() external {
        bytes32[] memory topics = new bytes32[](3);
        (topics[0], topics[1]) = (IPassportRegistry.IssuingSuspended.selector, _topic(_manager));
        _book(ICheatcodes.Log(topics, "", address(_world.registry())));
        _expectBroken("INV-23", _registrationLog(_manager, "https://id.weg.example/new"));
    }

    function test_invariant24_productOfAnotherBrand_isSeen() external {
        _expectBroken("INV-24", _registrationLog(_manager, "https://bicycles.example/new"));
    }

    // --------------------------------------------------------------------------------------------------------- actions

    function test_invariant05_passportThatTakesSignaturesTwice_isSeen() external {
        AttesterHandler attester = new AttesterHandler(_world);
        SubmitterHandler submitter = new SubmitterHandler(_world);
        for (uint256 how = 0; how < 24; ++how) attester.attestAtAnyPosition(0, 0, how);
        submitter.submitAgain(0, 0, 0);
        vm.assertTrue(submitter.successesOf(submitter.submitAgain.selector) == 1, "there is one to submit again");

        vm.etch(address(_passport), ALWAYS_SUCCEEDS);
        _expectReason("INV-05", address(submitter), abi.encodeCall(SubmitterHandler.submitAgain, (0, 0, 0)));
    }

    function test_invariant24_managerThatObeysTheAttacker_isSeen() external {
        AttackerHandler attacker = new AttackerHandler(_world);
        attacker.administer(0, 0, 3);
        vm.etch(_manager, ALWAYS_SUCCEEDS);
        _expectReason("INV-24", address(attacker), abi.encodeCall(AttackerHandler.administer, (0, 0, 3)));
    }

    // --------------------------------------------------------------------------------------------------------- helpers

    /// @dev The first person has every role: he may maintain, and does so on a passport that nobody has sold.
    function _goodEntry(DigitalPassport passport) private returns (IDigitalPassport.Entry memory entry) {
        entry = IDigitalPassport.Entry({
            sequence: 2,
            eventType: "MAINTAINED",
            attester: _world.personAt(0).account,
            roles: 1 << 6,
            document: DOCUMENT,
            recordedAt: block.timestamp,
            owner: passport.owner(),
            condition: 0x01
        });
        _note(passport, entry);
    }

    /// @dev The first one of the owner, who has signed it.
    function _goodBatch() private returns (IReadingsAnchor.Batch memory batch) {
        (, bytes27 head) = _ledger.chainOf(_owner);
        batch = IReadingsAnchor.Batch(_owner, 1, head, DOCUMENT, 1, 2, 3, DOCUMENT);
        _ledger.noteStatement(batchOf(address(_world.anchor()), batch));
    }

    function _batchLog(IReadingsAnchor.Batch memory batch) private view returns (ICheatcodes.Log memory) {
        bytes32[] memory topics = new bytes32[](4);
        (topics[0], topics[1]) = (IReadingsAnchor.Anchored.selector, _topic(batch.gateway));
        (topics[2], topics[3]) = (bytes32(batch.sequence), batch.document);
        bytes memory data = abi.encode(
            batch.previousHead,
            batch.root,
            batch.count,
            batch.from,
            batch.to,
            block.timestamp
        );
        return ICheatcodes.Log(topics, data, address(_world.anchor()));
    }

    function _storeChain(bytes32 word) private {
        vm.store(address(_world.anchor()), keccak256(abi.encode(_owner, 2)), word);
    }

    function _note(DigitalPassport passport, IDigitalPassport.Entry memory entry) private {
        _ledger.noteStatement(attestationOf(address(passport), entry.attester, entry.eventType, entry.document));
    }

    function _logOf(
        DigitalPassport passport,
        IDigitalPassport.Entry memory entry
    ) private view returns (ICheatcodes.Log memory) {
        bytes32[] memory topics = new bytes32[](4);
        (topics[0], topics[1]) = (IDigitalPassport.Attested.selector, bytes32(entry.sequence));
        (topics[2], topics[3]) = (entry.eventType, _topic(entry.attester));
        uint256 previous = _ledger.historyOf(address(passport)).lastRecordedAt;
        bytes memory data = abi.encode(
            entry.roles,
            entry.document,
            entry.recordedAt,
            previous,
            entry.owner,
            entry.condition
        );
        return ICheatcodes.Log(topics, data, address(passport));
    }

    function _offerLog(uint256 offerNonce) private view returns (ICheatcodes.Log memory) {
        bytes32[] memory topics = new bytes32[](3);
        (topics[0], topics[1]) = (IDigitalPassport.OwnershipOffered.selector, bytes32(offerNonce));
        topics[2] = _topic(_world.personAt(3).account);
        return ICheatcodes.Log(topics, abi.encode(DOCUMENT, block.timestamp), address(_passport));
    }

    function _pauseLog(bytes32 eventType, uint256 until) private view returns (ICheatcodes.Log memory) {
        bytes32[] memory topics = new bytes32[](3);
        (topics[0], topics[1]) = (IManufacturerManager.EventTypePaused.selector, eventType);
        return ICheatcodes.Log(topics, abi.encode(until), _manager);
    }

    function _registrationLog(address manager, string memory productId) private view returns (ICheatcodes.Log memory) {
        bytes32[] memory topics = new bytes32[](4);
        (topics[0], topics[1]) = (IPassportRegistry.PassportRegistered.selector, keccak256(bytes(productId)));
        (topics[2], topics[3]) = (_topic(address(0xdead)), _topic(manager));
        return ICheatcodes.Log(topics, abi.encode(productId), address(_world.registry()));
    }

    function _addToState(uint256 difference) private {
        bytes32 slot = bytes32(uint256(3));
        vm.store(address(_passport), slot, bytes32(uint256(vm.load(address(_passport), slot)) + difference));
    }

    function _book(ICheatcodes.Log memory log) private {
        ICheatcodes.Log[] memory logs = new ICheatcodes.Log[](1);
        logs[0] = log;
        _ledger.book(logs);
    }

    function _expectBroken(string memory number, ICheatcodes.Log memory log) private {
        ICheatcodes.Log[] memory logs = new ICheatcodes.Log[](1);
        logs[0] = log;
        _expectReason(number, address(_ledger), abi.encodeCall(Ledger.book, (logs)));
    }

    function _expectBrokenState(string memory number) private {
        bytes memory call = abi.encodeCall(Ledger.checkState, (_world.managers(), _world.accounts()));
        _expectReason(number, address(_ledger), call);
    }

    /// @dev The reason is an error with one string, which begins with the number of the invariant.
    function _expectReason(string memory number, address target, bytes memory call) private {
        (bool isSuccessful, bytes memory reason) = target.call(call);
        vm.assertFalse(isSuccessful, "nothing was seen");
        bytes memory text = new bytes(6);
        // A selector, the offset and the length of the string come first.
        for (uint256 index = 0; index < 6; ++index) text[index] = reason[68 + index];
        vm.assertEq(string(text), number, "something else was seen");
    }

    function _topic(address account) private pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }
}

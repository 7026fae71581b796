// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDigitalPassport} from "../../contracts/interfaces/IDigitalPassport.sol";
import {IManufacturerManager} from "../../contracts/interfaces/IManufacturerManager.sol";
import {vm, ICheatcodes} from "../support/Vm.sol";
import {PassportLedger} from "./PassportLedger.sol";

/// @dev What the events of the managers add up to: rules, pauses, grants, limits. Says of every entry whether its
/// attester could record it then.
abstract contract ManagerLedger is PassportLedger {
    /// @dev A grant, from its events alone.
    struct Given {
        uint256 roles;
        uint256 validFrom;
        uint256 validUntil;
        uint256 revokedAt;
    }

    /// @dev One call of an issuer: when, and which part of his bucket, in nanoseconds of the hour that refills it.
    struct Withdrawal {
        uint256 time;
        uint256 share;
    }

    uint256 private constant HOUR = 1 hours * 1e9;

    bytes32[5] private _unpausable = [bytes32("STOLEN"), "RECOVERED", "RECALLED", "CORRECTED", "REVOKED"];

    mapping(address manager => mapping(bytes32 eventType => IManufacturerManager.EventRule)) private _rules;
    mapping(address manager => bytes32[]) private _eventTypes;
    mapping(address manager => uint256 roles) private _ownerGrantable;
    /// @dev `passport` zero: for all passports of the manager.
    mapping(address manager => mapping(address passport => mapping(address granter => mapping(address => Given))))
        private _given;
    mapping(address manager => mapping(address attester => uint256 since)) private _compromisedSince;
    mapping(address manager => uint256 perHour) private _cap;
    mapping(address manager => mapping(address issuer => uint256 perHour)) private _perHour;
    mapping(address manager => mapping(address issuer => uint256 time)) private _issuingUntil;
    mapping(address manager => uint256 perHour) private _allotted;
    mapping(address manager => mapping(address issuer => Withdrawal[])) private _withdrawals;

    // --------------------------------------------------------------------------------------------------------- views

    function eventTypesOf(address manager) external view returns (bytes32[] memory) {
        return _eventTypes[manager];
    }

    function ruleOf(address manager, bytes32 eventType) external view returns (IManufacturerManager.EventRule memory) {
        return _rules[manager][eventType];
    }

    function isRevoked(address manager, address attester) external view returns (bool) {
        return _given[manager][address(0)][manager][attester].revokedAt != 0;
    }

    // ------------------------------------------------------------------------------------------------------- booking

    function _bookRule(ICheatcodes.Log calldata log) internal {
        bytes32 eventType = log.topics[1];
        IManufacturerManager.EventRule storage rule = _rules[log.emitter][eventType];
        (uint128 roles, uint16 requires, uint16 forbids, uint16 sets, uint16 clears) = abi.decode(
            log.data,
            (uint128, uint16, uint16, uint16, uint16)
        );
        if (rule.roles == 0) {
            _eventTypes[log.emitter].push(eventType);
            (rule.sets, rule.clears) = (sets, clears);
        }
        vm.assertEq(rule.sets, sets, "INV-17: an event type sets something else than before");
        vm.assertEq(rule.clears, clears, "INV-17: an event type clears something else than before");
        (rule.roles, rule.requires, rule.forbids) = (roles, requires, forbids);
    }

    function _bookPause(ICheatcodes.Log calldata log) internal {
        bytes32 eventType = log.topics[1];
        uint256 until = abi.decode(log.data, (uint256));
        IManufacturerManager.EventRule storage rule = _rules[log.emitter][eventType];
        for (uint256 index = 0; index < _unpausable.length; ++index) {
            vm.assertNotEq(eventType, _unpausable[index], "INV-18: a pause of what cannot be paused");
        }
        vm.assertTrue(until <= block.timestamp + 7 days, "INV-18: a pause of more than 7 days");
        bool isRested = rule.pausedUntil == 0 || block.timestamp >= uint256(rule.pausedUntil) + 7 days;
        vm.assertTrue(isRested, "INV-18: a pause within 7 days of the last one");
        rule.pausedUntil = uint64(until);
    }

    function _bookResumption(ICheatcodes.Log calldata log) internal {
        _rules[log.emitter][log.topics[1]].pausedUntil = uint64(block.timestamp - 1);
    }

    function _bookGrant(ICheatcodes.Log calldata log) internal {
        (uint256 roles, uint256 validFrom, uint256 validUntil) = abi.decode(log.data, (uint256, uint256, uint256));
        Given storage given = _givenOf(log);
        vm.assertEq(given.revokedAt, 0, "INV-16: a grant to somebody who is revoked");
        (given.roles, given.validFrom, given.validUntil) = (roles, validFrom, validUntil);
    }

    function _bookRevocation(ICheatcodes.Log calldata log) internal {
        Given storage given = _givenOf(log);
        vm.assertEq(given.revokedAt, 0, "INV-16: somebody is revoked twice");
        given.revokedAt = block.timestamp;
    }

    function _bookCompromise(ICheatcodes.Log calldata log) internal {
        address attester = _addressOf(log.topics[1]);
        vm.assertEq(_compromisedSince[log.emitter][attester], 0, "INV-16: somebody is compromised twice");
        _compromisedSince[log.emitter][attester] = abi.decode(log.data, (uint256));
    }

    function _bookOwnerGrantable(ICheatcodes.Log calldata log) internal {
        _ownerGrantable[log.emitter] = abi.decode(log.data, (uint256));
    }

    function _bookCap(ICheatcodes.Log calldata log) internal {
        _cap[log.emitter] = abi.decode(log.data, (uint256));
        vm.assertTrue(_allotted[log.emitter] <= _cap[log.emitter], "INV-19: a cap below what issuers may");
    }

    function _bookIssuingLimit(ICheatcodes.Log calldata log) internal {
        address issuer = _addressOf(log.topics[1]);
        (uint256 perHour, uint256 validUntil) = abi.decode(log.data, (uint256, uint256));
        _allotted[log.emitter] = _allotted[log.emitter] - _perHour[log.emitter][issuer] + perHour;
        vm.assertTrue(_allotted[log.emitter] <= _cap[log.emitter], "INV-19: issuers may more than the cap");
        (_perHour[log.emitter][issuer], _issuingUntil[log.emitter][issuer]) = (perHour, validUntil);
    }

    /// @dev In no window that ends now has more gone through than one bucket and what flows back in the window.
    function _bookIssuing(ICheatcodes.Log calldata log) internal {
        address issuer = _addressOf(log.topics[1]);
        uint256 count = abi.decode(log.data, (uint256));
        uint256 perHour = _perHour[log.emitter][issuer];
        vm.assertTrue(perHour >= count, "INV-19: more than the bucket holds");
        vm.assertTrue(block.timestamp <= _issuingUntil[log.emitter][issuer], "INV-19: issued after the last second");

        Withdrawal[] storage withdrawals = _withdrawals[log.emitter][issuer];
        withdrawals.push(Withdrawal({time: block.timestamp, share: (count * HOUR) / perHour}));
        uint256 shares = 0;
        for (uint256 index = withdrawals.length; index > 0; --index) {
            shares += withdrawals[index - 1].share;
            uint256 window = (block.timestamp - withdrawals[index - 1].time) * 1e9;
            vm.assertTrue(shares <= HOUR + window, "INV-19: more than a bucket and what flows back");
        }
    }

    // --------------------------------------------------------------------------------------------------------- rules

    /// @dev A manager without rules is a hostile one, which answers what it likes.
    function _checkRule(
        address manager,
        address passport,
        History storage history,
        IDigitalPassport.Entry memory entry
    ) internal view override {
        if (_eventTypes[manager].length == 0) return;
        IManufacturerManager.EventRule memory rule = _rules[manager][entry.eventType];
        uint256 before = history.condition;
        vm.assertTrue(rule.roles != 0, "INV-06: an event type without a rule");
        vm.assertEq(before & rule.requires, rule.requires, "INV-06: a required condition is missing");
        vm.assertEq(before & rule.forbids, 0, "INV-06: a condition forbids this entry");
        uint256 expected = (before & ~uint256(rule.clears)) | rule.sets;
        vm.assertEq(entry.condition, expected, "INV-06: the condition is not what the rule says");
        vm.assertTrue(block.timestamp > rule.pausedUntil, "INV-18: an entry of a paused event type");

        uint256 held = entry.attester == history.owner ? ROLE_OWNER : 0;
        Given storage forAll = _given[manager][address(0)][manager][entry.attester];
        bool isBare = entry.roles & ~ROLE_OWNER == 0;
        vm.assertTrue(forAll.revokedAt == 0 || isBare, "INV-16: an entry of somebody who is revoked");
        held |= _rolesInForce(forAll);
        held |= _rolesInForce(_given[manager][passport][manager][entry.attester]);
        held |= _rolesInForce(_given[manager][passport][history.owner][entry.attester]) & _ownerGrantable[manager];
        vm.assertTrue(entry.roles != 0, "INV-15: an entry without a role");
        vm.assertEq(entry.roles & ~uint256(rule.roles), 0, "INV-15: a role that the rule does not name");
        vm.assertEq(entry.roles & ~held, 0, "INV-15: a role that the attester does not hold");
    }

    // --------------------------------------------------------------------------------------------------------- state

    function _checkManager(address manager_) internal view {
        IManufacturerManager manager = IManufacturerManager(manager_);
        vm.assertEq(manager.issuingCap(), _cap[manager_], "INV-19: the cap is not that of the events");
        vm.assertEq(manager.issuingAllotted(), _allotted[manager_], "INV-19: not what all issuers may together");
        bytes32[] storage types = _eventTypes[manager_];
        vm.assertEq(manager.eventTypes().length, types.length, "INV-17: not the event types of the events");
        for (uint256 index = 0; index < types.length; ++index) _checkRuleState(manager, types[index]);
    }

    function _checkRuleState(IManufacturerManager manager, bytes32 eventType) private view {
        IManufacturerManager.EventRule memory rule = manager.ruleOf(eventType);
        IManufacturerManager.EventRule memory booked = _rules[address(manager)][eventType];
        vm.assertEq(rule.sets, booked.sets, "INV-17: what a rule sets has changed");
        vm.assertEq(rule.clears, booked.clears, "INV-17: what a rule clears has changed");
        vm.assertEq(rule.pausedUntil, booked.pausedUntil, "INV-18: a pause is not that of the events");
        vm.assertTrue(rule.pausedUntil <= block.timestamp + 7 days, "INV-18: a pause that does not end");
        vm.assertEq(
            keccak256(abi.encode(rule)),
            keccak256(abi.encode(booked)),
            "INV-15: a rule is not that of its events"
        );
    }

    function _checkAttester(address manager, address attester) internal view {
        IManufacturerManager.Grant memory granted = IManufacturerManager(manager).grantOf(attester);
        Given storage given = _given[manager][address(0)][manager][attester];
        vm.assertEq(granted.revokedAt, given.revokedAt, "INV-16: a revocation is not that of the events");
        vm.assertEq(granted.compromisedSince, _compromisedSince[manager][attester], "INV-16: a compromise has changed");
        vm.assertEq(granted.roles, given.roles, "INV-15: the roles are not those of the events");
        vm.assertTrue(granted.revokedAt <= block.timestamp, "INV-16: a revocation in the future");
    }

    // ------------------------------------------------------------------------------------------------------- helpers

    function _givenOf(ICheatcodes.Log calldata log) private view returns (Given storage) {
        return _given[log.emitter][_addressOf(log.topics[2])][_addressOf(log.topics[3])][_addressOf(log.topics[1])];
    }

    function _rolesInForce(Given storage given) private view returns (uint256) {
        bool isInForce =
            given.revokedAt == 0 && block.timestamp >= given.validFrom && block.timestamp <= given.validUntil;
        return isInForce ? given.roles : 0;
    }

    function _addressOf(bytes32 topic) internal pure returns (address) {
        return address(uint160(uint256(topic)));
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Conditions} from "../../../contracts/libraries/Conditions.sol";
import {EventRules} from "../../../contracts/libraries/EventRules.sol";
import {IManufacturerManager} from "../../../contracts/interfaces/IManufacturerManager.sol";
import {vm} from "../../support/Vm.sol";

/// @dev Whether a rule is sound, and what it does. What matters: a sound rule never gives an answer that a passport
/// refuses, so an honest manager cannot make an event type that can never be recorded.
contract EventRulesTest {
    uint256 private constant OWNER = 1 << 127;

    function testFuzz_isSound_anyRule_agreesWithTheRulesBitByBit(
        IManufacturerManager.EventRule calldata rule,
        uint96 definedRoles,
        uint8 definedBrandConditions
    ) external pure {
        _assertAgrees(rule, definedRoles | OWNER, _conditions(definedBrandConditions));
    }

    function testFuzz_isSound_ruleOfDefinedBits_agreesWithTheRulesBitByBit(
        IManufacturerManager.EventRule calldata rule,
        uint96 definedRoles,
        uint8 definedBrandConditions,
        uint8 kind
    ) external pure {
        _assertAgrees(
            _almostSound(rule, definedRoles, definedBrandConditions, kind),
            definedRoles | OWNER,
            _conditions(definedBrandConditions)
        );
    }

    function testFuzz_isSound_soundRule_neverGivesAnAnswerThatAPassportRefuses(
        IManufacturerManager.EventRule memory rule,
        uint96 definedRoles,
        uint8 definedBrandConditions,
        uint8 kind,
        uint16 condition,
        bool isOwner
    ) external pure {
        rule = _almostSound(rule, definedRoles, definedBrandConditions, kind);
        uint256 definedConditions = _conditions(definedBrandConditions);
        if (!EventRules.isSound(rule, definedRoles | OWNER, definedConditions)) return;

        // As an honest manager does: gates first, and the owner's role for the owner only.
        uint256 before = ((condition & definedConditions) | rule.requires) & ~uint256(rule.forbids);
        if (!isOwner && rule.roles == OWNER) return;
        uint256 afterwards = EventRules.conditionAfter(rule, before);
        vm.assertTrue(Conditions.isAllowedChange(before, afterwards, isOwner), "isAllowedChange");
        vm.assertEq(afterwards & ~definedConditions, 0, "only conditions that exist");
    }

    function testFuzz_conditionAfter_anyRule_setsClearsAndLeavesTheRest(
        IManufacturerManager.EventRule calldata rule,
        uint16 condition
    ) external pure {
        uint256 afterwards = EventRules.conditionAfter(rule, condition);
        for (uint256 bit = 0; bit < 256; ++bit) {
            uint256 mask = 1 << bit;
            bool expected = rule.sets & mask != 0 || (condition & mask != 0 && rule.clears & mask == 0);
            vm.assertEq(afterwards & mask != 0, expected, "bit");
        }
        vm.assertEq(EventRules.conditionAfter(rule, afterwards), afterwards, "a second time changes nothing");
    }

    function testFuzz_isSound_eachProblemAlone_isRefused(uint8 definedBrandConditions) external pure {
        uint256 roles = 3 | OWNER;
        uint256 conditions = _conditions(definedBrandConditions);
        vm.assertTrue(EventRules.isSound(_rule(1, 0, 0, 0, 0), roles, conditions), "no effect");
        vm.assertTrue(EventRules.isSound(_rule(1, 1, 8, 8, 0), roles, conditions), "retires");
        vm.assertTrue(EventRules.isSound(_rule(OWNER, 1, 4, 4, 0), roles, conditions), "the owner's report");
        vm.assertTrue(EventRules.isSound(_rule(OWNER, 4, 0, 0, 4), roles, conditions), "the owner's recovery");

        vm.assertFalse(EventRules.isSound(_rule(0, 0, 0, 0, 0), roles, conditions), "nobody may");
        vm.assertFalse(EventRules.isSound(_rule(4, 0, 0, 0, 0), roles, conditions), "undefined role");
        vm.assertFalse(EventRules.isSound(_rule(1, 0x20, 0, 0, 0), roles, conditions), "undefined requirement");
        vm.assertFalse(EventRules.isSound(_rule(1, 0, 0x40, 0, 0), roles, conditions), "undefined gate");
        vm.assertFalse(EventRules.isSound(_rule(1, 0, 0, 0x80, 0), roles, conditions), "sets an undefined bit");
        vm.assertFalse(EventRules.isSound(_rule(1, 0, 0, 0, 0x20), roles, conditions), "clears an undefined bit");
        vm.assertFalse(EventRules.isSound(_rule(1, 1, 1, 0, 0), roles, conditions), "can never happen");
        vm.assertFalse(EventRules.isSound(_rule(OWNER, 0, 0, 4, 4), roles, conditions), "sets and clears");
        vm.assertFalse(EventRules.isSound(_rule(1, 0, 0, 1, 0), roles, conditions), "sets ISSUED");
        vm.assertFalse(EventRules.isSound(_rule(1, 0, 0, 0, 1), roles, conditions), "clears ISSUED");
        vm.assertFalse(EventRules.isSound(_rule(OWNER, 0, 0, 2, 0), roles, conditions), "sets LOCKED");
        vm.assertFalse(EventRules.isSound(_rule(OWNER, 0, 0, 0, 2), roles, conditions), "clears LOCKED");
        vm.assertFalse(EventRules.isSound(_rule(OWNER, 0, 0, 0, 8), roles, conditions), "clears RETIRED");
        vm.assertFalse(EventRules.isSound(_rule(OWNER, 0, 0, 0, 16), roles, conditions), "clears SUPERSEDED");
        vm.assertFalse(EventRules.isSound(_rule(1, 0, 0, 4, 0), roles, conditions), "another sets STOLEN");
        vm.assertFalse(EventRules.isSound(_rule(1 | OWNER, 0, 0, 0, 4), roles, conditions), "others clear STOLEN");
    }

    function _rule(
        uint256 roles,
        uint16 requires,
        uint16 forbids,
        uint16 sets,
        uint16 clears
    ) private pure returns (IManufacturerManager.EventRule memory) {
        return IManufacturerManager.EventRule(uint128(roles), requires, forbids, sets, clears, 0);
    }

    /// @dev Native conditions, and the brand's from 0x0100 on.
    function _conditions(uint8 brand) private pure returns (uint256) {
        return 0x1f | (uint256(brand) << 8);
    }

    /// @dev A random rule is next to never sound. This one keeps to defined bits and rarely contradicts itself.
    function _almostSound(
        IManufacturerManager.EventRule memory rule,
        uint96 definedRoles,
        uint8 definedBrandConditions,
        uint8 kind
    ) private pure returns (IManufacturerManager.EventRule memory) {
        uint16 conditions = uint16(_conditions(definedBrandConditions));
        rule.roles = kind & 1 == 0 ? uint128(OWNER) : uint128((rule.roles & definedRoles) | (rule.roles & OWNER));
        rule.requires &= conditions;
        rule.forbids &= conditions & ~rule.requires;
        rule.sets &= conditions & (kind & 2 == 0 ? 0xfffc : 0xffff);
        rule.clears &= conditions & ~rule.sets & (kind & 4 == 0 ? 0xffe4 : 0xffff);
        if (kind & 8 == 0 && rule.roles != OWNER) (rule.sets, rule.clears) = (rule.sets & 0xfffb, rule.clears & 0xfffb);
        return rule;
    }

    function _assertAgrees(
        IManufacturerManager.EventRule memory rule,
        uint256 definedRoles,
        uint256 definedConditions
    ) private pure {
        bool isSound = rule.roles != 0;
        for (uint256 bit = 0; bit < 128; ++bit) {
            isSound = isSound && (rule.roles & (1 << bit) == 0 || definedRoles & (1 << bit) != 0);
        }
        for (uint256 bit = 0; bit < 16; ++bit) {
            isSound = isSound && _isBitSound(rule, 1 << bit, definedConditions);
        }
        vm.assertEq(EventRules.isSound(rule, definedRoles, definedConditions), isSound, "isSound");
    }

    function _isBitSound(
        IManufacturerManager.EventRule memory rule,
        uint256 mask,
        uint256 definedConditions
    ) private pure returns (bool) {
        bool requires = rule.requires & mask != 0;
        bool forbids = rule.forbids & mask != 0;
        bool sets = rule.sets & mask != 0;
        bool clears = rule.clears & mask != 0;
        if (definedConditions & mask == 0) return !(requires || forbids || sets || clears);
        if ((requires && forbids) || (sets && clears)) return false;
        if (mask == 0x01 || mask == 0x02) return !sets && !clears;
        if (mask == 0x04) return (!sets && !clears) || rule.roles == OWNER;
        if (mask == 0x08 || mask == 0x10) return !clears;
        return true;
    }
}

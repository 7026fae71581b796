// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IManufacturerManager} from "../../contracts/interfaces/IManufacturerManager.sol";
import {Conditions} from "../../contracts/libraries/Conditions.sol";
import {EventRules} from "../../contracts/libraries/EventRules.sol";

/// @dev The rule machine. Nothing is assumed of a manager: `afterwards` is whatever it answered.
contract RulesProof {
    using EventRules for IManufacturerManager.EventRule;

    function check_isAllowedChange_accepted_keepsIssuedAndLocked(
        uint256 before,
        uint256 afterwards,
        bool isOwner
    ) external pure {
        require(Conditions.isAllowedChange(before, afterwards, isOwner));
        assert(before & 0x03 == afterwards & 0x03);
    }

    function check_isAllowedChange_accepted_neverClearsRetiredNorSuperseded(
        uint256 before,
        uint256 afterwards,
        bool isOwner
    ) external pure {
        require(Conditions.isAllowedChange(before, afterwards, isOwner));
        assert(before & 0x18 & afterwards == before & 0x18);
    }

    function check_isAllowedChange_acceptedForAnother_keepsStolen(uint256 before, uint256 afterwards) external pure {
        require(Conditions.isAllowedChange(before, afterwards, false));
        assert(before & 0x04 == afterwards & 0x04);
    }

    function check_isAllowedChange_accepted_leavesNoUndefinedBit(
        uint256 before,
        uint256 afterwards,
        bool isOwner
    ) external pure {
        require(Conditions.isAllowedChange(before, afterwards, isOwner));
        assert(afterwards & ~uint256(0xff1f) == 0);
    }

    /// @dev The check is not stricter than it has to be.
    function check_isAllowedChange_onlyBitsOfTheBrand_isAccepted(
        uint256 before,
        uint256 afterwards,
        bool isOwner
    ) external pure {
        require(before & ~uint256(0xff1f) == 0);
        require((before ^ afterwards) & ~uint256(0xff00) == 0);
        assert(Conditions.isAllowedChange(before, afterwards, isOwner));
    }

    function check_conditionAfter_anyRule_changesWhatTheRuleNames(
        IManufacturerManager.EventRule memory rule,
        uint256 condition
    ) external pure {
        uint256 afterwards = rule.conditionAfter(condition);
        assert(afterwards & rule.sets == rule.sets);
        assert(afterwards & rule.clears & ~uint256(rule.sets) == 0);
        assert((afterwards ^ condition) & ~uint256(rule.sets | rule.clears) == 0);
    }

    /// @dev An honest manager is never refused: it gives ROLE_OWNER to the owner only, and a rule that touches STOLEN is
    /// the owner's alone.
    function check_isSound_soundRule_leadsToAChangeThatThePassportAccepts(
        IManufacturerManager.EventRule memory rule,
        uint256 definedRoles,
        uint256 definedConditions,
        uint256 condition,
        bool isOwner
    ) external pure {
        require(definedConditions & ~uint256(0xff1f) == 0);
        require(condition & ~uint256(0xff1f) == 0);
        require(rule.isSound(definedRoles, definedConditions));
        require(isOwner || rule.roles != EventRules.ROLE_OWNER);
        assert(Conditions.isAllowedChange(condition, rule.conditionAfter(condition), isOwner));
    }

    /// @dev Two bits of an event that a rule both demands and refuses would shut it for ever.
    function check_isSound_soundRule_canBeMet(
        IManufacturerManager.EventRule memory rule,
        uint256 definedRoles,
        uint256 definedConditions
    ) external pure {
        require(rule.isSound(definedRoles, definedConditions));
        uint256 condition = rule.requires;
        assert(condition & rule.requires == rule.requires && condition & rule.forbids == 0 && rule.roles != 0);
    }
}

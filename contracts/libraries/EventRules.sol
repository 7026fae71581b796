// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IManufacturerManager} from "../interfaces/IManufacturerManager.sol";
import {Conditions} from "./Conditions.sol";

/// @title The rule machine
/// @notice Pure functions over an {IManufacturerManager.EventRule}: is the rule sound, and what does it do.
library EventRules {
    /// @notice Role of the current owner; held by owning the product, never granted.
    uint256 internal constant ROLE_OWNER = 1 << 127;

    /// @notice Whether a rule is free of contradictions and does nothing that is the passport's own business.
    /// @param definedRoles Roles that exist, ROLE_OWNER included.
    /// @param definedConditions Condition bits that exist.
    function isSound(
        IManufacturerManager.EventRule memory rule,
        uint256 definedRoles,
        uint256 definedConditions
    ) internal pure returns (bool) {
        uint256 effect = rule.sets | rule.clears;
        bool isDefined =
            rule.roles & ~definedRoles == 0 && (effect | rule.requires | rule.forbids) & ~definedConditions == 0;
        bool isConsistent = rule.roles != 0 && rule.sets & rule.clears == 0 && rule.requires & rule.forbids == 0;
        bool isOwnersAlone = rule.roles == ROLE_OWNER;
        bool isWithinPower =
            effect & Conditions.NATIVE_ONLY == 0 &&
                rule.clears & Conditions.STICKY == 0 &&
                (effect & Conditions.STOLEN == 0 || isOwnersAlone);
        return isDefined && isConsistent && isWithinPower;
    }

    /// @notice Condition after an entry under this rule.
    function conditionAfter(
        IManufacturerManager.EventRule memory rule,
        uint256 condition
    ) internal pure returns (uint256 newCondition) {
        return (condition & ~uint256(rule.clears)) | rule.sets;
    }
}

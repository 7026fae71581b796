// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ManufacturerManager} from "../ManufacturerManager.sol";
import {Conditions} from "../libraries/Conditions.sol";
import {EventRules} from "../libraries/EventRules.sol";

/// @title A second brand
/// @notice A maker of bicycles: proof, and the example of docs/add-a-brand.md, that a brand is a few lines of its own.
/// Its bits mean something else than another brand's; that does not matter, since each passport asks its own manager.
contract SecondBrandManager is ManufacturerManager {
    /// @notice Builds the bicycle and sells it.
    uint96 public constant DEALER = 1 << 0;
    /// @notice Repairs bicycles; an owner may name his own.
    uint96 public constant WORKSHOP = 1 << 1;
    /// @notice A tracker in the frame; granted for single passports only.
    uint96 public constant TRACKER = 1 << 2;

    /// @notice The bicycle is built up and ready to ride.
    uint16 public constant ROADWORTHY = 0x0100;

    uint16 private constant ISSUED = uint16(Conditions.ISSUED);
    uint16 private constant STOLEN = uint16(Conditions.STOLEN);
    uint16 private constant RETIRED = uint16(Conditions.RETIRED);
    uint128 private constant OWNER = uint128(EventRules.ROLE_OWNER);

    /// @notice Everything that makes a brand: roles, conditions, rules.
    /// @param setup What the brand decides.
    constructor(Setup memory setup) ManufacturerManager(setup) {
        _defineRole(DEALER, "DEALER", false);
        _defineRole(WORKSHOP, "WORKSHOP", false);
        _defineRole(TRACKER, "TRACKER", true);
        _defineCondition(ROADWORTHY, "ROADWORTHY");

        // event type; roles, requires, forbids, sets, clears
        _setRule("BUILT_UP", EventRule(DEALER, ISSUED, RETIRED, ROADWORTHY, 0, 0));
        _setRule("TUNED", EventRule(DEALER | WORKSHOP, ISSUED | ROADWORTHY, RETIRED, 0, 0, 0));
        _setRule("CRASHED", EventRule(OWNER | WORKSHOP, ISSUED, RETIRED, 0, ROADWORTHY, 0));
        _setRule("RIDDEN", EventRule(TRACKER, ISSUED, RETIRED, 0, 0, 0));
        _setRule("STOLEN", EventRule(OWNER, ISSUED, STOLEN | RETIRED, STOLEN, 0, 0));
        _setRule("RECOVERED", EventRule(OWNER, ISSUED | STOLEN, 0, 0, STOLEN, 0));
        _setRule("SCRAPPED", EventRule(OWNER | WORKSHOP, ISSUED, RETIRED, RETIRED, ROADWORTHY, 0));

        _setOwnerGrantableRoles(WORKSHOP | TRACKER);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ManufacturerManager} from "./ManufacturerManager.sol";
import {IWEGManager} from "./interfaces/IWEGManager.sol";
import {Conditions} from "./libraries/Conditions.sol";
import {EventRules} from "./libraries/EventRules.sol";

/// @title WEG's rules
/// @notice Specified in {IWEGManager}.
/// @dev The table in docs/rules.md is printed from the deployed contract.
contract WEGManager is ManufacturerManager, IWEGManager {
    /// @notice Makes the product; speaks for the brand.
    uint96 public constant MANUFACTURER = 1 << 0;
    /// @notice Tests quality and conformity.
    uint96 public constant CERTIFIER = 1 << 1;
    /// @notice Sends the product abroad.
    uint96 public constant EXPORTER = 1 << 2;
    /// @notice Moves and stores the product.
    uint96 public constant LOGISTICS = 1 << 3;
    /// @notice Builds the motor into a machine.
    uint96 public constant JOINT_MANUFACTURER = 1 << 4;
    /// @notice Sells the product.
    uint96 public constant RETAILER = 1 << 5;
    /// @notice Installs, maintains and repairs the product.
    uint96 public constant TECHNICIAN = 1 << 6;
    /// @notice Takes the product apart for its materials.
    uint96 public constant RECYCLER = 1 << 7;
    /// @notice Watches the market for a public authority.
    uint96 public constant REGULATOR = 1 << 8;
    /// @notice Holds a key in a plant and sends what its sensors measure; granted for single passports only.
    uint96 public constant GATEWAY = 1 << 9;

    /// @notice The motor is installed and in use.
    uint16 public constant IN_SERVICE = 0x0100;
    /// @notice The motor is called back and not to be used.
    uint16 public constant RECALLED = 0x0200;

    uint16 private constant ISSUED = uint16(Conditions.ISSUED);
    uint16 private constant LOCKED = uint16(Conditions.LOCKED);
    uint16 private constant STOLEN = uint16(Conditions.STOLEN);
    uint16 private constant RETIRED = uint16(Conditions.RETIRED);
    uint16 private constant SUPERSEDED = uint16(Conditions.SUPERSEDED);
    uint16 private constant NOTHING = 0;

    uint128 private constant OWNER = uint128(EventRules.ROLE_OWNER);
    uint128 private constant ANYBODY =
        OWNER |
            MANUFACTURER |
            CERTIFIER |
            EXPORTER |
            LOGISTICS |
            JOINT_MANUFACTURER |
            RETAILER |
            TECHNICIAN |
            RECYCLER |
            REGULATOR |
            GATEWAY;

    bytes32[] private _productLines;
    mapping(bytes32 productLine => bool) private _isProductLine;
    mapping(bytes32 productLine => MaintenancePolicy) private _policies;

    /// @notice Defines WEG's roles, conditions, rules and maintenance policies.
    /// @param setup What WEG decides.
    constructor(Setup memory setup) ManufacturerManager(setup) {
        _defineRoles();
        _defineCondition(IN_SERVICE, "IN_SERVICE");
        _defineCondition(RECALLED, "RECALLED");
        _makeRules();
        _setOwnerGrantableRoles(TECHNICIAN | GATEWAY);
        _setMaintenancePolicies();
    }

    /// @inheritdoc IWEGManager
    function setMaintenancePolicy(
        bytes32 productLine,
        MaintenancePolicy calldata policy
    ) external override onlyRole(DEFAULT_ADMIN_ROLE) {
        _setMaintenancePolicy(productLine, policy);
    }

    /// @inheritdoc IWEGManager
    function maintenancePolicyOf(bytes32 productLine) external view override returns (MaintenancePolicy memory) {
        return _policies[productLine];
    }

    /// @inheritdoc IWEGManager
    function productLines() external view override returns (bytes32[] memory) {
        return _productLines;
    }

    function _defineRoles() private {
        _defineRole(MANUFACTURER, "MANUFACTURER", false);
        _defineRole(CERTIFIER, "CERTIFIER", false);
        _defineRole(EXPORTER, "EXPORTER", false);
        _defineRole(LOGISTICS, "LOGISTICS", false);
        _defineRole(JOINT_MANUFACTURER, "JOINT_MANUFACTURER", false);
        _defineRole(RETAILER, "RETAILER", false);
        _defineRole(TECHNICIAN, "TECHNICIAN", false);
        _defineRole(RECYCLER, "RECYCLER", false);
        _defineRole(REGULATOR, "REGULATOR", false);
        _defineRole(GATEWAY, "GATEWAY", true);
    }

    /// @dev The columns: event type; who may; which conditions forbid it; what it sets; what it clears.
    function _makeRules() private {
        uint128 movers = MANUFACTURER | EXPORTER | LOGISTICS | JOINT_MANUFACTURER | RETAILER;
        uint128 assemblers = MANUFACTURER | JOINT_MANUFACTURER | TECHNICIAN;
        uint128 servicers = MANUFACTURER | TECHNICIAN;

        _rule("QUALITY_TESTED", MANUFACTURER | CERTIFIER, RETIRED, NOTHING, NOTHING);
        _rule("COMPONENT_INSTALLED", assemblers, RETIRED, NOTHING, NOTHING);
        _rule("COMPONENT_REMOVED", assemblers, RETIRED, NOTHING, NOTHING);
        _rule("SHIPPED", movers, NOTHING, NOTHING, NOTHING);
        _rule("RECEIVED", movers, NOTHING, NOTHING, NOTHING);
        _rule("COMMISSIONED", JOINT_MANUFACTURER | TECHNICIAN, RETIRED | IN_SERVICE | RECALLED, IN_SERVICE, NOTHING);
        _rule("MAINTAINED", servicers, RETIRED, NOTHING, NOTHING);
        _rule("REPAIRED", servicers, RETIRED, NOTHING, NOTHING);
        _rule("PART_REPLACED", servicers, RETIRED, NOTHING, NOTHING);
        _rule("INSPECTED", servicers | CERTIFIER | REGULATOR, NOTHING, NOTHING, NOTHING);
        _rule("GATEWAY_PAIRED", servicers | OWNER, RETIRED, NOTHING, NOTHING);
        _rule("GATEWAY_UNPAIRED", servicers | OWNER, RETIRED, NOTHING, NOTHING);
        _rule("READINGS", GATEWAY, RETIRED, NOTHING, NOTHING);
        _rule("RECALLED", MANUFACTURER | REGULATOR, RETIRED, RECALLED, NOTHING);
        _rule("RECALL_CLOSED", servicers | REGULATOR, RECALLED, NOTHING, NOTHING, RECALLED);
        _rule("STOLEN", OWNER, STOLEN | RETIRED, STOLEN, NOTHING);
        _rule("RECOVERED", OWNER, STOLEN, NOTHING, NOTHING, STOLEN);
        _rule("DECOMMISSIONED", OWNER | RECYCLER, RETIRED | LOCKED, RETIRED, IN_SERVICE);
        _rule("RECYCLED", RECYCLER, RETIRED, NOTHING, NOTHING, NOTHING);
        _rule("SUPERSEDED", OWNER, LOCKED | STOLEN | SUPERSEDED, SUPERSEDED, NOTHING);
        _rule("CORRECTED", ANYBODY, NOTHING, NOTHING, NOTHING);
        _rule("REVOKED", ANYBODY, NOTHING, NOTHING, NOTHING);
    }

    /// @dev A rule that requires nothing but an issued passport.
    function _rule(bytes32 eventType, uint128 roles, uint16 forbids, uint16 sets, uint16 clears) private {
        _rule(eventType, roles, NOTHING, forbids, sets, clears);
    }

    /// @dev A rule that requires a condition besides.
    function _rule(
        bytes32 eventType,
        uint128 roles,
        uint16 requires,
        uint16 forbids,
        uint16 sets,
        uint16 clears
    ) private {
        _setRule(
            eventType,
            EventRule({
                roles: roles,
                requires: ISSUED | requires,
                forbids: forbids,
                sets: sets,
                clears: clears,
                pausedUntil: 0
            })
        );
    }

    /// @dev Sample policies for the frames of the demonstration; the administrator sets the real ones.
    function _setMaintenancePolicies() private {
        _setMaintenancePolicy(
            "W22",
            MaintenancePolicy({
                inspectionIntervalHours: 4_000,
                regreaseIntervalHours: 20_000,
                bearingReplacementHours: 40_000,
                maxWindingTemperature: 155,
                maxBearingTemperature: 110,
                maxVibration: 2_800
            })
        );
    }

    function _setMaintenancePolicy(bytes32 productLine, MaintenancePolicy memory policy) private {
        if (productLine == bytes32(0)) revert WEGManagerProductLineZero();
        if (!_isProductLine[productLine]) {
            _isProductLine[productLine] = true;
            _productLines.push(productLine);
        }
        _policies[productLine] = policy;

        emit MaintenancePolicyChanged(productLine, policy);
    }
}

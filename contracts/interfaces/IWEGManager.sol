// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IManufacturerManager} from "./IManufacturerManager.sol";

/// @title WEG's rules
/// @notice The rule table of an electric motor's life, and how the motors of each product line want to be maintained.
interface IWEGManager is IManufacturerManager {
    /// @notice Maintenance policy of a product line; one storage slot. Zero: not specified.
    /// @param inspectionIntervalHours Running hours between inspections.
    /// @param regreaseIntervalHours Running hours between lubrications at 70 degrees Celsius bearing temperature and
    /// horizontal mounting; halves per 15 degrees above, and for vertical mounting.
    /// @param bearingReplacementHours Running hours after which bearings are replaced.
    /// @param maxWindingTemperature Highest winding temperature in degrees Celsius.
    /// @param maxBearingTemperature Highest bearing temperature in degrees Celsius.
    /// @param maxVibration Highest vibration velocity in micrometres per second, r.m.s. (ISO 20816 zone boundary B/C).
    struct MaintenancePolicy {
        uint32 inspectionIntervalHours;
        uint32 regreaseIntervalHours;
        uint32 bearingReplacementHours;
        uint16 maxWindingTemperature;
        uint16 maxBearingTemperature;
        uint32 maxVibration;
    }

    /// @notice Emitted when the policy of a product line is made or changed.
    event MaintenancePolicyChanged(bytes32 indexed productLine, MaintenancePolicy policy);

    /// @notice Thrown when a product line has no name.
    error WEGManagerProductLineZero();

    /// @notice Sets the maintenance policy of a product line. Only the administrator.
    /// @param productLine ASCII name, left-aligned, as the MANUFACTURED document names it: "W22".
    function setMaintenancePolicy(bytes32 productLine, MaintenancePolicy calldata policy) external;

    /// @notice Maintenance policy of a product line; zeros without one.
    function maintenancePolicyOf(bytes32 productLine) external view returns (MaintenancePolicy memory);

    /// @notice All product lines that have a policy.
    function productLines() external view returns (bytes32[] memory);
}

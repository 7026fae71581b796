// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Event types that the suite itself knows
/// @notice An event type is an ASCII name, left-aligned in 32 bytes, readable in an explorer.
library EventTypes {
    /// @notice First entry of every passport; native.
    bytes32 internal constant MANUFACTURED = "MANUFACTURED";
    /// @notice The product has a new owner; native.
    bytes32 internal constant OWNERSHIP_TRANSFERRED = "OWNERSHIP_TRANSFERRED";
    /// @notice The passport is locked for a sale; native.
    bytes32 internal constant LOCKED = "LOCKED";
    /// @notice The lock has ended without a sale; native.
    bytes32 internal constant RELEASED = "RELEASED";

    /// @notice The owner reports the product stolen; never paused.
    bytes32 internal constant STOLEN = "STOLEN";
    /// @notice The owner has the product again; never paused.
    bytes32 internal constant RECOVERED = "RECOVERED";
    /// @notice The product is recalled; never paused.
    bytes32 internal constant RECALLED = "RECALLED";
    /// @notice An earlier entry is corrected; never paused.
    bytes32 internal constant CORRECTED = "CORRECTED";
    /// @notice An earlier entry is withdrawn; never paused.
    bytes32 internal constant REVOKED = "REVOKED";

    /// @notice Whether only the passport itself records entries of this type.
    function isNative(bytes32 eventType) internal pure returns (bool) {
        return
            eventType == MANUFACTURED ||
            eventType == OWNERSHIP_TRANSFERRED ||
            eventType == LOCKED ||
            eventType == RELEASED;
    }

    /// @notice Whether a guardian may pause entries of this type.
    function isPausable(bytes32 eventType) internal pure returns (bool) {
        return
            eventType != STOLEN &&
            eventType != RECOVERED &&
            eventType != RECALLED &&
            eventType != CORRECTED &&
            eventType != REVOKED;
    }

    /// @notice Whether this is a name: one or more of A-Z, 0-9 and _, beginning with a letter, then zeros only.
    function isWellFormed(bytes32 eventType) internal pure returns (bool) {
        uint256 length = 0;
        while (length < 32 && _isNameCharacter(eventType[length], length == 0)) ++length;
        // A shift by 256 gives zero: a name of 32 characters has nothing behind it.
        return length != 0 && eventType << (8 * length) == 0;
    }

    function _isNameCharacter(bytes1 character, bool isFirst) private pure returns (bool) {
        if (character >= "A" && character <= "Z") return true;
        return !isFirst && ((character >= "0" && character <= "9") || character == "_");
    }
}

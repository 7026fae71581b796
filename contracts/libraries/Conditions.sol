// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title The condition of a product
/// @notice A set of bits. Bits 0 to 7 belong to the passport, bits 8 to 15 to the brand.
library Conditions {
    /// @notice The passport is issued.
    uint256 internal constant ISSUED = 0x01;
    /// @notice The passport is locked for a sale.
    uint256 internal constant LOCKED = 0x02;
    /// @notice The owner reports the product stolen.
    uint256 internal constant STOLEN = 0x04;
    /// @notice The product is out of use for good.
    uint256 internal constant RETIRED = 0x08;
    /// @notice Another passport continues this one.
    uint256 internal constant SUPERSEDED = 0x10;

    /// @notice Bits that only the passport itself changes.
    uint256 internal constant NATIVE_ONLY = ISSUED | LOCKED;
    /// @notice Bits that never go away.
    uint256 internal constant STICKY = RETIRED | SUPERSEDED;
    /// @notice Bits of the passport that have a meaning.
    uint256 internal constant NATIVE = ISSUED | LOCKED | STOLEN | RETIRED | SUPERSEDED;
    /// @notice Bits that a brand may define.
    uint256 internal constant BRAND = 0xff00;

    /// @notice Name of a bit that belongs to the passport; zero for others.
    function nameOf(uint256 bit) internal pure returns (bytes32) {
        if (bit == ISSUED) return "ISSUED";
        if (bit == LOCKED) return "LOCKED";
        if (bit == STOLEN) return "STOLEN";
        if (bit == RETIRED) return "RETIRED";
        if (bit == SUPERSEDED) return "SUPERSEDED";
        return 0;
    }

    /// @notice Whether a bit of the passport has this name, which no bit of a brand may have.
    function isNativeName(bytes32 name) internal pure returns (bool) {
        for (uint256 bit = ISSUED; bit <= SUPERSEDED; bit <<= 1) {
            if (nameOf(bit) == name) return true;
        }
        return false;
    }

    /// @notice Whether an entry that asked the manager may lead from one condition to the other. This is what a passport
    /// enforces whatever a manager answers.
    /// @param isOwner Whether the attester of the entry is the owner.
    function isAllowedChange(uint256 before, uint256 afterwards, bool isOwner) internal pure returns (bool) {
        uint256 changed = before ^ afterwards;
        uint256 cleared = before & ~afterwards;
        return
            changed & NATIVE_ONLY == 0 &&
            cleared & STICKY == 0 &&
            (isOwner || changed & STOLEN == 0) &&
            afterwards & ~(NATIVE | BRAND) == 0;
    }
}

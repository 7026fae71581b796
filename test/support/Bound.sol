// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Folds any number into `[min, max]`, a range smaller than all numbers.
function bound(uint256 value, uint256 min, uint256 max) pure returns (uint256) {
    if (value >= min && value <= max) return value;
    return min + (value % (max - min + 1));
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Owner, condition, number of entries and time of the last one, in the slot that every entry writes.
/// @dev Bits 0 to 159 owner, 160 to 175 condition, 176 to 215 entry count, 216 to 255 time of the last entry: what the
/// compiler would make of a struct of these four, but read and written at once. Zero: not issued.
type PassportState is uint256;

using {owner, condition, entryCount, lastRecordedAt} for PassportState global;

/// @notice The four parts in one word.
/// @dev The casts are safe: an address has 160 bits and a condition 16 (Conditions.isAllowedChange), 2**40 entries cannot
/// be paid for, and 40 bits of seconds last for 34,000 years.
/// @param owner_ Current owner.
/// @param condition_ Condition bits.
/// @param entryCount_ Number of entries.
/// @param lastRecordedAt_ Chain time of the last entry, Unix seconds.
function packState(
    address owner_,
    uint256 condition_,
    uint256 entryCount_,
    uint256 lastRecordedAt_
) pure returns (PassportState) {
    return PassportState.wrap(uint160(owner_) | (condition_ << 160) | (entryCount_ << 176) | (lastRecordedAt_ << 216));
}

/// @notice Current owner.
function owner(PassportState state) pure returns (address) {
    return address(uint160(PassportState.unwrap(state)));
}

/// @notice Condition bits.
function condition(PassportState state) pure returns (uint256) {
    return uint16(PassportState.unwrap(state) >> 160);
}

/// @notice Number of entries.
function entryCount(PassportState state) pure returns (uint256) {
    return uint40(PassportState.unwrap(state) >> 176);
}

/// @notice Chain time of the last entry, Unix seconds.
function lastRecordedAt(PassportState state) pure returns (uint256) {
    return uint40(PassportState.unwrap(state) >> 216);
}

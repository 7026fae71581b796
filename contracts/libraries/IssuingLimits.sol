// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IManufacturerManager} from "../interfaces/IManufacturerManager.sol";

/// @title Refilling buckets
/// @notice What a stolen issuing key can mint is bounded: a bucket of `perHour` passports that refills within an hour.
/// @dev One packed slot a bucket, each with a size of its own, see docs/decisions/0004-issuing-limits.md. `used` counts
/// in 1/3600 of a passport, so that the refill in a second is exactly `perHour`.
library IssuingLimits {
    uint256 private constant SCALE = 1 hours;

    /// @notice Passports that can be taken out now.
    function available(IManufacturerManager.IssuingLimit memory limit) internal view returns (uint256) {
        if (block.timestamp > limit.validUntil) return 0;
        uint256 capacity = limit.perHour * SCALE;
        uint256 used = _usedNow(limit);
        return used >= capacity ? 0 : (capacity - used) / SCALE;
    }

    /// @notice Takes passports out; the caller has checked that they are available.
    function consume(IManufacturerManager.IssuingLimit storage limit, uint256 count) internal {
        // Both casts are safe: after a checked `available`, used is at most perHour * 3600 < 2**44; a time fits 40 bits.
        (limit.used, limit.updatedAt) = (uint64(_usedNow(limit) + count * SCALE), uint40(block.timestamp));
    }

    /// @notice Changes size and validity; what was used stays used.
    function configure(IManufacturerManager.IssuingLimit storage limit, uint32 perHour, uint40 validUntil) internal {
        (limit.used, limit.updatedAt) = (uint64(_usedNow(limit)), uint40(block.timestamp));
        (limit.perHour, limit.validUntil) = (perHour, validUntil);
    }

    function _usedNow(IManufacturerManager.IssuingLimit memory limit) private view returns (uint256) {
        uint256 refilled = (block.timestamp - limit.updatedAt) * limit.perHour;
        return refilled >= limit.used ? 0 : limit.used - refilled;
    }
}

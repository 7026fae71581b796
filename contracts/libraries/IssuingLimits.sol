// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IManufacturerManager} from "../interfaces/IManufacturerManager.sol";

/// @title Refilling buckets
/// @notice What a stolen issuing key can mint is bounded: a bucket of `perHour` passports that refills within an hour.
/// @dev One packed slot a bucket, each with a size of its own, see docs/decisions/0004-issuing-limits.md. A bucket is
/// kept as the one moment at which it will be full again; every passport taken out puts that moment off, and it may
/// never be more than an hour away.
library IssuingLimits {
    /// @dev Moments are in nanoseconds. Rounding down gains an issuer less than one for each passport, which up to 1.8
    /// million passports an hour is never a whole passport in the hour.
    uint256 private constant SECOND = 1e9;
    uint256 private constant HOUR = 3600 * SECOND;

    /// @notice Takes passports out of a bucket, unless it holds fewer or has expired.
    /// @return isConsumed Whether they were taken out.
    function tryConsume(
        IManufacturerManager.IssuingLimit storage limit,
        uint256 count
    ) internal returns (bool isConsumed) {
        IManufacturerManager.IssuingLimit memory current = limit;
        if (block.timestamp > current.validUntil || count > current.perHour) return false;

        uint256 present = block.timestamp * SECOND;
        // The divisor is not zero: count <= perHour, and nobody gets by with a count of zero.
        uint256 fullAt = Math.max(current.fullAt, present) + (count * HOUR) / current.perHour;
        if (fullAt > present + HOUR) return false;

        // The cast is safe: 2**96 nanoseconds last for 2.5 trillion years.
        limit.fullAt = uint96(fullAt);
        return true;
    }

    /// @notice Passports that can be taken out now.
    function available(IManufacturerManager.IssuingLimit memory limit) internal view returns (uint256) {
        if (block.timestamp > limit.validUntil) return 0;
        uint256 untilFull = Math.saturatingSub(limit.fullAt, block.timestamp * SECOND);
        return Math.saturatingSub(limit.perHour, Math.ceilDiv(untilFull * limit.perHour, HOUR));
    }
}

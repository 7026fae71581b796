// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IManufacturerManager} from "../../../contracts/interfaces/IManufacturerManager.sol";
import {IssuingLimits} from "../../../contracts/libraries/IssuingLimits.sol";
import {bound} from "../../support/Bound.sol";
import {vm} from "../../support/Vm.sol";

/// @notice Plays any sequence of takings, waits and changes, and adds up afterwards what went through.
contract IssuingLimitsTest {
    using IssuingLimits for IManufacturerManager.IssuingLimit;

    uint256 private constant START = 1_800_000_000;
    uint256 private constant HOUR = 3600;

    /// @dev Up to this size, rounding never gains an issuer a passport.
    uint256 private constant LARGEST_EXACT = 1_800_000;

    /// @dev What happened, as the test itself noted it down.
    struct Step {
        uint256 time;
        uint256 taken;
        uint256 perHour;
    }

    IManufacturerManager.IssuingLimit private _limit;
    Step[] private _steps;

    function setUp() public {
        vm.warp(START);
    }

    // --------------------------------------------------------------------------------------------------- single steps

    function test_available_nothingTaken_isTheWholeBucket() public {
        _configure(10);
        vm.assertEq(_limit.available(), 10, "full");
    }

    function test_available_timePasses_refillsOneAtATime() public {
        _configure(10);
        vm.assertTrue(_limit.tryConsume(10), "all at once");
        vm.assertEq(_limit.available(), 0, "empty");
        vm.warp(START + 359);
        vm.assertEq(_limit.available(), 0, "a tenth of an hour is not over");
        vm.warp(START + 360);
        vm.assertEq(_limit.available(), 1, "a tenth of an hour");
        vm.warp(START + HOUR - 1);
        vm.assertEq(_limit.available(), 9, "an hour is not over");
        vm.warp(START + HOUR);
        vm.assertEq(_limit.available(), 10, "an hour");
        vm.warp(START + 1000 * HOUR);
        vm.assertEq(_limit.available(), 10, "never more than the bucket");
    }

    function test_tryConsume_afterTheLastSecond_takesNothing() public {
        _configure(10);
        _limit.validUntil = uint40(START + 5);
        vm.warp(START + 5);
        vm.assertEq(_limit.available(), 10, "last second");
        vm.assertTrue(_limit.tryConsume(1), "last second");
        vm.warp(START + 6);
        vm.assertEq(_limit.available(), 0, "one second later");
        vm.assertFalse(_limit.tryConsume(1), "one second later");
    }

    function test_available_sizeChanges_givesNothingBack() public {
        _configure(10);
        vm.assertTrue(_limit.tryConsume(5), "half of it");
        _configure(100);
        vm.assertEq(_limit.available(), 50, "half of a larger one");
        _configure(1);
        vm.assertEq(_limit.available(), 0, "less than half of a smaller one");
        _configure(0);
        vm.assertEq(_limit.available(), 0, "no bucket");
        vm.assertFalse(_limit.tryConsume(1), "no bucket");
        _configure(10);
        vm.assertEq(_limit.available(), 5, "as before");
    }

    function test_tryConsume_largestBucket_neitherOverflowsNorWraps() public {
        _configure(type(uint32).max);
        vm.assertFalse(_limit.tryConsume(type(uint256).max), "more than any bucket");
        vm.assertFalse(_limit.tryConsume(uint256(type(uint32).max) + 1), "one more than the bucket");
        vm.assertTrue(_limit.tryConsume(type(uint32).max), "the whole bucket");
        vm.assertEq(_limit.available(), 0, "empty");
    }

    /// @dev A bucket that is emptied passport by passport holds exactly as many as one that is emptied at once.
    function testFuzz_tryConsume_onePassportAtATime_takesExactlyTheBucket(uint256 perHour, uint256 share) public {
        perHour = bound(perHour, 1, LARGEST_EXACT);
        _configure(uint32(perHour));
        uint256 atOnce = perHour <= 50 ? 0 : bound(share, perHour - 50, perHour);
        if (atOnce != 0) vm.assertTrue(_limit.tryConsume(atOnce), "most of it");
        for (uint256 taken = atOnce; taken < perHour; ++taken) vm.assertTrue(_limit.tryConsume(1), "one of the bucket");
        vm.assertFalse(_limit.tryConsume(1), "one more than the bucket");
    }

    // ------------------------------------------------------------------------------------------------- any sequence

    /// @dev The promise: in any window, however chosen, no more goes through than a full bucket and what flows back.
    function testFuzz_tryConsume_anySequence_neverExceedsBucketAndRefillInAnyWindow(
        uint32 perHour,
        uint256[12] memory seeds
    ) public {
        perHour = uint32(bound(perHour, 0, LARGEST_EXACT));
        _configure(perHour);
        for (uint256 index = 0; index < seeds.length; ++index) _play(seeds[index], perHour);

        for (uint256 first = 0; first < _steps.length; ++first) {
            uint256 taken = 0;
            for (uint256 last = first; last < _steps.length; ++last) {
                taken += _steps[last].taken;
                uint256 refill = perHour * (_steps[last].time - _steps[first].time);
                vm.assertTrue(taken * HOUR <= perHour * HOUR + refill, "more than bucket and refill");
            }
        }
    }

    /// @dev The same while the administrator changes the size: each taking counts as the share that it is of the bucket
    /// of its time, and in any window no more than one whole and one an hour goes through.
    function testFuzz_tryConsume_sizeChanges_neverExceedsOneBucketAndItsRefillInAnyWindow(
        uint256[12] memory seeds
    ) public {
        for (uint256 index = 0; index < seeds.length; ++index) {
            uint32 perHour = uint32(bound(seeds[index] >> 128, 1, 2000));
            _configure(perHour);
            _play(seeds[index], perHour);
        }

        for (uint256 first = 0; first < _steps.length; ++first) {
            uint256 shares = 0;
            for (uint256 last = first; last < _steps.length; ++last) {
                shares += (_steps[last].taken * HOUR * 1e9) / _steps[last].perHour;
                uint256 window = _steps[last].time - _steps[first].time;
                vm.assertTrue(shares <= (HOUR + window) * 1e9, "more than bucket and refill");
            }
        }
    }

    /// @dev And no less: an issuer gets back what flows back, to the second.
    function testFuzz_available_anySequence_isExactlyWhatIsNotUsed(uint32 perHour, uint256[12] memory seeds) public {
        perHour = uint32(bound(perHour, 0, LARGEST_EXACT));
        _configure(perHour);
        uint256 used = 0;
        uint256 before = block.timestamp;
        for (uint256 index = 0; index < seeds.length; ++index) {
            _play(seeds[index], perHour);
            Step memory step = _steps[index];
            uint256 refill = perHour * (step.time - before);
            used = (used > refill ? used - refill : 0) + step.taken * HOUR;
            before = step.time;
            vm.assertEq(_limit.available(), (perHour * HOUR - used) / HOUR, "not what is left");
        }
        vm.warp(block.timestamp + HOUR);
        vm.assertEq(_limit.available(), perHour, "full after an hour of rest");
    }

    /// @dev Sets the size as the manager does.
    function _configure(uint32 perHour) private {
        (_limit.perHour, _limit.validUntil) = (perHour, type(uint40).max);
    }

    /// @dev Waits up to two hours, or not at all, and takes something between nothing and everything, but not more.
    function _play(uint256 seed, uint256 perHour) private {
        if (seed % 4 != 0) vm.warp(block.timestamp + ((seed >> 8) % (2 * HOUR)));
        uint256 available = _limit.available();
        vm.assertTrue(available <= perHour, "more than the bucket");
        vm.assertFalse(_limit.tryConsume(available + 1), "took more than there is");
        vm.assertEq(_limit.available(), available, "a refusal costs nothing");
        uint256 taken = (seed >> 64) % 3 == 0 ? available : bound(seed >> 32, 0, available);
        if (taken != 0) vm.assertTrue(_limit.tryConsume(taken), "refused what there is");
        vm.assertEq(_limit.available(), available - taken, "took something else");
        _steps.push(Step({time: block.timestamp, taken: taken, perHour: perHour}));
    }
}

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
    uint40 private constant NO_END = type(uint40).max;

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
        _limit.configure(10, NO_END);
        vm.assertEq(_limit.available(), 10, "full");
    }

    function test_available_timePasses_refillsOneAtATime() public {
        _limit.configure(10, NO_END);
        _limit.consume(10);
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

    function test_available_afterTheLastSecond_isNothing() public {
        _limit.configure(10, uint40(START + 5));
        vm.warp(START + 5);
        vm.assertEq(_limit.available(), 10, "last second");
        vm.warp(START + 6);
        vm.assertEq(_limit.available(), 0, "one second later");
    }

    function test_configure_anyChange_givesNothingBack() public {
        _limit.configure(10, NO_END);
        _limit.consume(10);
        _limit.configure(10, NO_END);
        vm.assertEq(_limit.available(), 0, "the same again");
        _limit.configure(15, NO_END);
        vm.assertEq(_limit.available(), 5, "only what the bucket has grown");
        _limit.configure(0, NO_END);
        vm.warp(START + 100 * HOUR);
        vm.assertEq(_limit.available(), 0, "no bucket");
        _limit.configure(10, NO_END);
        vm.assertEq(_limit.available(), 0, "nothing flowed back while there was no bucket");
    }

    // ------------------------------------------------------------------------------------------------- any sequence

    /// @dev The promise: in any window, however chosen, no more goes through than a full bucket and what flows back.
    function testFuzz_consume_anySequence_neverExceedsBucketAndRefillInAnyWindow(
        uint32 perHour,
        uint256[12] memory seeds
    ) public {
        _limit.configure(perHour, NO_END);
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

    /// @dev The same while the administrator changes the size: the largest bucket, and what flowed back at each size.
    function testFuzz_consume_sizeChanges_neverExceedsLargestBucketAndRefillInAnyWindow(
        uint256[12] memory seeds
    ) public {
        for (uint256 index = 0; index < seeds.length; ++index) {
            uint32 perHour = uint32(bound(seeds[index] >> 128, 0, 2000));
            _limit.configure(perHour, NO_END);
            _play(seeds[index], perHour);
        }

        for (uint256 first = 0; first < _steps.length; ++first) {
            (uint256 taken, uint256 refill, uint256 largest) = (0, 0, 0);
            for (uint256 last = first; last < _steps.length; ++last) {
                Step memory step = _steps[last];
                // The size changes before the wait that leads to a step.
                if (last > first) refill += step.perHour * (step.time - _steps[last - 1].time);
                if (step.perHour > largest) largest = step.perHour;
                taken += step.taken;
                vm.assertTrue(taken * HOUR <= largest * HOUR + refill, "more than bucket and refill");
            }
        }
    }

    /// @dev And no less: an issuer gets back what flows back, to the second.
    function testFuzz_available_anySequence_isExactlyWhatIsNotUsed(uint32 perHour, uint256[12] memory seeds) public {
        _limit.configure(perHour, NO_END);
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

    /// @dev Waits up to two hours, or not at all, and takes something between nothing and everything.
    function _play(uint256 seed, uint256 perHour) private {
        if (seed % 4 != 0) vm.warp(block.timestamp + ((seed >> 8) % (2 * HOUR)));
        uint256 available = _limit.available();
        vm.assertTrue(available <= perHour, "more than the bucket");
        uint256 taken = (seed >> 64) % 3 == 0 ? available : bound(seed >> 32, 0, available);
        _limit.consume(taken);
        vm.assertEq(_limit.available(), available - taken, "took something else");
        _steps.push(Step({time: block.timestamp, taken: taken, perHour: perHour}));
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {bound} from "../../support/Bound.sol";
import {World} from "../World.sol";
import {Handler} from "./Handler.sol";

/// @dev Time passes, between the calls of everybody else.
contract TimeHandler is Handler {
    constructor(World world) Handler(world) {}

    function actions() external pure override returns (bytes4[] memory all) {
        all = new bytes4[](2);
        (all[0], all[1]) = (this.letHoursPass.selector, this.letDaysPass.selector);
    }

    function letHoursPass(uint256 duration, uint256, uint256) external {
        _world.letPass(bound(duration, 1, 12 hours));
        _count(true);
    }

    function letDaysPass(uint256 duration, uint256, uint256) external {
        _world.letPass(bound(duration, 12 hours, 9 days));
        _count(true);
    }
}

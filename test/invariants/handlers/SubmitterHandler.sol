// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {vm} from "../../support/Vm.sol";
import {SignedCall, World} from "../World.sol";
import {Handler} from "./Handler.sol";

/// @dev Anybody submits signatures that he has: fresh ones late, used ones again, good ones elsewhere.
contract SubmitterHandler is Handler {
    constructor(World world) Handler(world) {}

    function actions() external pure override returns (bytes4[] memory all) {
        all = new bytes4[](3);
        all[0] = this.submitLate.selector;
        all[1] = this.submitAgain.selector;
        all[2] = this.submitElsewhere.selector;
    }

    /// @dev One of the last that nobody has recorded: older ones have run out or been overtaken.
    function submitLate(uint256, uint256 which, uint256) external {
        (bool isFound, uint256 index) = _find(which % 8, false);
        if (!isFound) return;
        SignedCall memory signedCall = _world.signedCallAt(index);
        bool isOvertaken =
            signedCall.sequence != 0 && signedCall.sequence <= _ledger.historyOf(signedCall.passport).entryCount;
        bool isExpired = _world.time() > signedCall.deadline;
        bool isSuccessful = _submit(index);
        vm.assertFalse(isSuccessful && isOvertaken, "INV-05: a signature was recorded after its position");
        vm.assertFalse(isSuccessful && isExpired, "INV-05: a signature was recorded after its deadline");
        _count(isSuccessful);
    }

    function submitAgain(uint256, uint256 which, uint256) external {
        (bool isFound, uint256 index) = _find(which, true);
        if (!isFound) return;
        vm.assertFalse(_submit(index), "INV-05: a signature was recorded twice");
        _count(true);
    }

    /// @dev On any other passport, used or not.
    function submitElsewhere(uint256, uint256 which, uint256 where) external {
        uint256 count = _world.signedCallCount();
        if (count == 0) return;
        SignedCall memory signedCall = _world.signedCallAt(which % count);
        address passport = address(_passport(where));
        if (passport == signedCall.passport) return;
        (bool isSuccessful, ) = _world.transact(address(0xa4b0d7), passport, signedCall.data);
        vm.assertFalse(isSuccessful, "INV-05: a signature was recorded on another passport");
        _count(true);
    }

    /// @dev The first one from there on, counted back from the last.
    function _find(uint256 skipped, bool isSpent) private view returns (bool isFound, uint256 index) {
        uint256 count = _world.signedCallCount();
        for (uint256 step = 0; step < count; ++step) {
            index = count - 1 - (((skipped % count) + step) % count);
            if (_world.signedCallAt(index).isSpent == isSpent) return (true, index);
        }
    }
}

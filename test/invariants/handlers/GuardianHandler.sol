// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IManufacturerManager} from "../../../contracts/interfaces/IManufacturerManager.sol";
import {World} from "../World.sol";
import {Handler} from "./Handler.sol";

/// @dev Guardians pause event types for too long, too often, and as they should; and resume.
contract GuardianHandler is Handler {
    constructor(World world) Handler(world) {}

    function actions() external pure override returns (bytes4[] memory all) {
        all = new bytes4[](2);
        (all[0], all[1]) = (this.pause.selector, this.resume.selector);
    }

    function pause(uint256 what, uint256 which, uint256 how) external {
        address manager = _manager(which);
        uint256 until = _world.time() + (_part(how, "until") % 9 days);
        bytes memory data = abi.encodeCall(IManufacturerManager.pause, (_eventType(manager, what), until));
        (bool isSuccessful, ) = _world.transact(_world.guardianOf(manager), manager, data);
        _count(isSuccessful);
    }

    /// @dev The first one from there on that is paused.
    function resume(uint256 what, uint256 which, uint256 how) external {
        address manager = _manager(which);
        bytes32[] memory eventTypes = _ledger.eventTypesOf(manager);
        bytes32 eventType = _eventType(manager, what);
        for (uint256 step = 0; step < eventTypes.length; ++step) {
            if (_ledger.ruleOf(manager, eventType).pausedUntil >= _world.time()) break;
            eventType = eventTypes[((what % eventTypes.length) + step) % eventTypes.length];
        }
        address caller = how % 2 == 0 ? _world.guardianOf(manager) : _world.administratorOf(manager);
        bytes memory data = abi.encodeCall(IManufacturerManager.resume, (eventType));
        (bool isSuccessful, ) = _world.transact(caller, manager, data);
        _count(isSuccessful);
    }

    function _eventType(address manager, uint256 seed) private view returns (bytes32) {
        bytes32[] memory eventTypes = _ledger.eventTypesOf(manager);
        return eventTypes[seed % eventTypes.length];
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DigitalPassportFactory} from "../../../contracts/DigitalPassportFactory.sol";
import {IPassportRegistry} from "../../../contracts/interfaces/IPassportRegistry.sol";
import {HostileContract} from "../../../contracts/mocks/HostileContract.sol";
import {World} from "../World.sol";
import {Handler} from "./Handler.sol";

/// @dev The registry's office admits manufacturers with namespaces that collide, lists factories, suspends and resumes.
contract RegistryHandler is Handler {
    uint256 private constant MOST_MANAGERS = 12;
    uint256 private constant MOST_FACTORIES = 3;

    string[5] private _hosts = ["id.weg.example", "bicycles.example", "a", "a.b", "id.weg"];
    string[4] private _segments = ["", "x/", "xx/", "y/"];

    constructor(World world) Handler(world) {}

    function actions() external pure override returns (bytes4[] memory all) {
        all = new bytes4[](5);
        all[0] = this.admitManufacturer.selector;
        all[1] = this.admitManager.selector;
        all[2] = this.listFactory.selector;
        all[3] = this.suspendIssuing.selector;
        all[4] = this.resumeIssuing.selector;
    }

    function admitManufacturer(uint256 who, uint256 which, uint256 how) external {
        if (_ledger.admittedManagers().length >= MOST_MANAGERS) return;
        string memory namespace = string.concat(
            "https://",
            _hosts[who % 5],
            "/",
            _segments[which % 4],
            _segments[how % 4]
        );
        _count(
            _decide(abi.encodeCall(IPassportRegistry.admitManufacturer, (namespace, address(new HostileContract()))))
        );
    }

    /// @dev One in two is admitted already.
    function admitManager(uint256 who, uint256 which, uint256 how) external {
        address[] memory admitted = _ledger.admittedManagers();
        if (admitted.length >= MOST_MANAGERS) return;
        address manager = how % 2 == 0 ? admitted[who % admitted.length] : address(new HostileContract());
        uint256 manufacturerId = which % (_ledger.manufacturerCount() + 2);
        _count(_decide(abi.encodeCall(IPassportRegistry.admitManager, (manufacturerId, manager))));
    }

    /// @dev Rarely: a factory is dear.
    function listFactory(uint256, uint256, uint256 how) external {
        if (how % 3 != 0 || _ledger.factoryCount() >= MOST_FACTORIES) return;
        address factory = address(new DigitalPassportFactory(address(_world.registry())));
        _count(_decide(abi.encodeCall(IPassportRegistry.listFactory, (factory))));
    }

    function suspendIssuing(uint256, uint256 which, uint256 how) external {
        if (how % 2 == 0) return;
        _count(_decide(abi.encodeCall(IPassportRegistry.suspendIssuing, (_manager(which)))));
    }

    function resumeIssuing(uint256, uint256 which, uint256) external {
        _count(_decide(abi.encodeCall(IPassportRegistry.resumeIssuing, (_manager(which)))));
    }

    function _decide(bytes memory data) private returns (bool isSuccessful) {
        (isSuccessful, ) = _world.transact(_world.REGISTRY_OFFICE(), address(_world.registry()), data);
    }
}

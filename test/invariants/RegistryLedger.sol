// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDigitalPassport} from "../../contracts/interfaces/IDigitalPassport.sol";
import {IDigitalPassportFactory} from "../../contracts/interfaces/IDigitalPassportFactory.sol";
import {IPassportRegistry} from "../../contracts/interfaces/IPassportRegistry.sol";
import {vm, ICheatcodes} from "../support/Vm.sol";
import {PassportLedger} from "./PassportLedger.sol";

/// @dev What the events of the registry add up to: namespaces, managers, factories, products. Compares whole strings
/// where the registry compares hashes.
abstract contract RegistryLedger is PassportLedger {
    /// @dev Of each listed factory, the code that its passports run.
    struct Listing {
        address factory;
        bytes32 codeHash;
    }

    IPassportRegistry internal _registry;
    string[] private _namespaces;
    address[] private _managers;
    mapping(address manager => uint256 manufacturerId) private _manufacturerOf;
    mapping(address manager => bool) private _isSuspended;
    mapping(bytes32 productKey => address passport) private _passportOf;
    Listing[] private _listings;

    // --------------------------------------------------------------------------------------------------------- views

    function manufacturerCount() external view returns (uint256) {
        return _namespaces.length;
    }

    function admittedManagers() external view returns (address[] memory) {
        return _managers;
    }

    function namespaceOf(address manager) external view returns (string memory) {
        return _namespaces[_manufacturerOf[manager] - 1];
    }

    function factoryCount() external view returns (uint256) {
        return _listings.length;
    }

    // ------------------------------------------------------------------------------------------------------- booking

    function _bookManufacturer(ICheatcodes.Log calldata log) internal {
        string memory namespace = abi.decode(log.data, (string));
        for (uint256 index = 0; index < _namespaces.length; ++index) {
            bool overlaps = _beginsWith(namespace, _namespaces[index]) || _beginsWith(_namespaces[index], namespace);
            vm.assertFalse(overlaps, "INV-21: a namespace overlaps with another");
        }
        _namespaces.push(namespace);
        vm.assertEq(uint256(log.topics[1]), _namespaces.length, "INV-21: a manufacturer without the next number");
    }

    function _bookManager(ICheatcodes.Log calldata log) internal {
        uint256 manufacturerId = uint256(log.topics[1]);
        address manager = address(uint160(uint256(log.topics[2])));
        vm.assertEq(_manufacturerOf[manager], 0, "INV-21: a manager is admitted twice");
        vm.assertTrue(manufacturerId <= _namespaces.length, "INV-21: a manager of nobody");
        _manufacturerOf[manager] = manufacturerId;
        _managers.push(manager);
    }

    function _bookFactory(ICheatcodes.Log calldata log) internal {
        _listings.push(Listing(address(uint160(uint256(log.topics[1]))), abi.decode(log.data, (bytes32))));
    }

    function _bookSuspension(ICheatcodes.Log calldata log, bool isSuspended) internal {
        _isSuspended[address(uint160(uint256(log.topics[1])))] = isSuspended;
    }

    function _bookRegistration(ICheatcodes.Log calldata log) internal {
        bytes32 productKey = log.topics[1];
        address passport = address(uint160(uint256(log.topics[2])));
        address manager = address(uint160(uint256(log.topics[3])));
        string memory productId = abi.decode(log.data, (string));
        vm.assertTrue(_manufacturerOf[manager] != 0, "INV-24: a product of a manager that is not admitted");
        vm.assertFalse(_isSuspended[manager], "INV-23: a suspended manager issues");
        vm.assertEq(keccak256(bytes(productId)), productKey, "INV-20: a product under another key");
        vm.assertEq(_passportOf[productKey], address(0), "INV-20: a product is registered twice");
        string memory namespace = _namespaces[_manufacturerOf[manager] - 1];
        vm.assertTrue(_beginsWith(productId, namespace), "INV-24: a product in the namespace of another brand");
        vm.assertTrue(_isPredicted(passport, manager, productId), "INV-20: a passport at another address");
        _passportOf[productKey] = passport;
        _open(passport, productKey, manager);
    }

    // --------------------------------------------------------------------------------------------------------- state

    function _checkRegistry() internal view {
        vm.assertEq(_registry.manufacturerCount(), _namespaces.length, "INV-21: manufacturers without an event");
        for (uint256 index = 0; index < _namespaces.length; ++index) {
            bytes32 namespaceHash = keccak256(bytes(_registry.namespaceOf(index + 1)));
            vm.assertEq(namespaceHash, keccak256(bytes(_namespaces[index])), "INV-21: a namespace has changed");
        }
        for (uint256 index = 0; index < _managers.length; ++index) _checkAdmission(_managers[index]);
        _checkFactories();
    }

    function _checkRegistration(address passport) internal view {
        bytes32 productKey = _histories[passport].productKey;
        vm.assertEq(_registry.passportOf(productKey), passport, "INV-20: a product has another passport than before");
        vm.assertEq(IDigitalPassport(passport).productKey(), productKey, "INV-20: a passport names another product");
        vm.assertEq(
            IDigitalPassport(passport).manager(),
            _histories[passport].manager,
            "INV-24: a passport has another manager than before"
        );
    }

    function _checkAdmission(address manager) private view {
        IPassportRegistry.Admission memory admission = _registry.admissionOf(manager);
        uint256 manufacturerId = _manufacturerOf[manager];
        bytes24 namespaceHash = bytes24(keccak256(bytes(_namespaces[manufacturerId - 1])));
        vm.assertEq(admission.manufacturerId, manufacturerId, "INV-21: a manager has changed sides");
        vm.assertEq(admission.namespaceHash, namespaceHash, "INV-21: a manager has another namespace");
        vm.assertEq(admission.suspended, _isSuspended[manager], "INV-23: a suspension without an event");
    }

    function _checkFactories() private view {
        address[] memory factories = _registry.factories();
        vm.assertEq(factories.length, _listings.length, "INV-22: factories without an event, or lost");
        for (uint256 index = 0; index < factories.length; ++index) {
            Listing memory listing = _listings[index];
            bytes32 codeHash = IDigitalPassportFactory(listing.factory).implementation().codehash;
            vm.assertEq(factories[index], listing.factory, "INV-22: a factory is gone");
            vm.assertEq(codeHash, listing.codeHash, "INV-22: a factory's code has changed");
            vm.assertEq(
                _registry.implementationCodeHashOf(listing.factory),
                listing.codeHash,
                "INV-22: the recorded code has changed"
            );
        }
    }

    // ------------------------------------------------------------------------------------------------------- helpers

    /// @dev Whether one of the listed factories would deploy the passport there.
    function _isPredicted(address passport, address manager, string memory productId) private view returns (bool) {
        for (uint256 index = 0; index < _listings.length; ++index) {
            IDigitalPassportFactory factory = IDigitalPassportFactory(_listings[index].factory);
            if (factory.predictPassport(manager, productId) == passport) return true;
        }
        return false;
    }

    function _beginsWith(string memory text, string memory beginning) private pure returns (bool) {
        uint256 length = bytes(beginning).length;
        if (bytes(text).length < length) return false;
        for (uint256 index = 0; index < length; ++index) {
            if (bytes(text)[index] != bytes(beginning)[index]) return false;
        }
        return true;
    }
}

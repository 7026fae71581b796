// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {DigitalPassport} from "./DigitalPassport.sol";
import {IDigitalPassport} from "./interfaces/IDigitalPassport.sol";
import {IDigitalPassportFactory} from "./interfaces/IDigitalPassportFactory.sol";
import {IPassportRegistry} from "./interfaces/IPassportRegistry.sol";

/// @title Deploys passports of version 1
/// @notice Specified in {IDigitalPassportFactory}.
/// @dev The manager and the productId are in the clone's code, so they determine its address; the salt adds nothing.
contract DigitalPassportFactory is IDigitalPassportFactory {
    bytes32 private constant SALT = 0;

    /// @inheritdoc IDigitalPassportFactory
    address public immutable override implementation;

    /// @inheritdoc IDigitalPassportFactory
    address public immutable override registry;

    /// @notice Deploys the code that all passports of this factory run.
    /// @param registry_ Registry that the passports are entered in; it has yet to list this factory.
    constructor(address registry_) {
        registry = registry_;
        implementation = address(new DigitalPassport());
    }

    /// @inheritdoc IDigitalPassportFactory
    function createPassport(
        string calldata productId,
        address owner,
        bytes32 document
    ) external override returns (address passport) {
        bytes memory arguments = _arguments(msg.sender, productId);
        passport = Clones.predictDeterministicAddressWithImmutableArgs(implementation, arguments, SALT);

        // Registering first lets the registry refuse with its reason what CREATE2 would refuse without one.
        IPassportRegistry(registry).registerPassport(passport, msg.sender, productId);
        Clones.cloneDeterministicWithImmutableArgs(implementation, arguments, SALT);
        IDigitalPassport(passport).issue(owner, document);
    }

    /// @inheritdoc IDigitalPassportFactory
    function predictPassport(address manager, string calldata productId) external view override returns (address) {
        return
            Clones.predictDeterministicAddressWithImmutableArgs(implementation, _arguments(manager, productId), SALT);
    }

    function _arguments(address manager, string calldata productId) private pure returns (bytes memory) {
        return abi.encodePacked(manager, productId);
    }
}

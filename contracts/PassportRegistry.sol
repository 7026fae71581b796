// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControlDefaultAdminRules} from "@openzeppelin/contracts/access/extensions/AccessControlDefaultAdminRules.sol";
import {IDigitalPassport} from "./interfaces/IDigitalPassport.sol";
import {IDigitalPassportFactory} from "./interfaces/IDigitalPassportFactory.sol";
import {IPassportRegistry} from "./interfaces/IPassportRegistry.sol";
import {PassportHashing} from "./libraries/PassportHashing.sol";
import {ProductIdentifiers} from "./libraries/ProductIdentifiers.sol";

/// @title Index of all products
/// @notice Specified in {IPassportRegistry}.
contract PassportRegistry is IPassportRegistry, AccessControlDefaultAdminRules {
    /// @dev What stands at a path, one slot: the manufacturer whose namespace it is, one whose namespace lies beneath it,
    /// or neither.
    struct PathUse {
        uint128 manufacturerId;
        uint128 beneath;
    }

    /// @notice Admits manufacturers and managers, and lets suspended ones issue again. Meant for a timelock of 2 days.
    bytes32 public constant ADMISSION_ROLE = keccak256("ADMISSION_ROLE");

    /// @notice Lists factories. Meant for a timelock of 7 days.
    bytes32 public constant LISTING_ROLE = keccak256("LISTING_ROLE");

    /// @notice Suspends issuing at once.
    bytes32 public constant GUARDIAN_ROLE = keccak256("GUARDIAN_ROLE");

    /// @inheritdoc IPassportRegistry
    uint256 public override manufacturerCount;

    /// @inheritdoc IPassportRegistry
    mapping(bytes32 productKey => address passport) public override passportOf;

    /// @inheritdoc IPassportRegistry
    mapping(address factory => bytes32 codeHash) public override implementationCodeHashOf;

    /// @inheritdoc IPassportRegistry
    mapping(uint256 manufacturerId => string namespace) public override namespaceOf;

    mapping(address manager => Admission) private _admissions;
    mapping(bytes32 pathHash => PathUse) private _paths;
    address[] private _factories;

    /// @notice An empty registry.
    /// @param adminDelay Seconds that a change of the administrator has to wait.
    /// @param admin Holder of DEFAULT_ADMIN_ROLE, who names the holders of the other roles.
    constructor(uint48 adminDelay, address admin) AccessControlDefaultAdminRules(adminDelay, admin) {}

    /// @inheritdoc IPassportRegistry
    function admitManufacturer(
        string calldata namespace,
        address manager
    ) external override onlyRole(ADMISSION_ROLE) returns (uint256 manufacturerId) {
        // Check: well formed.
        ProductIdentifiers.checkNamespace(namespace);

        // Effect.
        manufacturerId = ++manufacturerCount;
        _occupyPaths(namespace, manufacturerId);
        namespaceOf[manufacturerId] = namespace;
        emit ManufacturerAdmitted(manufacturerId, namespace);

        _admitManager(manufacturerId, manager);
    }

    /// @inheritdoc IPassportRegistry
    function admitManager(uint256 manufacturerId, address manager) external override onlyRole(ADMISSION_ROLE) {
        if (manufacturerId == 0 || manufacturerId > manufacturerCount) {
            revert PassportRegistryManufacturerUnknown(manufacturerId);
        }
        _admitManager(manufacturerId, manager);
    }

    /// @inheritdoc IPassportRegistry
    function listFactory(address factory) external override onlyRole(LISTING_ROLE) {
        // Check: new, and made for this registry.
        if (implementationCodeHashOf[factory] != bytes32(0)) revert PassportRegistryFactoryListed(factory);
        if (factory.code.length == 0) revert PassportRegistryFactoryForeign(factory, address(0), address(0));
        address registry = IDigitalPassportFactory(factory).registry();
        address implementation = IDigitalPassportFactory(factory).implementation();
        if (registry != address(this) || implementation.code.length == 0) {
            revert PassportRegistryFactoryForeign(factory, registry, implementation);
        }

        // Effect.
        bytes32 codeHash = implementation.codehash;
        implementationCodeHashOf[factory] = codeHash;
        _factories.push(factory);

        emit FactoryListed(factory, implementation, codeHash);
    }

    /// @inheritdoc IPassportRegistry
    function suspendIssuing(address manager) external override onlyRole(GUARDIAN_ROLE) {
        _requireAdmitted(manager);
        _admissions[manager].suspended = true;

        emit IssuingSuspended(manager, msg.sender);
    }

    /// @inheritdoc IPassportRegistry
    function resumeIssuing(address manager) external override onlyRole(ADMISSION_ROLE) {
        _requireAdmitted(manager);
        _admissions[manager].suspended = false;

        emit IssuingResumed(manager);
    }

    /// @inheritdoc IPassportRegistry
    function registerPassport(address passport, address manager, string memory productId) external override {
        // Check: a listed factory, an admitted manager, an identifier of its own.
        if (implementationCodeHashOf[msg.sender] == bytes32(0)) revert PassportRegistryFactoryNotListed(msg.sender);
        Admission memory admission = _admissions[manager];
        if (admission.manufacturerId == 0) revert PassportRegistryManagerNotAdmitted(manager);
        if (admission.suspended) revert PassportRegistryIssuingSuspended(manager);
        if (!_isWithin(productId, admission)) revert PassportRegistryNamespaceForeign(productId, manager);
        ProductIdentifiers.checkProductId(productId, admission.namespaceLength);

        // Check: never registered before.
        bytes32 productKey = PassportHashing.productKey(productId);
        address registered = passportOf[productKey];
        if (registered != address(0)) revert PassportRegistryProductRegistered(productId, registered);

        // Effect.
        passportOf[productKey] = passport;

        emit PassportRegistered(productKey, passport, manager, productId);
    }

    /// @inheritdoc IPassportRegistry
    function passportOfProduct(string calldata productId) external view override returns (address) {
        return passportOf[PassportHashing.productKey(productId)];
    }

    /// @inheritdoc IPassportRegistry
    function isPassport(address passport) external view override returns (bool) {
        (bool success, bytes memory answer) = passport.staticcall(abi.encodeCall(IDigitalPassport.productKey, ()));
        return success && answer.length == 32 && passportOf[bytes32(answer)] == passport;
    }

    /// @inheritdoc IPassportRegistry
    function admissionOf(address manager) external view override returns (Admission memory) {
        return _admissions[manager];
    }

    /// @inheritdoc IPassportRegistry
    function factories() external view override returns (address[] memory) {
        return _factories;
    }

    function _admitManager(uint256 manufacturerId, address manager) private {
        // Check: a contract that belongs to nobody yet.
        if (manager.code.length == 0) revert PassportRegistryManagerWithoutCode(manager);
        uint256 admittedTo = _admissions[manager].manufacturerId;
        if (admittedTo != 0) revert PassportRegistryManagerAdmitted(manager, admittedTo);

        // Effect: the casts are safe, 2**48 admissions cannot be paid for and a namespace has at most 128 bytes.
        bytes memory namespace = bytes(namespaceOf[manufacturerId]);
        _admissions[manager] = Admission({
            manufacturerId: uint48(manufacturerId),
            namespaceLength: uint8(namespace.length),
            suspended: false,
            namespaceHash: bytes24(keccak256(namespace))
        });

        emit ManagerAdmitted(manufacturerId, manager);
    }

    /// @dev All namespaces end in `/`, so one begins with another only where it has that one as a parent. Marking the
    /// parents keeps the check as short as the namespace, however many manufacturers there are.
    function _occupyPaths(string calldata namespace, uint256 manufacturerId) private {
        uint256 length = bytes(namespace).length;
        // The casts are safe: 2**128 admissions cannot be paid for.
        uint256 end = ProductIdentifiers.segmentEnd(namespace, ProductIdentifiers.hostStart());
        for (; end < length; end = ProductIdentifiers.segmentEnd(namespace, end)) {
            PathUse storage parent = _paths[keccak256(bytes(namespace)[:end])];
            _requireFree(namespace, parent.manufacturerId);
            parent.beneath = uint128(manufacturerId);
        }
        PathUse storage own = _paths[keccak256(bytes(namespace))];
        _requireFree(namespace, own.manufacturerId);
        _requireFree(namespace, own.beneath);
        own.manufacturerId = uint128(manufacturerId);
    }

    function _requireFree(string calldata namespace, uint256 manufacturerId) private view {
        if (manufacturerId != 0) revert PassportRegistryNamespaceTaken(namespace, namespaceOf[manufacturerId]);
    }

    function _requireAdmitted(address manager) private view {
        if (_admissions[manager].manufacturerId == 0) revert PassportRegistryManagerNotAdmitted(manager);
    }

    function _isWithin(string memory productId, Admission memory admission) private pure returns (bool) {
        uint256 length = admission.namespaceLength;
        return
            bytes(productId).length >= length &&
            bytes24(ProductIdentifiers.prefixHash(productId, length)) == admission.namespaceHash;
    }
}

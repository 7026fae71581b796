// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Index of all products
/// @notice Admits manufacturers with a namespace that is theirs for ever, lists the factories that may register, and
/// maps every product to its passport, once.
/// @dev No proxy and no deletion: what is registered stays registered.
interface IPassportRegistry {
    /// @notice A manager's admission; one storage slot.
    /// @param manufacturerId Number of the manufacturer, from 1; 0: not admitted.
    /// @param namespaceLength Length of the manufacturer's namespace in bytes.
    /// @param suspended Whether issuing is suspended.
    /// @param namespaceHash First 24 bytes of the namespace's keccak256: 96 bits against collisions.
    struct Admission {
        uint48 manufacturerId;
        uint8 namespaceLength;
        bool suspended;
        bytes24 namespaceHash;
    }

    /// @notice Emitted when a manufacturer is admitted; `namespace` is its own for ever.
    event ManufacturerAdmitted(uint256 indexed manufacturerId, string namespace);

    /// @notice Emitted when a manager joins a manufacturer.
    event ManagerAdmitted(uint256 indexed manufacturerId, address indexed manager);

    /// @notice Emitted when a factory is listed, with the code that its passports run.
    event FactoryListed(address indexed factory, address indexed implementation, bytes32 implementationCodeHash);

    /// @notice Emitted when a manager may no longer issue.
    event IssuingSuspended(address indexed manager, address indexed guardian);

    /// @notice Emitted when a manager may issue again.
    event IssuingResumed(address indexed manager);

    /// @notice Emitted once per product.
    event PassportRegistered(
        bytes32 indexed productKey,
        address indexed passport,
        address indexed manager,
        string productId
    );

    /// @notice Thrown when the caller is not a listed factory.
    error PassportRegistryFactoryNotListed(address caller);

    /// @notice Thrown when a factory is listed already.
    error PassportRegistryFactoryListed(address factory);

    /// @notice Thrown when a factory belongs to another registry, or has no implementation.
    error PassportRegistryFactoryForeign(address factory, address registry, address implementation);

    /// @notice Thrown when the manager is not admitted.
    error PassportRegistryManagerNotAdmitted(address manager);

    /// @notice Thrown when the manager is admitted already.
    error PassportRegistryManagerAdmitted(address manager, uint256 manufacturerId);

    /// @notice Thrown when the manager has no code.
    error PassportRegistryManagerWithoutCode(address manager);

    /// @notice Thrown when the manager's issuing is suspended.
    error PassportRegistryIssuingSuspended(address manager);

    /// @notice Thrown when there is no manufacturer of that number.
    error PassportRegistryManufacturerUnknown(uint256 manufacturerId);

    /// @notice Thrown when a namespace is an admitted one, begins with it, or is its beginning.
    error PassportRegistryNamespaceTaken(string namespace, string conflicting);

    /// @notice Thrown when the productId does not lie in the namespace of the manager's manufacturer.
    error PassportRegistryNamespaceForeign(string productId, address manager);

    /// @notice Thrown when the product has a passport.
    error PassportRegistryProductRegistered(string productId, address passport);

    /// @notice Admits a manufacturer with its namespace and first manager. Only ADMISSION_ROLE.
    /// @param namespace `https://`, lowercase host, path ending in `/`; see {ProductIdentifiers}.
    /// @param manager The manufacturer's manager, a contract.
    /// @return manufacturerId Number of the manufacturer.
    function admitManufacturer(string calldata namespace, address manager) external returns (uint256 manufacturerId);

    /// @notice Admits a further manager of a manufacturer, for the same namespace. Only ADMISSION_ROLE.
    function admitManager(uint256 manufacturerId, address manager) external;

    /// @notice Lists a factory for ever. Only LISTING_ROLE.
    function listFactory(address factory) external;

    /// @notice Stops a manager's issuing at once; passports that exist are not touched. Only GUARDIAN_ROLE.
    function suspendIssuing(address manager) external;

    /// @notice Lets a manager issue again. Only ADMISSION_ROLE.
    function resumeIssuing(address manager) external;

    /// @notice Enters a passport. Only a listed factory, on behalf of an admitted manager.
    /// @param passport Address of the passport.
    /// @param manager Manager of the passport.
    /// @param productId Identifier of the product: in the manufacturer's namespace, printable ASCII without space, at most
    /// 256 bytes, never registered before.
    function registerPassport(address passport, address manager, string calldata productId) external;

    /// @notice Passport of a product; zero without one.
    /// @param productKey `keccak256(bytes(productId))`.
    function passportOf(bytes32 productKey) external view returns (address);

    /// @notice Passport of a product; zero without one.
    function passportOfProduct(string calldata productId) external view returns (address);

    /// @notice Whether this address is the registered passport of the product that it names. False for an address that
    /// does not answer.
    function isPassport(address passport) external view returns (bool);

    /// @notice Admission of a manager; zeros if it is not admitted.
    function admissionOf(address manager) external view returns (Admission memory);

    /// @notice Namespace of a manufacturer; empty without one.
    function namespaceOf(uint256 manufacturerId) external view returns (string memory);

    /// @notice Number of manufacturers.
    function manufacturerCount() external view returns (uint256);

    /// @notice All factories, in the order of their listing.
    function factories() external view returns (address[] memory);

    /// @notice Code hash of a listed factory's implementation; zero if the factory is not listed.
    function implementationCodeHashOf(address factory) external view returns (bytes32);
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Deploys passports of one version
/// @notice One factory per passport version. Anyone can recompute a passport's address from the factory, the
/// implementation, the manager and the productId.
interface IDigitalPassportFactory {
    /// @notice Deploys the passport of a product, registers it and records its first entry. The caller is the manager
    /// of the passport; the registry refuses a caller that it has not admitted.
    /// @param productId URL in the namespace of the caller's manufacturer.
    /// @param owner First owner, not zero.
    /// @param document sha2-256 digest of the MANUFACTURED document, not zero.
    /// @return passport Address of the passport, equal to `predictPassport(caller, productId)`.
    function createPassport(
        string calldata productId,
        address owner,
        bytes32 document
    ) external returns (address passport);

    /// @notice Address that the passport of this manager and product has, or will have.
    function predictPassport(address manager, string calldata productId) external view returns (address);

    /// @notice Code that all passports of this factory run.
    function implementation() external view returns (address);

    /// @notice Registry that the passports are entered in.
    function registry() external view returns (address);
}

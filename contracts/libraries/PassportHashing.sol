// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDigitalPassport} from "../interfaces/IDigitalPassport.sol";
import {IReadingsAnchor} from "../interfaces/IReadingsAnchor.sol";

/// @title Every hash of the suite
/// @notice The one place where what is signed, chained or derived turns into 32 bytes. An independent implementation in
/// TypeScript and the vectors in `test/vectors/hashing.json` say the same.
library PassportHashing {
    /// @notice Separates the heads of passports from every other hash.
    bytes32 internal constant HEAD_DOMAIN = keccak256("DigitalPassport.head.v1");

    /// @notice Separates the heads of gateways' chains from every other hash.
    bytes32 internal constant READINGS_HEAD_DOMAIN = keccak256("ReadingsAnchor.head.v1");

    /// @notice Separates addresses derived from keys from every other hash.
    bytes32 internal constant SIGNER_TYPEHASH = keccak256("DigitalPassport.signer.v1(bytes signer)");

    /// @notice EIP-712 type of {IDigitalPassport.Attestation}.
    bytes32 internal constant ATTESTATION_TYPEHASH = keccak256(
        "Attestation(bytes32 eventType,bytes32 document,address attester,uint256 sequence,uint256 deadline)"
    );

    /// @notice EIP-712 type of {IDigitalPassport.Offer}.
    bytes32 internal constant OFFER_TYPEHASH = keccak256(
        "Offer(address newOwner,bytes32 document,uint256 offerNonce,uint256 expiresAt)"
    );

    /// @notice EIP-712 type of a cancellation.
    bytes32 internal constant CANCEL_TYPEHASH = keccak256("Cancel(uint256 offerNonce)");

    /// @notice EIP-712 type of {IDigitalPassport.Accept}.
    bytes32 internal constant ACCEPT_TYPEHASH = keccak256(
        "Accept(address newOwner,bytes32 document,uint256 offerNonce,bytes32 expectedHead,uint256 deadline)"
    );

    /// @notice EIP-712 type of {IDigitalPassport.Lock}.
    bytes32 internal constant LOCK_TYPEHASH = keccak256(
        "Lock(address holder,uint256 until,bytes32 document,uint256 sequence,uint256 deadline)"
    );

    /// @notice EIP-712 type of {IReadingsAnchor.Batch}.
    bytes32 internal constant BATCH_TYPEHASH = keccak256(
        "Batch(address gateway,uint256 sequence,bytes27 previousHead,bytes32 root,uint256 count,uint256 from,uint256 to,bytes32 document)"
    );

    /// @notice Key of a product in the registry.
    function productKey(string memory productId) internal pure returns (bytes32) {
        return keccak256(bytes(productId));
    }

    /// @notice Head of a passport without entries.
    function initialHead(uint256 chainId, address passport) internal pure returns (bytes32) {
        return keccak256(abi.encode(HEAD_DOMAIN, chainId, passport));
    }

    /// @notice Head after an entry: `keccak256(abi.encode(head, entry))`.
    function nextHead(bytes32 head, IDigitalPassport.Entry memory entry) internal pure returns (bytes32 next) {
        // An entry has eight static fields: it lies in memory as it is encoded, and nine words go behind the free memory
        // pointer without moving it.
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(words, head)
            mcopy(add(words, 0x20), entry, 0x100)
            next := keccak256(words, 0x120)
        }
    }

    /// @notice Address under which an ERC-7913 key attests, owns and is granted roles.
    /// @param signer `verifier (20 bytes) | key`.
    function attesterOfSigner(bytes memory signer) internal pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode(SIGNER_TYPEHASH, keccak256(signer))))));
    }

    /// @notice EIP-712 hashStruct of an attestation.
    function hashAttestation(IDigitalPassport.Attestation memory attestation) internal pure returns (bytes32) {
        return keccak256(abi.encode(ATTESTATION_TYPEHASH, attestation));
    }

    /// @notice EIP-712 hashStruct of an offer.
    function hashOffer(IDigitalPassport.Offer memory offer) internal pure returns (bytes32) {
        return keccak256(abi.encode(OFFER_TYPEHASH, offer));
    }

    /// @notice EIP-712 hashStruct of a cancellation.
    function hashCancel(uint256 offerNonce) internal pure returns (bytes32) {
        return keccak256(abi.encode(CANCEL_TYPEHASH, offerNonce));
    }

    /// @notice EIP-712 hashStruct of an acceptance.
    function hashAccept(IDigitalPassport.Accept memory accept) internal pure returns (bytes32) {
        return keccak256(abi.encode(ACCEPT_TYPEHASH, accept));
    }

    /// @notice EIP-712 hashStruct of a lock.
    function hashLock(IDigitalPassport.Lock memory lock) internal pure returns (bytes32) {
        return keccak256(abi.encode(LOCK_TYPEHASH, lock));
    }

    /// @notice Head of a gateway's chain without batches.
    /// @param anchor The {IReadingsAnchor}.
    function initialGatewayHead(uint256 chainId, address anchor, address gateway) internal pure returns (bytes27) {
        return bytes27(keccak256(abi.encode(READINGS_HEAD_DOMAIN, chainId, anchor, gateway)));
    }

    /// @notice EIP-712 hashStruct of a batch; its first 27 bytes are the head of the gateway's chain after it.
    function hashBatch(IReadingsAnchor.Batch memory batch) internal pure returns (bytes32) {
        return keccak256(abi.encode(BATCH_TYPEHASH, batch));
    }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title Merkle roots of signed batches of readings
/// @notice One ordered chain of batches per gateway. The root of a batch proves any single reading of it, and the chain
/// shows that no batch is missing, was exchanged or came in another order. Nobody needs a permission: what a gateway's
/// word counts for is decided by the pairing in a product's passport.
/// @dev A batch is signed by its gateway as EIP-712 typed data with the domain ("ReadingsAnchor", "1", chain id, this
/// contract). `signer` is empty for an account (ECDSA first: 65 bytes, v 27 or 28, low s; then ERC-1271), or an ERC-7913
/// signer `verifier (20 bytes) | key`; the gateway of such a key is the derived address
/// `PassportHashing.attesterOfSigner(signer)`.
///
/// A head has the first 27 bytes of a hash: without a batch that of `PassportHashing.initialGatewayHead`, then the
/// EIP-712 hashStruct of the last batch, which names the head before it.
interface IReadingsAnchor {
    /// @notice What a gateway signs.
    /// @param gateway Whose readings these are, and who signs: an account, a contract wallet or the derived address of a
    /// key.
    /// @param sequence Position in the gateway's chain, from 1.
    /// @param previousHead Head of the gateway's chain before this batch: a batch that was signed for one branch of a
    /// chain that was rolled back is dead on every other.
    /// @param root Root of the Merkle tree of the readings, not zero.
    /// @param count Number of readings, not zero. Nothing on chain ties it to the root; the document has the readings.
    /// @param from Time of the earliest reading, Unix seconds. The gateway's clock, not the chain's.
    /// @param to Time of the latest reading, Unix seconds, not before `from`.
    /// @param document sha2-256 digest of the batch's document, not zero.
    struct Batch {
        address gateway;
        uint256 sequence;
        bytes27 previousHead;
        bytes32 root;
        uint256 count;
        uint256 from;
        uint256 to;
        bytes32 document;
    }

    /// @notice A batch and its gateway's signature.
    /// @param batch What was signed.
    /// @param signer Empty, or the ERC-7913 signer.
    /// @param signature Signature of the gateway.
    struct SignedBatch {
        Batch batch;
        bytes signer;
        bytes signature;
    }

    /// @notice Emitted once per batch; these events alone rebuild every gateway's chain.
    /// @param recordedAt Chain time, Unix seconds.
    event Anchored(
        address indexed gateway,
        uint256 indexed sequence,
        bytes27 previousHead,
        bytes32 root,
        uint256 count,
        uint256 from,
        uint256 to,
        bytes32 indexed document,
        uint256 recordedAt
    );

    /// @notice Thrown when a batch is older than the last one, or leaves a gap behind it.
    error ReadingsAnchorSequenceMismatch(address gateway, uint256 sequence, uint256 nextSequence);

    /// @notice Thrown when another batch stands at the last position.
    /// @param head Head that the refused batch would lead to.
    /// @param currentHead Head that the anchored batch has led to.
    error ReadingsAnchorPositionTaken(address gateway, uint256 sequence, bytes27 head, bytes27 currentHead);

    /// @notice Thrown when a batch is the next one by its number, but of another chain.
    error ReadingsAnchorHeadMismatch(address gateway, uint256 sequence, bytes27 previousHead, bytes27 currentHead);

    /// @notice Thrown when a batch has no readings.
    error ReadingsAnchorCountZero(address gateway, uint256 sequence);

    /// @notice Thrown when a batch names no root.
    error ReadingsAnchorRootZero(address gateway, uint256 sequence);

    /// @notice Thrown when a batch names no document.
    error ReadingsAnchorDocumentZero(address gateway, uint256 sequence);

    /// @notice Thrown when a batch ends before it begins.
    error ReadingsAnchorWindowInvalid(address gateway, uint256 sequence, uint256 from, uint256 to);

    /// @notice Anchors a gateway's next batch. Anyone may call. The last batch again changes nothing and emits nothing, so
    /// that whoever does not know whether it was anchored may send it again; its signature is not looked at, since the
    /// head shows that its gateway has signed it.
    /// @dev Reverts with `AttesterSignatureInvalid` or `AttesterSignerMismatch` when the gateway did not sign, and with an
    /// error of this interface when the batch is not the next one or says nothing.
    /// @param batch The batch.
    /// @param signer Empty, or the ERC-7913 signer.
    /// @param signature Signature of the gateway.
    function anchor(Batch calldata batch, bytes calldata signer, bytes calldata signature) external;

    /// @notice Anchors batches in their order, of one gateway or of many, all or none. Anyone may call. A refusal names the
    /// gateway with the batch's sequence or digest.
    /// @param signedBatches The batches.
    function anchorMany(SignedBatch[] calldata signedBatches) external;

    /// @notice Where a gateway's chain stands: what its next batch is signed for.
    /// @return sequence Position of the last batch; 0 without one.
    /// @return head Head of the chain.
    function chainOf(address gateway) external view returns (uint256 sequence, bytes27 head);

    /// @notice EIP-712 digest that the gateway signs.
    function batchDigest(Batch calldata batch) external view returns (bytes32);
}

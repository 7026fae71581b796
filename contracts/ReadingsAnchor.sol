// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IReadingsAnchor} from "./interfaces/IReadingsAnchor.sol";
import {AttesterSignatures} from "./libraries/AttesterSignatures.sol";
import {PassportHashing} from "./libraries/PassportHashing.sol";

/// @title Merkle roots of signed batches of readings
/// @notice Specified in {IReadingsAnchor}.
/// @dev OpenZeppelin's EIP712 takes the storage slots 0 and 1.
contract ReadingsAnchor is IReadingsAnchor, EIP712 {
    /// @dev A gateway's chain, one slot.
    struct GatewayChain {
        uint40 sequence;
        bytes27 head;
    }

    mapping(address gateway => GatewayChain chain) private _chains; // slot 2

    /// @notice Anchors nothing yet.
    constructor() EIP712("ReadingsAnchor", "1") {}

    /// @inheritdoc IReadingsAnchor
    function anchor(Batch calldata batch, bytes calldata signer, bytes calldata signature) external override {
        _anchor(batch, signer, signature);
    }

    /// @inheritdoc IReadingsAnchor
    function anchorMany(SignedBatch[] calldata signedBatches) external override {
        for (uint256 index = 0; index < signedBatches.length; ++index) {
            SignedBatch calldata item = signedBatches[index];
            _anchor(item.batch, item.signer, item.signature);
        }
    }

    /// @inheritdoc IReadingsAnchor
    function chainOf(address gateway) public view override returns (uint256 sequence, bytes27 head) {
        GatewayChain memory chain = _chains[gateway];
        if (chain.sequence == 0) return (0, PassportHashing.initialGatewayHead(block.chainid, address(this), gateway));
        return (chain.sequence, chain.head);
    }

    /// @inheritdoc IReadingsAnchor
    function batchDigest(Batch calldata batch) external view override returns (bytes32) {
        return _hashTypedDataV4(PassportHashing.hashBatch(batch));
    }

    function _anchor(Batch calldata batch, bytes calldata signer, bytes calldata signature) private {
        // Check: not the last batch again, which is known by its hash alone.
        bytes32 structHash = PassportHashing.hashBatch(batch);
        (uint256 currentSequence, bytes27 currentHead) = chainOf(batch.gateway);
        bytes27 head = bytes27(structHash);
        if (head == currentHead) return;

        // Check: the next one of this chain, with something in it, signed.
        if (batch.sequence == currentSequence && currentSequence != 0) {
            revert ReadingsAnchorPositionTaken(batch.gateway, batch.sequence, head, currentHead);
        }
        if (batch.sequence != currentSequence + 1) {
            revert ReadingsAnchorSequenceMismatch(batch.gateway, batch.sequence, currentSequence + 1);
        }
        if (batch.previousHead != currentHead) {
            revert ReadingsAnchorHeadMismatch(batch.gateway, batch.sequence, batch.previousHead, currentHead);
        }
        _requireContent(batch);
        AttesterSignatures.check(batch.gateway, _hashTypedDataV4(structHash), signer, signature);

        // Effect: the cast is safe, 2**40 batches cannot be paid for.
        _chains[batch.gateway] = GatewayChain({sequence: uint40(batch.sequence), head: head});

        _emitAnchored(batch);
    }

    /// @dev A function of its own: nine values and what is under way beside them are more than the stack reaches.
    function _emitAnchored(Batch calldata batch) private {
        emit Anchored(
            batch.gateway,
            batch.sequence,
            batch.previousHead,
            batch.root,
            batch.count,
            batch.from,
            batch.to,
            batch.document,
            block.timestamp
        );
    }

    function _requireContent(Batch calldata batch) private pure {
        if (batch.count == 0) revert ReadingsAnchorCountZero(batch.gateway, batch.sequence);
        if (batch.root == bytes32(0)) revert ReadingsAnchorRootZero(batch.gateway, batch.sequence);
        if (batch.document == bytes32(0)) revert ReadingsAnchorDocumentZero(batch.gateway, batch.sequence);
        if (batch.from > batch.to) {
            revert ReadingsAnchorWindowInvalid(batch.gateway, batch.sequence, batch.from, batch.to);
        }
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReadingsAnchor} from "../../contracts/interfaces/IReadingsAnchor.sol";

// What somebody has stated, by a transaction or a signature of his own. The handlers note every statement when it is
// made; the ledger asks for it when an entry appears that needs it.

function attestationOf(address passport, address attester, bytes32 eventType, bytes32 document) pure returns (bytes32) {
    return keccak256(abi.encode("attestation", passport, attester, eventType, document));
}

function issuanceOf(address manager, bytes32 productKey, address owner, bytes32 document) pure returns (bytes32) {
    return keccak256(abi.encode("issuance", manager, productKey, owner, document));
}

function offerOf(
    address passport,
    address owner,
    address newOwner,
    bytes32 document,
    uint256 offerNonce,
    uint256 expiresAt
) pure returns (bytes32) {
    return keccak256(abi.encode("offer", passport, owner, newOwner, document, offerNonce, expiresAt));
}

function cancellationOf(address passport, address owner, uint256 offerNonce) pure returns (bytes32) {
    return keccak256(abi.encode("cancellation", passport, owner, offerNonce));
}

function acceptanceOf(
    address passport,
    address newOwner,
    bytes32 document,
    uint256 offerNonce,
    bytes32 expectedHead
) pure returns (bytes32) {
    return keccak256(abi.encode("acceptance", passport, newOwner, document, offerNonce, expectedHead));
}

function lockOf(
    address passport,
    address owner,
    address holder,
    uint256 until,
    bytes32 document
) pure returns (bytes32) {
    return keccak256(abi.encode("lock", passport, owner, holder, until, document));
}

function settlementOf(address passport, address holder, bytes32 document) pure returns (bytes32) {
    return keccak256(abi.encode("settlement", passport, holder, document));
}

function batchOf(address anchor, IReadingsAnchor.Batch memory batch) pure returns (bytes32) {
    return keccak256(abi.encode("batch", anchor, batch));
}

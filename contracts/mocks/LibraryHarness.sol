// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IDigitalPassport} from "../interfaces/IDigitalPassport.sol";
import {IReadingsAnchor} from "../interfaces/IReadingsAnchor.sol";
import {Conditions} from "../libraries/Conditions.sol";
import {EventTypes} from "../libraries/EventTypes.sol";
import {PassportHashing} from "../libraries/PassportHashing.sol";
import {PassportState, packState} from "../libraries/PassportState.sol";
import {ProductIdentifiers} from "../libraries/ProductIdentifiers.sol";

/// @title What the libraries say, for a comparison with the SDK
/// @notice For tests: `callMany` puts thousands of questions, to this contract or to others, into one `eth_call`.
contract LibraryHarness {
    /// @notice A question.
    struct Call {
        address target;
        bytes data;
    }

    /// @notice What was answered, or reverted with.
    struct Answer {
        bool isSuccess;
        bytes data;
    }

    /// @notice Asks one question after the other, in the name of this contract.
    function callMany(Call[] calldata calls) external returns (Answer[] memory answers) {
        answers = new Answer[](calls.length);
        for (uint256 index = 0; index < calls.length; ++index) {
            (bool isSuccess, bytes memory data) = calls[index].target.call(calls[index].data);
            answers[index] = Answer(isSuccess, data);
        }
    }

    /// @notice Code and address of a clone that this contract deploys as the factory does.
    function deployClone(
        address implementation,
        address manager,
        string calldata productId
    ) external returns (address clone, bytes memory code) {
        bytes memory arguments = abi.encodePacked(manager, productId);
        clone = Clones.predictDeterministicAddressWithImmutableArgs(implementation, arguments, 0);
        if (clone.code.length == 0) Clones.cloneDeterministicWithImmutableArgs(implementation, arguments, 0);
        return (clone, clone.code);
    }

    /// @notice The head after each entry of a history.
    function replayHeads(
        uint256 chainId,
        address passport,
        IDigitalPassport.Entry[] memory entries
    ) external pure returns (bytes32[] memory heads) {
        heads = new bytes32[](entries.length);
        bytes32 head = PassportHashing.initialHead(chainId, passport);
        for (uint256 index = 0; index < entries.length; ++index) {
            head = PassportHashing.nextHead(head, entries[index]);
            heads[index] = head;
        }
    }

    /// @notice {PassportHashing.initialHead}.
    function initialHead(uint256 chainId, address passport) external pure returns (bytes32) {
        return PassportHashing.initialHead(chainId, passport);
    }

    /// @notice {PassportHashing.nextHead}.
    function nextHead(bytes32 head, IDigitalPassport.Entry memory entry) external pure returns (bytes32) {
        return PassportHashing.nextHead(head, entry);
    }

    /// @notice {PassportHashing.initialGatewayHead}.
    function initialGatewayHead(uint256 chainId, address anchor, address gateway) external pure returns (bytes27) {
        return PassportHashing.initialGatewayHead(chainId, anchor, gateway);
    }

    /// @notice {PassportHashing.hashBatch}.
    function hashBatch(IReadingsAnchor.Batch memory batch) external pure returns (bytes32) {
        return PassportHashing.hashBatch(batch);
    }

    /// @notice {PassportHashing.attesterOfSigner}.
    function attesterOfSigner(bytes memory signer) external pure returns (address) {
        return PassportHashing.attesterOfSigner(signer);
    }

    /// @notice {PassportHashing.productKey}.
    function productKey(string memory productId) external pure returns (bytes32) {
        return PassportHashing.productKey(productId);
    }

    /// @notice {Conditions.isAllowedChange}.
    function isAllowedChange(uint256 before, uint256 afterwards, bool isOwner) external pure returns (bool) {
        return Conditions.isAllowedChange(before, afterwards, isOwner);
    }

    /// @notice {EventTypes.isWellFormed} and {EventTypes.isNative}.
    function describeEventType(bytes32 eventType) external pure returns (bool isWellFormed, bool isNative) {
        return (EventTypes.isWellFormed(eventType), EventTypes.isNative(eventType));
    }

    /// @notice {ProductIdentifiers.checkProductId}: reverts or not.
    function checkProductId(string memory productId, uint256 namespaceLength) external pure {
        ProductIdentifiers.checkProductId(productId, namespaceLength);
    }

    /// @notice {ProductIdentifiers.checkNamespace}: reverts or not.
    function checkNamespace(string calldata namespace) external pure {
        ProductIdentifiers.checkNamespace(namespace);
    }

    /// @notice The packed state, and what its parts read back as.
    function packAndUnpack(
        address owner,
        uint256 condition,
        uint256 entryCount,
        uint256 lastRecordedAt
    ) external pure returns (uint256 word, address, uint256, uint256, uint256) {
        PassportState state = packState(owner, condition, entryCount, lastRecordedAt);
        word = PassportState.unwrap(state);
        return (word, state.owner(), state.condition(), state.entryCount(), state.lastRecordedAt());
    }
}

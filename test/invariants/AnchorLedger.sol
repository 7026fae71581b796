// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReadingsAnchor} from "../../contracts/interfaces/IReadingsAnchor.sol";
import {vm, ICheatcodes} from "../support/Vm.sol";
import {PassportLedger} from "./PassportLedger.sol";
import {batchOf} from "./Statements.sol";

/// @dev What the events of the readings anchor add up to: one chain of batches for each gateway.
abstract contract AnchorLedger is PassportLedger {
    /// @dev A gateway's chain, from its events alone.
    struct Chain {
        uint256 sequence;
        bytes27 head;
    }

    bytes32 private constant BATCH_TYPE = keccak256(
        "Batch(address gateway,uint256 sequence,bytes27 previousHead,bytes32 root,uint256 count,uint256 from,uint256 to,bytes32 document)"
    );

    IReadingsAnchor internal _anchor;
    mapping(address gateway => Chain) private _chains;

    // --------------------------------------------------------------------------------------------------------- views

    /// @dev Where a gateway's chain stands, by its events.
    function chainOf(address gateway) public view returns (uint256 sequence, bytes27 head) {
        Chain memory chain = _chains[gateway];
        return chain.sequence == 0 ? (0, _firstHead(gateway)) : (chain.sequence, chain.head);
    }

    // ------------------------------------------------------------------------------------------------------- booking

    function _bookBatch(ICheatcodes.Log calldata log) internal {
        (IReadingsAnchor.Batch memory batch, uint256 recordedAt) = _decodeBatch(log);
        (uint256 sequence, bytes27 head) = chainOf(batch.gateway);
        vm.assertEq(log.emitter, address(_anchor), "INV-25: a batch on another anchor");
        vm.assertEq(batch.sequence, sequence + 1, "INV-25: a batch without the next number");
        vm.assertEq(recordedAt, block.timestamp, "INV-25: a batch bears another time than that of its block");
        bool isEmpty = batch.count == 0 || batch.root == 0 || batch.document == 0 || batch.from > batch.to;
        vm.assertFalse(isEmpty, "INV-25: a batch that says nothing");
        vm.assertEq(batch.previousHead, head, "INV-26: a batch that continues another chain");
        _take(batchOf(address(_anchor), batch), "INV-27: a batch that its gateway did not sign");
        _chains[batch.gateway] = Chain(batch.sequence, _headAfter(batch));
    }

    // --------------------------------------------------------------------------------------------------------- state

    /// @dev The slot of a gateway has nothing but its sequence, 5 bytes, and its head.
    function _checkChain(address gateway) internal view {
        (uint256 sequence, bytes27 head) = chainOf(gateway);
        (uint256 currentSequence, bytes27 currentHead) = _anchor.chainOf(gateway);
        vm.assertEq(currentSequence, sequence, "INV-25: a chain is as long as no event says");
        vm.assertEq(currentHead, head, "INV-26: a head is not the hash of the events");
        uint256 word = sequence == 0 ? 0 : sequence | (uint256(uint216(head)) << 40);
        bytes32 slot = keccak256(abi.encode(gateway, 2));
        vm.assertEq(vm.load(address(_anchor), slot), bytes32(word), "INV-28: a slot is not the gateway's chain");
    }

    // ------------------------------------------------------------------------------------------------------- helpers

    function _firstHead(address gateway) private view returns (bytes27) {
        bytes32 domain = keccak256("ReadingsAnchor.head.v1");
        return bytes27(keccak256(abi.encode(domain, block.chainid, address(_anchor), gateway)));
    }

    function _headAfter(IReadingsAnchor.Batch memory batch) private pure returns (bytes27) {
        return
            bytes27(
                keccak256(
                    abi.encode(
                        BATCH_TYPE,
                        batch.gateway,
                        batch.sequence,
                        batch.previousHead,
                        batch.root,
                        batch.count,
                        batch.from,
                        batch.to,
                        batch.document
                    )
                )
            );
    }

    function _decodeBatch(
        ICheatcodes.Log calldata log
    ) private pure returns (IReadingsAnchor.Batch memory batch, uint256 recordedAt) {
        batch.gateway = address(uint160(uint256(log.topics[1])));
        batch.sequence = uint256(log.topics[2]);
        batch.document = log.topics[3];
        (batch.previousHead, batch.root, batch.count, batch.from, batch.to, recordedAt) = abi.decode(
            log.data,
            (bytes27, bytes32, uint256, uint256, uint256, uint256)
        );
    }
}

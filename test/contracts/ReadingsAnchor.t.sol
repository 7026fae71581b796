// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReadingsAnchor} from "../../contracts/interfaces/IReadingsAnchor.sol";
import {AttesterSignatures} from "../../contracts/libraries/AttesterSignatures.sol";
import {ReadingsAnchor} from "../../contracts/ReadingsAnchor.sol";
import {vm, ICheatcodes} from "../support/Vm.sol";

/// @dev Submits any sequence of batches of three gateways, good ones and bad, and compares every answer with a model
/// that keeps whole batches where the contract keeps 27 bytes.
contract ReadingsAnchorTest {
    bytes32 private constant BATCH_TYPE = keccak256(
        "Batch(address gateway,uint256 sequence,bytes27 previousHead,bytes32 root,uint256 count,uint256 from,uint256 to,bytes32 document)"
    );

    ReadingsAnchor private _anchor;
    mapping(address gateway => IReadingsAnchor.Batch[]) private _batchesOf;

    function setUp() public {
        _anchor = new ReadingsAnchor();
        vm.warp(1_800_000_000);
    }

    function testFuzz_anchor_anySequence_isWhatTheModelSays(uint256[24] memory seeds) external {
        for (uint256 index = 0; index < seeds.length; ++index) {
            uint256 seed = uint256(keccak256(abi.encode(seeds[index], index)));
            _play(1 + (seed % 3), seed >> 8);
        }
        for (uint256 key = 1; key <= 3; ++key) _assertChain(vm.addr(key));
    }

    /// @dev All batches of a sequence at once, and the same with one bad batch at any place: all or none.
    function testFuzz_anchorMany_anySequence_recordsAllOrNone(uint256 seed, uint8 count, uint8 bad) external {
        IReadingsAnchor.SignedBatch[] memory signed = new IReadingsAnchor.SignedBatch[](1 + (count % 8));
        for (uint256 index = 0; index < signed.length; ++index) {
            uint256 key = 1 + (uint256(keccak256(abi.encode(seed, index))) % 3);
            IReadingsAnchor.Batch memory batch = _nextBatch(vm.addr(key), index);
            _batchesOf[batch.gateway].push(batch);
            signed[index] = IReadingsAnchor.SignedBatch(batch, "", _sign(key, batch));
        }
        uint256 spoilt = bad % signed.length;
        bytes memory signature = signed[spoilt].signature;
        signed[spoilt].signature = "";
        bytes32 digest = _anchor.batchDigest(signed[spoilt].batch);
        address gateway = signed[spoilt].batch.gateway;
        vm.expectRevert(abi.encodeWithSelector(AttesterSignatures.AttesterSignatureInvalid.selector, gateway, digest));
        _anchor.anchorMany(signed);
        for (uint256 key = 1; key <= 3; ++key) {
            (uint256 sequence, bytes27 head) = _anchor.chainOf(vm.addr(key));
            vm.assertEq(sequence, 0, "nothing is recorded");
            vm.assertEq(head, _firstHead(vm.addr(key)), "the head stays");
        }

        signed[spoilt].signature = signature;
        _anchor.anchorMany(signed);
        for (uint256 key = 1; key <= 3; ++key) _assertChain(vm.addr(key));
    }

    function testFuzz_anchor_afterAFork_signaturesCountOnTheirOwnBranchOnly(uint64 forkedChainId) external {
        vm.assume(forkedChainId != block.chainid && forkedChainId != 0);
        address gateway = vm.addr(1);
        IReadingsAnchor.Batch memory batch = _nextBatch(gateway, 1);
        _anchor.anchor(batch, "", _sign(1, batch));
        _batchesOf[gateway].push(batch);
        IReadingsAnchor.Batch memory next = _nextBatch(gateway, 2);
        bytes memory signature = _sign(1, next);
        bytes27 firstHead = _firstHead(vm.addr(2));

        vm.chainId(forkedChainId);
        _assertChain(gateway);
        vm.expectRevert(_invalid(next));
        _anchor.anchor(next, "", signature);
        (, bytes27 firstHeadOfFork) = _anchor.chainOf(vm.addr(2));
        vm.assertEq(firstHeadOfFork, _firstHead(vm.addr(2)), "a gateway without batches begins on the fork");
        vm.assertNotEq(firstHeadOfFork, firstHead, "and not where it would have begun before it");
        _anchor.anchor(next, "", _sign(1, next));
        _batchesOf[gateway].push(next);
        _assertChain(gateway);
    }

    function testFuzz_chainOf_anySlot_isItsTwoParts(address gateway, uint40 sequence, bytes27 head) external {
        vm.assume(sequence != 0);
        bytes32 word = bytes32(uint256(sequence) | (uint256(uint216(head)) << 40));
        vm.store(address(_anchor), keccak256(abi.encode(gateway, 2)), word);
        (uint256 currentSequence, bytes27 currentHead) = _anchor.chainOf(gateway);
        vm.assertEq(currentSequence, sequence, "sequence");
        vm.assertEq(currentHead, head, "head");
    }

    /// @dev No head that a gateway could have makes a batch pass for the last one again, unless it is.
    function testFuzz_anchor_anyBatchOnAnyChain_isSilentOnlyIfItIsTheLast(
        IReadingsAnchor.Batch memory batch,
        uint40 sequence,
        bytes27 head
    ) external {
        bytes32 word = bytes32(uint256(sequence) | (uint256(uint216(head)) << 40));
        vm.store(address(_anchor), keccak256(abi.encode(batch.gateway, 2)), word);
        bool isLast = sequence != 0 && _headAfter(batch) == head;
        (bool isSuccessful, ) = address(_anchor).call(abi.encodeCall(IReadingsAnchor.anchor, (batch, "", "")));
        vm.assertEq(isSuccessful, isLast, "silent");
    }

    // --------------------------------------------------------------------------------------------------------- model

    function _play(uint256 key, uint256 seed) private {
        IReadingsAnchor.Batch memory batch = _nextBatch(vm.addr(key), seed);
        uint256 count = batch.sequence - 1;
        uint256 what = seed % 10;
        if (what == 0 && count != 0) return _playAgain(key, seed);
        if (what == 1) batch.sequence += 1 + ((seed >> 8) % 5);
        if (what == 2 && count != 0) batch.sequence -= 1 + ((seed >> 8) % count);
        if (what == 3) batch.previousHead = bytes27(keccak256(abi.encode(seed)));
        if (what == 4) batch.count = 0;
        if (what == 5) batch.root = 0;
        if (what == 6) batch.document = 0;
        if (what == 7) batch.from = batch.to + 1;
        bytes memory signature = what == 8 ? _sign(key + 1, batch) : _sign(key, batch);

        bytes memory refusal = what == 8 ? _invalid(batch) : _refusalOf(batch, count);
        if (refusal.length != 0) {
            vm.expectRevert(refusal);
            _anchor.anchor(batch, "", signature);
            return;
        }
        vm.recordLogs();
        _anchor.anchor(batch, "", signature);
        _assertEvent(batch, vm.getRecordedLogs());
        _batchesOf[batch.gateway].push(batch);
    }

    /// @dev Any of those that are anchored, by any signature: the last one is silent, older ones are refused.
    function _playAgain(uint256 key, uint256 seed) private {
        IReadingsAnchor.Batch[] storage batches = _batchesOf[vm.addr(key)];
        IReadingsAnchor.Batch memory batch = batches[(seed >> 8) % batches.length];
        bytes memory signature = (seed >> 40) % 2 == 0 ? _sign(key, batch) : abi.encode(seed);
        if (batch.sequence != batches.length) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IReadingsAnchor.ReadingsAnchorSequenceMismatch.selector,
                    batch.gateway,
                    batch.sequence,
                    batches.length + 1
                )
            );
        }
        vm.recordLogs();
        _anchor.anchor(batch, "", signature);
        vm.assertEq(vm.getRecordedLogs().length, 0, "a batch again emits nothing");
    }

    function _refusalOf(IReadingsAnchor.Batch memory batch, uint256 count) private view returns (bytes memory) {
        (address gateway, uint256 sequence) = (batch.gateway, batch.sequence);
        bytes27 head = _headOf(gateway);
        bytes4 selector = 0;
        if (count != 0 && sequence == count) {
            selector = IReadingsAnchor.ReadingsAnchorPositionTaken.selector;
            return abi.encodeWithSelector(selector, gateway, sequence, _headAfter(batch), head);
        }
        if (sequence != count + 1) {
            selector = IReadingsAnchor.ReadingsAnchorSequenceMismatch.selector;
            return abi.encodeWithSelector(selector, gateway, sequence, count + 1);
        }
        if (batch.previousHead != head) {
            selector = IReadingsAnchor.ReadingsAnchorHeadMismatch.selector;
            return abi.encodeWithSelector(selector, gateway, sequence, batch.previousHead, head);
        }
        if (batch.from > batch.to) {
            selector = IReadingsAnchor.ReadingsAnchorWindowInvalid.selector;
            return abi.encodeWithSelector(selector, gateway, sequence, batch.from, batch.to);
        }
        if (batch.count == 0) selector = IReadingsAnchor.ReadingsAnchorCountZero.selector;
        else if (batch.root == 0) selector = IReadingsAnchor.ReadingsAnchorRootZero.selector;
        else if (batch.document == 0) selector = IReadingsAnchor.ReadingsAnchorDocumentZero.selector;
        return selector == 0 ? bytes("") : abi.encodeWithSelector(selector, gateway, sequence);
    }

    function _nextBatch(address gateway, uint256 seed) private view returns (IReadingsAnchor.Batch memory batch) {
        batch.gateway = gateway;
        batch.sequence = _batchesOf[gateway].length + 1;
        batch.previousHead = _headOf(gateway);
        batch.root = keccak256(abi.encode("root", seed));
        batch.count = 1 + (seed % 4_096);
        batch.from = 1_700_000_000 + (seed % 1 days);
        batch.to = batch.from + (seed % 3);
        batch.document = keccak256(abi.encode("document", seed));
    }

    /// @dev Replays every batch from the first.
    function _headOf(address gateway) private view returns (bytes27 head) {
        IReadingsAnchor.Batch[] storage batches = _batchesOf[gateway];
        return batches.length == 0 ? _firstHead(gateway) : _headAfter(batches[batches.length - 1]);
    }

    function _assertChain(address gateway) private view {
        (uint256 sequence, bytes27 head) = _anchor.chainOf(gateway);
        vm.assertEq(sequence, _batchesOf[gateway].length, "sequence");
        vm.assertEq(head, _headOf(gateway), "head");
    }

    function _assertEvent(IReadingsAnchor.Batch memory batch, ICheatcodes.Log[] memory logs) private view {
        vm.assertEq(logs.length, 1, "one event");
        vm.assertEq(logs[0].topics[0], IReadingsAnchor.Anchored.selector, "Anchored");
        vm.assertEq(address(uint160(uint256(logs[0].topics[1]))), batch.gateway, "gateway");
        vm.assertEq(uint256(logs[0].topics[2]), batch.sequence, "sequence");
        vm.assertEq(logs[0].topics[3], batch.document, "document");
        bytes memory data = abi.encode(
            batch.previousHead,
            batch.root,
            batch.count,
            batch.from,
            batch.to,
            block.timestamp
        );
        vm.assertEq(keccak256(logs[0].data), keccak256(data), "the rest");
    }

    function _sign(uint256 key, IReadingsAnchor.Batch memory batch) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, _anchor.batchDigest(batch));
        return abi.encodePacked(r, s, v);
    }

    function _invalid(IReadingsAnchor.Batch memory batch) private view returns (bytes memory) {
        bytes4 selector = AttesterSignatures.AttesterSignatureInvalid.selector;
        return abi.encodeWithSelector(selector, batch.gateway, _anchor.batchDigest(batch));
    }

    function _firstHead(address gateway) private view returns (bytes27) {
        bytes32 domain = keccak256("ReadingsAnchor.head.v1");
        return bytes27(keccak256(abi.encode(domain, block.chainid, address(_anchor), gateway)));
    }

    function _headAfter(IReadingsAnchor.Batch memory batch) private pure returns (bytes27) {
        return bytes27(keccak256(abi.encode(BATCH_TYPE, batch)));
    }
}

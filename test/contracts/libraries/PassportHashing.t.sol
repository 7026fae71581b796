// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IDigitalPassport} from "../../../contracts/interfaces/IDigitalPassport.sol";
import {IReadingsAnchor} from "../../../contracts/interfaces/IReadingsAnchor.sol";
import {PassportHashing} from "../../../contracts/libraries/PassportHashing.sol";
import {vm} from "../../support/Vm.sol";

/// @dev Every hash of the suite, spelled out word by word as the specification defines it.
contract PassportHashingTest {
    function testFuzz_productKey_anyText_isTheHashOfItsBytes(string calldata productId) external pure {
        vm.assertEq(PassportHashing.productKey(productId), keccak256(bytes(productId)), "productKey");
    }

    function testFuzz_initialHead_anyPassport_isTheHashOfDomainChainAndPassport(
        uint256 chainId,
        address passport
    ) external pure {
        bytes memory words = bytes.concat(keccak256("DigitalPassport.head.v1"), bytes32(chainId), _word(passport));
        vm.assertEq(PassportHashing.initialHead(chainId, passport), keccak256(words), "initialHead");
    }

    function testFuzz_nextHead_anyEntry_isTheHashOfNineWords(
        bytes32 head,
        IDigitalPassport.Entry calldata entry
    ) external pure {
        bytes memory words = bytes.concat(
            bytes.concat(head, bytes32(entry.sequence), entry.eventType, _word(entry.attester)),
            bytes.concat(bytes32(entry.roles), entry.document, bytes32(entry.recordedAt)),
            bytes.concat(_word(entry.owner), bytes32(entry.condition))
        );
        vm.assertEq(words.length, 9 * 32, "nine words");
        vm.assertEq(PassportHashing.nextHead(head, entry), keccak256(words), "nextHead");
    }

    function testFuzz_nextHead_anyFieldChanged_isAnother(
        bytes32 head,
        IDigitalPassport.Entry calldata entry,
        uint8 field,
        uint160 change
    ) external pure {
        vm.assume(change != 0);
        bytes32 changeWord = bytes32(uint256(change));
        IDigitalPassport.Entry memory changed = entry;
        uint256 position = field % 9;
        bytes32 changedHead = position == 0 ? head ^ changeWord : head;
        if (position == 1) changed.sequence ^= change;
        if (position == 2) changed.eventType ^= changeWord;
        if (position == 3) changed.attester = address(uint160(changed.attester) ^ change);
        if (position == 4) changed.roles ^= change;
        if (position == 5) changed.document ^= changeWord;
        if (position == 6) changed.recordedAt ^= change;
        if (position == 7) changed.owner = address(uint160(changed.owner) ^ change);
        if (position == 8) changed.condition ^= change;
        vm.assertNotEq(
            PassportHashing.nextHead(changedHead, changed),
            PassportHashing.nextHead(head, entry),
            "nextHead"
        );
    }

    function testFuzz_attesterOfSigner_anySigner_isTheLastTwentyBytesOfTheHash(bytes calldata signer) external pure {
        bytes32 hash = keccak256(bytes.concat(keccak256("DigitalPassport.signer.v1(bytes signer)"), keccak256(signer)));
        bytes memory lastTwenty = new bytes(20);
        for (uint256 index = 0; index < 20; ++index) lastTwenty[index] = hash[12 + index];
        vm.assertEq(PassportHashing.attesterOfSigner(signer), address(bytes20(lastTwenty)), "attesterOfSigner");
    }

    function testFuzz_hashAttestation_anyAttestation_isItsEip712Struct(
        IDigitalPassport.Attestation calldata attestation
    ) external pure {
        bytes32 typeHash = keccak256(
            "Attestation(bytes32 eventType,bytes32 document,address attester,uint256 sequence,uint256 deadline)"
        );
        bytes memory words = bytes.concat(
            bytes.concat(typeHash, attestation.eventType, attestation.document, _word(attestation.attester)),
            bytes.concat(bytes32(attestation.sequence), bytes32(attestation.deadline))
        );
        vm.assertEq(PassportHashing.hashAttestation(attestation), keccak256(words), "hashAttestation");
    }

    function testFuzz_hashOffer_anyOffer_isItsEip712Struct(IDigitalPassport.Offer calldata offer) external pure {
        bytes32 typeHash = keccak256("Offer(address newOwner,bytes32 document,uint256 offerNonce,uint256 expiresAt)");
        bytes memory words = bytes.concat(
            bytes.concat(typeHash, _word(offer.newOwner), offer.document),
            bytes.concat(bytes32(offer.offerNonce), bytes32(offer.expiresAt))
        );
        vm.assertEq(PassportHashing.hashOffer(offer), keccak256(words), "hashOffer");
    }

    function testFuzz_hashCancel_anyNumber_isItsEip712Struct(uint256 offerNonce) external pure {
        bytes memory words = bytes.concat(keccak256("Cancel(uint256 offerNonce)"), bytes32(offerNonce));
        vm.assertEq(PassportHashing.hashCancel(offerNonce), keccak256(words), "hashCancel");
    }

    function testFuzz_hashAccept_anyAcceptance_isItsEip712Struct(
        IDigitalPassport.Accept calldata accept
    ) external pure {
        bytes32 typeHash = keccak256(
            "Accept(address newOwner,bytes32 document,uint256 offerNonce,bytes32 expectedHead,uint256 deadline)"
        );
        bytes memory words = bytes.concat(
            bytes.concat(typeHash, _word(accept.newOwner), accept.document, bytes32(accept.offerNonce)),
            bytes.concat(accept.expectedHead, bytes32(accept.deadline))
        );
        vm.assertEq(PassportHashing.hashAccept(accept), keccak256(words), "hashAccept");
    }

    function testFuzz_hashLock_anyLock_isItsEip712Struct(IDigitalPassport.Lock calldata lock) external pure {
        bytes32 typeHash = keccak256(
            "Lock(address holder,uint256 until,bytes32 document,uint256 sequence,uint256 deadline)"
        );
        bytes memory words = bytes.concat(
            bytes.concat(typeHash, _word(lock.holder), bytes32(lock.until)),
            bytes.concat(lock.document, bytes32(lock.sequence), bytes32(lock.deadline))
        );
        vm.assertEq(PassportHashing.hashLock(lock), keccak256(words), "hashLock");
    }

    function testFuzz_initialGatewayHead_anyGateway_isTheBeginningOfTheHashOfDomainChainAnchorAndGateway(
        uint256 chainId,
        address anchor,
        address gateway
    ) external pure {
        bytes memory words = bytes.concat(
            bytes.concat(keccak256("ReadingsAnchor.head.v1"), bytes32(chainId), _word(anchor)),
            _word(gateway)
        );
        bytes27 head = PassportHashing.initialGatewayHead(chainId, anchor, gateway);
        vm.assertEq(head, bytes27(keccak256(words)), "initialGatewayHead");
    }

    function testFuzz_hashBatch_anyBatch_isItsEip712Struct(IReadingsAnchor.Batch calldata batch) external pure {
        bytes32 typeHash = keccak256(
            "Batch(address gateway,uint256 sequence,bytes27 previousHead,bytes32 root,uint256 count,uint256 from,uint256 to,bytes32 document)"
        );
        bytes memory words = bytes.concat(
            bytes.concat(typeHash, _word(batch.gateway), bytes32(batch.sequence), bytes32(batch.previousHead)),
            bytes.concat(batch.root, bytes32(batch.count), bytes32(batch.from), bytes32(batch.to), batch.document)
        );
        vm.assertEq(PassportHashing.hashBatch(batch), keccak256(words), "hashBatch");
    }

    // ------------------------------------------------------------------------------------------------------- vectors

    function test_productKey_vectors_agree() external view {
        string memory json = _vectors();
        for (uint256 index = 0; _has(json, "productKeys", index); ++index) {
            string memory path = _path("productKeys", index);
            bytes32 key = PassportHashing.productKey(vm.parseJsonString(json, _at(path, "productId")));
            vm.assertEq(key, vm.parseJsonBytes32(json, _at(path, "expected")), path);
        }
    }

    function test_attesterOfSigner_vectors_agree() external view {
        string memory json = _vectors();
        for (uint256 index = 0; _has(json, "signers", index); ++index) {
            string memory path = _path("signers", index);
            address attester = PassportHashing.attesterOfSigner(vm.parseJsonBytes(json, _at(path, "signer")));
            vm.assertEq(attester, vm.parseJsonAddress(json, _at(path, "expected")), path);
        }
    }

    function test_initialHead_vectors_agree() external view {
        string memory json = _vectors();
        for (uint256 index = 0; _has(json, "initialHeads", index); ++index) {
            string memory path = _path("initialHeads", index);
            bytes32 head = PassportHashing.initialHead(
                vm.parseJsonUint(json, _at(path, "chainId")),
                vm.parseJsonAddress(json, _at(path, "passport"))
            );
            vm.assertEq(head, vm.parseJsonBytes32(json, _at(path, "expected")), path);
        }
    }

    function test_nextHead_vectors_agree() external view {
        string memory json = _vectors();
        for (uint256 index = 0; _has(json, "entryHeads", index); ++index) {
            string memory path = _path("entryHeads", index);
            bytes32 head = vm.parseJsonBytes32(json, _at(path, "head"));
            IDigitalPassport.Entry memory entry = _entry(json, _at(path, "entry"));
            vm.assertEq(PassportHashing.nextHead(head, entry), vm.parseJsonBytes32(json, _at(path, "expected")), path);
        }
    }

    function test_hashesOfStructs_vectors_agree() external view {
        string memory json = _vectors();
        for (uint256 index = 0; _has(json, "structs", index); ++index) {
            string memory path = _path("structs", index);
            string memory structType = vm.parseJsonString(json, _at(path, "type"));
            bytes32 structHash = _structHash(json, structType, _at(path, "message"));
            vm.assertEq(structHash, vm.parseJsonBytes32(json, _at(path, "structHash")), path);
        }
    }

    function test_gatewayChains_vectors_agree() external view {
        string memory json = _vectors();
        for (uint256 index = 0; _has(json, "gatewayChains", index); ++index) {
            string memory path = _path("gatewayChains", index);
            bytes27 head = PassportHashing.initialGatewayHead(
                vm.parseJsonUint(json, _at(path, "chainId")),
                vm.parseJsonAddress(json, _at(path, "readingsAnchor")),
                vm.parseJsonAddress(json, _at(path, "gateway"))
            );
            string memory list = string.concat(path, ".batches");
            vm.assertTrue(_hasAt(json, list, 0), list);
            for (uint256 position = 0; _hasAt(json, list, position); ++position) {
                string memory batchPath = _pathAt(list, position);
                vm.assertEq(head, _bytes27(json, _at(batchPath, "previousHead")), batchPath);
                head = bytes27(PassportHashing.hashBatch(_batch(json, batchPath)));
                vm.assertEq(head, _bytes27(json, _at(batchPath, "head")), batchPath);
            }
        }
    }

    /// @dev Pairings are not hashed on chain.
    function test_hashBatch_vectors_agree() external view {
        string memory json = _vectors();
        for (uint256 index = 0; _has(json, "gatewayStructs", index); ++index) {
            string memory path = _path("gatewayStructs", index);
            if (!Strings.equal(vm.parseJsonString(json, _at(path, "type")), "Batch")) continue;
            bytes32 structHash = PassportHashing.hashBatch(_batch(json, _at(path, "message")));
            vm.assertEq(structHash, vm.parseJsonBytes32(json, _at(path, "structHash")), path);
        }
    }

    /// @dev Relative to the project's root; hardhat.config.ts lets tests read this one file. An empty list would let
    /// every test of vectors pass.
    function _vectors() private view returns (string memory json) {
        json = vm.readFile("test/vectors/hashing.json");
        string[7] memory lists = [
            "productKeys",
            "signers",
            "initialHeads",
            "entryHeads",
            "structs",
            "gatewayChains",
            "gatewayStructs"
        ];
        for (uint256 index = 0; index < lists.length; ++index) vm.assertTrue(_has(json, lists[index], 0), lists[index]);
    }

    function _has(string memory json, string memory list, uint256 index) private view returns (bool) {
        return vm.keyExistsJson(json, _path(list, index));
    }

    function _hasAt(string memory json, string memory listPath, uint256 index) private view returns (bool) {
        return vm.keyExistsJson(json, _pathAt(listPath, index));
    }

    function _path(string memory list, uint256 index) private pure returns (string memory) {
        return _pathAt(string.concat(".", list), index);
    }

    function _pathAt(string memory listPath, uint256 index) private pure returns (string memory) {
        return string.concat(listPath, "[", Strings.toString(index), "]");
    }

    function _at(string memory path, string memory key) private pure returns (string memory) {
        return string.concat(path, ".", key);
    }

    function _entry(string memory json, string memory path) private pure returns (IDigitalPassport.Entry memory entry) {
        entry.sequence = vm.parseJsonUint(json, _at(path, "sequence"));
        entry.eventType = vm.parseJsonBytes32(json, _at(path, "eventType"));
        entry.attester = vm.parseJsonAddress(json, _at(path, "attester"));
        entry.roles = vm.parseJsonUint(json, _at(path, "roles"));
        entry.document = vm.parseJsonBytes32(json, _at(path, "document"));
        entry.recordedAt = vm.parseJsonUint(json, _at(path, "recordedAt"));
        entry.owner = vm.parseJsonAddress(json, _at(path, "owner"));
        entry.condition = vm.parseJsonUint(json, _at(path, "condition"));
    }

    function _batch(string memory json, string memory path) private pure returns (IReadingsAnchor.Batch memory batch) {
        batch.gateway = vm.parseJsonAddress(json, _at(path, "gateway"));
        batch.sequence = vm.parseJsonUint(json, _at(path, "sequence"));
        batch.previousHead = _bytes27(json, _at(path, "previousHead"));
        batch.root = vm.parseJsonBytes32(json, _at(path, "root"));
        batch.count = vm.parseJsonUint(json, _at(path, "count"));
        batch.from = vm.parseJsonUint(json, _at(path, "from"));
        batch.to = vm.parseJsonUint(json, _at(path, "to"));
        batch.document = vm.parseJsonBytes32(json, _at(path, "document"));
    }

    function _bytes27(string memory json, string memory path) private pure returns (bytes27) {
        return bytes27(vm.parseJsonBytes(json, path));
    }

    function _structHash(
        string memory json,
        string memory structType,
        string memory path
    ) private pure returns (bytes32) {
        if (Strings.equal(structType, "Attestation")) {
            return
                PassportHashing.hashAttestation(
                    IDigitalPassport.Attestation({
                        eventType: vm.parseJsonBytes32(json, _at(path, "eventType")),
                        document: vm.parseJsonBytes32(json, _at(path, "document")),
                        attester: vm.parseJsonAddress(json, _at(path, "attester")),
                        sequence: vm.parseJsonUint(json, _at(path, "sequence")),
                        deadline: vm.parseJsonUint(json, _at(path, "deadline"))
                    })
                );
        }
        if (Strings.equal(structType, "Lock")) {
            return
                PassportHashing.hashLock(
                    IDigitalPassport.Lock({
                        holder: vm.parseJsonAddress(json, _at(path, "holder")),
                        until: vm.parseJsonUint(json, _at(path, "until")),
                        document: vm.parseJsonBytes32(json, _at(path, "document")),
                        sequence: vm.parseJsonUint(json, _at(path, "sequence")),
                        deadline: vm.parseJsonUint(json, _at(path, "deadline"))
                    })
                );
        }
        return _structHashOfOwnership(json, structType, path);
    }

    function _structHashOfOwnership(
        string memory json,
        string memory structType,
        string memory path
    ) private pure returns (bytes32) {
        if (Strings.equal(structType, "Offer")) {
            return
                PassportHashing.hashOffer(
                    IDigitalPassport.Offer({
                        newOwner: vm.parseJsonAddress(json, _at(path, "newOwner")),
                        document: vm.parseJsonBytes32(json, _at(path, "document")),
                        offerNonce: vm.parseJsonUint(json, _at(path, "offerNonce")),
                        expiresAt: vm.parseJsonUint(json, _at(path, "expiresAt"))
                    })
                );
        }
        if (Strings.equal(structType, "Cancel")) {
            return PassportHashing.hashCancel(vm.parseJsonUint(json, _at(path, "offerNonce")));
        }
        return
            PassportHashing.hashAccept(
                IDigitalPassport.Accept({
                    newOwner: vm.parseJsonAddress(json, _at(path, "newOwner")),
                    document: vm.parseJsonBytes32(json, _at(path, "document")),
                    offerNonce: vm.parseJsonUint(json, _at(path, "offerNonce")),
                    expectedHead: vm.parseJsonBytes32(json, _at(path, "expectedHead")),
                    deadline: vm.parseJsonUint(json, _at(path, "deadline"))
                })
            );
    }

    function _word(address account) private pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDigitalPassport} from "../../../contracts/interfaces/IDigitalPassport.sol";
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
        bytes memory words = bytes.concat(
            keccak256("DigitalPassport.head.v1"),
            bytes32(chainId),
            _word(passport)
        );
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
        IDigitalPassport.Entry memory entry,
        uint8 field,
        uint160 change
    ) external pure {
        vm.assume(change != 0);
        bytes32 before = PassportHashing.nextHead(head, entry);
        uint256 position = field % 9;
        if (position == 0) head = bytes32(uint256(head) ^ change);
        if (position == 1) entry.sequence ^= change;
        if (position == 2) entry.eventType ^= bytes32(uint256(change));
        if (position == 3) entry.attester = address(uint160(entry.attester) ^ change);
        if (position == 4) entry.roles ^= change;
        if (position == 5) entry.document ^= bytes32(uint256(change));
        if (position == 6) entry.recordedAt ^= change;
        if (position == 7) entry.owner = address(uint160(entry.owner) ^ change);
        if (position == 8) entry.condition ^= change;
        vm.assertNotEq(PassportHashing.nextHead(head, entry), before, "nextHead");
    }

    function testFuzz_attesterOfSigner_anySigner_isTheLastTwentyBytesOfTheHash(bytes calldata signer) external pure {
        bytes32 hash = keccak256(
            bytes.concat(keccak256("DigitalPassport.signer.v1(bytes signer)"), keccak256(signer))
        );
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
            "Accept(bytes32 document,uint256 offerNonce,bytes32 expectedHead,uint256 deadline)"
        );
        bytes memory words = bytes.concat(
            bytes.concat(typeHash, accept.document, bytes32(accept.offerNonce)),
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

    function _word(address account) private pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }
}

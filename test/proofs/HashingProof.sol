// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDigitalPassport} from "../../contracts/interfaces/IDigitalPassport.sol";
import {PassportHashing} from "../../contracts/libraries/PassportHashing.sol";

/// @dev What is hashed. keccak256 is a function of which nothing is assumed but that equal bytes have equal hashes: two
/// hashes are proven equal only where the same bytes are hashed.
contract HashingProof {
    function check_nextHead_anyEntry_hashesItsAbiEncoding(
        bytes32 head,
        IDigitalPassport.Entry memory entry
    ) external pure {
        assert(PassportHashing.nextHead(head, entry) == keccak256(abi.encode(head, entry)));
    }

    /// @dev Nine words, each field at a place of its own: two entries with one encoding are one entry.
    function check_nextHead_anyEntry_hashesNineWordsInOrder(
        bytes32 head,
        IDigitalPassport.Entry memory entry
    ) external pure {
        bytes32[9] memory words = [
            head,
            bytes32(entry.sequence),
            entry.eventType,
            bytes32(uint256(uint160(entry.attester))),
            bytes32(entry.roles),
            entry.document,
            bytes32(entry.recordedAt),
            bytes32(uint256(uint160(entry.owner))),
            bytes32(entry.condition)
        ];
        bytes32 expected;
        assembly ("memory-safe") {
            expected := keccak256(words, 0x120)
        }
        assert(PassportHashing.nextHead(head, entry) == expected);
    }

    function check_nextHead_anyEntry_leavesItAsItWas(bytes32 head, IDigitalPassport.Entry memory entry) external pure {
        bytes32 before = keccak256(abi.encode(entry));
        PassportHashing.nextHead(head, entry);
        assert(keccak256(abi.encode(entry)) == before);
    }

    function check_initialHead_anyPassport_hashesDomainChainAndPassport(
        uint256 chainId,
        address passport
    ) external pure {
        bytes32[3] memory words = [
            keccak256("DigitalPassport.head.v1"),
            bytes32(chainId),
            bytes32(uint256(uint160(passport)))
        ];
        bytes32 expected;
        assembly ("memory-safe") {
            expected := keccak256(words, 0x60)
        }
        assert(PassportHashing.initialHead(chainId, passport) == expected);
    }
}

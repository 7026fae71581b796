// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ProductIdentifiers} from "../../../contracts/libraries/ProductIdentifiers.sol";
import {bound} from "../../support/Bound.sol";
import {vm} from "../../support/Vm.sol";

/// @notice Makes the library callable with calldata, and its refusals catchable.
contract ProductIdentifiersCaller {
    function checkProductId(string calldata productId, uint256 namespaceLength) external pure {
        ProductIdentifiers.checkProductId(productId, namespaceLength);
    }

    function checkNamespace(string calldata namespace) external pure {
        ProductIdentifiers.checkNamespace(namespace);
    }

    function prefixHash(string calldata productId, uint256 length) external pure returns (bytes32) {
        return ProductIdentifiers.prefixHash(productId, length);
    }

    function segmentEnd(string calldata namespace, uint256 start) external pure returns (uint256) {
        return ProductIdentifiers.segmentEnd(namespace, start);
    }
}

/// @notice Compares the library, which works with bit sets, with a reference that spells its characters out and splits
/// at the slashes.
contract ProductIdentifiersTest {
    string private constant LETTERS = "abcdefghijklmnopqrstuvwxyz";
    string private constant CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    string private constant DIGITS = "0123456789";

    /// @dev What a namespace is fuzzed from: every kind of character that a rule speaks of, `/` and `.` more often.
    bytes private constant NAMESPACE_ALPHABET = "az09-_~./AZ:@%?#\\ [!\x00\x7f\x80\xff///...//..";

    ProductIdentifiersCaller private immutable caller = new ProductIdentifiersCaller();

    // ----------------------------------------------------------------------------------------------------- productId

    /// @dev At every place of a word of 32 bytes, which the library checks at once, and behind its end.
    function test_checkProductId_eachCharacterAtEachPlace_acceptsPrintableAsciiWithoutSpace() public view {
        for (uint256 code = 0; code < 256; ++code) {
            for (uint256 place = 0; place < 34; ++place) {
                bytes memory productId = _repeat("a", 34);
                productId[place] = bytes1(uint8(code));
                bool isAccepted = _accepts(abi.encodeCall(caller.checkProductId, (string(productId), 0)));
                vm.assertEq(isAccepted, code > 0x20 && code < 0x7f, "character judged otherwise");
            }
        }
    }

    function test_checkProductId_lengthsAroundTheLimits_acceptsUpTo256Bytes() public view {
        for (uint256 length = 250; length < 262; ++length) {
            bytes memory productId = _repeat("a", length);
            bool isAccepted = _accepts(abi.encodeCall(caller.checkProductId, (string(productId), 20)));
            vm.assertTrue(isAccepted == (length <= 256), "longest");
        }
        bytes memory short = _repeat("a", 20);
        vm.assertTrue(_accepts(abi.encodeCall(caller.checkProductId, (string(short), 19))), "one behind the namespace");
        vm.assertFalse(_accepts(abi.encodeCall(caller.checkProductId, (string(short), 20))), "namespace alone");
    }

    /// @dev Any bytes are next to never accepted: most are made printable before.
    function testFuzz_checkProductId_anyBytes_refusesTheFirstWordWithAForeignCharacter(
        bytes memory productId,
        uint256 namespaceLength,
        uint8 foreign
    ) public {
        namespaceLength = bound(namespaceLength, 0, productId.length + 1);
        for (uint256 index = 0; index < productId.length; ++index) {
            bool isKept = uint256(keccak256(abi.encode(foreign, index))) % 64 < foreign % 4;
            if (!isKept) productId[index] = bytes1(0x21 + (uint8(productId[index]) % (0x7f - 0x21)));
        }

        if (productId.length <= namespaceLength || productId.length > 256) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    ProductIdentifiers.ProductIdLengthInvalid.selector,
                    string(productId),
                    productId.length
                )
            );
        } else {
            for (uint256 index = namespaceLength; index < productId.length; ++index) {
                if (productId[index] > 0x20 && productId[index] < 0x7f) continue;
                uint256 word = index - ((index - namespaceLength) % 32);
                vm.expectRevert(
                    abi.encodeWithSelector(
                        ProductIdentifiers.ProductIdCharacterInvalid.selector,
                        string(productId),
                        word
                    )
                );
                break;
            }
        }
        caller.checkProductId(string(productId), namespaceLength);
    }

    /// @dev Memory is not cleared before it is used again.
    function testFuzz_checkProductId_whateverLiesBehind_isAccepted(uint256 length, bytes32 behind) public pure {
        length = bound(length, 1, 256);
        bytes memory productId = _repeat("a", length + 32);
        for (uint256 index = 0; index < 32; ++index) productId[length + index] = behind[index];
        assembly ("memory-safe") {
            mstore(productId, length)
        }
        ProductIdentifiers.checkProductId(string(productId), 0);
    }

    function testFuzz_prefixHash_anyLength_isTheHashOfTheFirstBytes(
        bytes memory productId,
        uint256 length
    ) public view {
        length = bound(length, 0, productId.length);
        bytes memory prefix = new bytes(length);
        for (uint256 index = 0; index < length; ++index) prefix[index] = productId[index];
        vm.assertEq(caller.prefixHash(string(productId), length), keccak256(prefix), "hash of a prefix");
    }

    // ----------------------------------------------------------------------------------------------------- namespace

    function test_reference_examples_knowsGoodFromBad() public pure {
        vm.assertTrue(_isNamespace("https://id.weg.example/"), "host alone");
        vm.assertTrue(_isNamespace("https://id.weg.example/Motors/w_22~-.2/"), "path");
        vm.assertFalse(_isNamespace("https://id.weg.net"), "no slash at the end");
        vm.assertFalse(_isNamespace("https://"), "nothing");
        vm.assertFalse(_isNamespace("http://id.weg.example/"), "scheme");
        vm.assertFalse(_isNamespace("https://id.weg.example/../x/"), "dot segment");
        vm.assertFalse(_isNamespace("https://id.weg.example//"), "empty segment");
        vm.assertFalse(_isNamespace("https://id.weg.example./"), "the same host for name servers");
        vm.assertFalse(_isNamespace("https://id..example/"), "empty label");
        vm.assertFalse(_isNamespace("https://id.weg.example/a./"), "dot before a slash");
        vm.assertFalse(_isNamespace("https://ID.weg.example/"), "uppercase host");
    }

    /// @dev Whatever is accepted or refused, the reference says the same.
    /// hardhat-config: fuzz.runs = 2000
    function testFuzz_checkNamespace_anyString_agreesWithTheReference(bytes memory seed, uint8 kind) public view {
        string memory namespace = _namespaceFrom(seed, kind);
        bool isAccepted = _accepts(abi.encodeCall(caller.checkNamespace, (namespace)));
        vm.assertTrue(isAccepted == _isNamespace(namespace), string.concat("judged otherwise: ", namespace));
    }

    function testFuzz_checkNamespace_oneCharacterChanged_agreesWithTheReference(
        uint256 position,
        uint8 code
    ) public view {
        bytes memory namespace = "https://id.weg.example/motors/w22/";
        position = bound(position, 0, namespace.length - 1);
        namespace[position] = bytes1(code);
        bool isAccepted = _accepts(abi.encodeCall(caller.checkNamespace, (string(namespace))));
        vm.assertTrue(isAccepted == _isNamespace(string(namespace)), string(namespace));
    }

    function testFuzz_checkNamespace_anyLength_acceptsUpTo128Bytes(uint8 hostLength) public view {
        bytes memory namespace = abi.encodePacked("https://", _repeat("h", bound(hostLength, 1, 255)), "/");
        bool isAccepted = _accepts(abi.encodeCall(caller.checkNamespace, (string(namespace))));
        vm.assertTrue(isAccepted == (namespace.length <= 128), "length");
    }

    /// @dev Walking from segment to segment ends exactly at the end, behind a slash each time.
    function testFuzz_segmentEnd_acceptedNamespace_stepsFromSlashToSlash(bytes memory seed) public view {
        string memory namespace = _namespaceFrom(seed, 2);
        vm.assume(_isNamespace(namespace));
        uint256 end = ProductIdentifiers.hostStart();
        while (end < bytes(namespace).length) {
            uint256 next = caller.segmentEnd(namespace, end);
            vm.assertTrue(next > end + 1 && bytes(namespace)[next - 1] == "/", "a segment and its slash");
            end = next;
        }
        vm.assertEq(end, bytes(namespace).length, "ends at the end");
    }

    // ----------------------------------------------------------------------------------------------------- reference

    function _isNamespace(string memory namespace) private pure returns (bool) {
        bytes memory rest = bytes(namespace);
        if (rest.length > 128 || rest.length < 8 || rest[rest.length - 1] != "/") return false;
        bytes memory scheme = "https://";
        for (uint256 index = 0; index < 8; ++index) if (rest[index] != scheme[index]) return false;

        bytes memory ofHost = bytes(string.concat(LETTERS, DIGITS, "-."));
        bytes memory ofPath = bytes(string.concat(LETTERS, CAPITALS, DIGITS, "-._~"));
        uint256 segments = 0;
        uint256 start = 8;
        for (uint256 index = 8; index < rest.length; ++index) {
            if (rest[index] != "/") continue;
            if (!_isSegment(rest, start, index, segments == 0 ? ofHost : ofPath)) return false;
            ++segments;
            start = index + 1;
        }
        return segments != 0;
    }

    function _isSegment(
        bytes memory whole,
        uint256 start,
        uint256 end,
        bytes memory allowed
    ) private pure returns (bool) {
        if (start == end || whole[start] == "." || whole[end - 1] == ".") return false;
        for (uint256 index = start; index < end; ++index) {
            if (!_contains(allowed, whole[index])) return false;
            if (whole[index] == "." && whole[index + 1] == ".") return false;
        }
        return true;
    }

    /// @dev Strings that come near to a namespace: anything; a scheme and the alphabet; only harmless characters.
    function _namespaceFrom(bytes memory seed, uint8 kind) private pure returns (string memory) {
        kind = kind % 4;
        if (kind == 0) return string(seed);
        bytes memory alphabet = kind == 1 ? NAMESPACE_ALPHABET : bytes("abc.-_/");
        uint256 length = seed.length < 24 ? seed.length : 24;
        bytes memory middle = new bytes(length);
        for (uint256 index = 0; index < length; ++index) {
            middle[index] = alphabet[uint8(seed[index]) % alphabet.length];
        }
        return string(abi.encodePacked("https://", middle, kind == 3 ? "" : "/"));
    }

    function _accepts(bytes memory call_) private view returns (bool success) {
        (success, ) = address(caller).staticcall(call_);
    }

    function _contains(bytes memory set, bytes1 character) private pure returns (bool) {
        for (uint256 index = 0; index < set.length; ++index) if (set[index] == character) return true;
        return false;
    }

    function _repeat(bytes1 character, uint256 length) private pure returns (bytes memory text) {
        text = new bytes(length);
        for (uint256 index = 0; index < length; ++index) text[index] = character;
    }
}

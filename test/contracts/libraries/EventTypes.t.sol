// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EventTypes} from "../../../contracts/libraries/EventTypes.sol";
import {vm} from "../../support/Vm.sol";

/// @dev Which 32 bytes are the name of an event.
contract EventTypesTest {
    bytes private constant ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

    function testFuzz_isWellFormed_anyBytes_agreesWithAReaderOfText(bytes32 eventType) external pure {
        _assertAgrees(eventType);
    }

    function testFuzz_isWellFormed_nameOfAnyLength_accepts(bytes32 seed, uint8 length) external pure {
        vm.assertTrue(EventTypes.isWellFormed(_name(seed, 1 + (length % 32))), "a name");
    }

    /// @dev One byte away from a name: most such values are none, and the rest are names as well.
    function testFuzz_isWellFormed_nameWithOneByteChanged_agreesWithAReaderOfText(
        bytes32 seed,
        uint8 length,
        uint8 index,
        bytes1 replacement
    ) external pure {
        bytes memory name = abi.encode(_name(seed, 1 + (length % 32)));
        name[index % 32] = replacement;
        _assertAgrees(bytes32(name));
    }

    function test_isWellFormed_edges_areRefused() external pure {
        bytes32[9] memory refused = [
            bytes32(0),
            "maintained",
            "1ST_SERVICE",
            "_SERVICE",
            "TWO WORDS",
            "A-B",
            "ALPHA\x00BETA",
            "\x00ALPHA",
            "\xc3\x84RGER"
        ];
        for (uint256 index = 0; index < refused.length; ++index) {
            vm.assertFalse(EventTypes.isWellFormed(refused[index]), string(abi.encode(refused[index])));
        }
        vm.assertTrue(EventTypes.isWellFormed("A"), "one letter");
        vm.assertTrue(EventTypes.isWellFormed("A23456789_123456789_123456789_12"), "32 characters");
    }

    function testFuzz_isNative_anyBytes_onlyTheFourOfThePassport(bytes32 eventType) external pure {
        vm.assertEq(EventTypes.isNative(eventType), _isAmong(eventType, _natives()), "isNative");
    }

    function test_isNative_eachOfTheFour_isWellFormedToo() external pure {
        bytes32[] memory natives = _natives();
        for (uint256 index = 0; index < natives.length; ++index) {
            vm.assertTrue(EventTypes.isNative(natives[index]), "isNative");
            vm.assertTrue(EventTypes.isWellFormed(natives[index]), "isWellFormed");
        }
    }

    function testFuzz_isPausable_anyBytes_allButTheFive(bytes32 eventType) external pure {
        vm.assertEq(EventTypes.isPausable(eventType), !_isAmong(eventType, _unpausables()), "isPausable");
    }

    function test_isPausable_eachOfTheFive_isNot() external pure {
        bytes32[] memory unpausables = _unpausables();
        for (uint256 index = 0; index < unpausables.length; ++index) {
            vm.assertFalse(EventTypes.isPausable(unpausables[index]), "isPausable");
        }
    }

    function _natives() private pure returns (bytes32[] memory natives) {
        natives = new bytes32[](4);
        (natives[0], natives[1]) = ("MANUFACTURED", "OWNERSHIP_TRANSFERRED");
        (natives[2], natives[3]) = ("LOCKED", "RELEASED");
    }

    function _unpausables() private pure returns (bytes32[] memory unpausables) {
        unpausables = new bytes32[](5);
        (unpausables[0], unpausables[1], unpausables[2]) = ("STOLEN", "RECOVERED", "RECALLED");
        (unpausables[3], unpausables[4]) = ("CORRECTED", "REVOKED");
    }

    function _isAmong(bytes32 eventType, bytes32[] memory list) private pure returns (bool found) {
        for (uint256 index = 0; index < list.length; ++index) found = found || list[index] == eventType;
    }

    function _name(bytes32 seed, uint256 length) private pure returns (bytes32) {
        bytes memory name = new bytes(32);
        for (uint256 index = 0; index < length; ++index) {
            uint256 choices = index == 0 ? 26 : ALPHABET.length;
            name[index] = ALPHABET[uint8(seed[index]) % choices];
        }
        return bytes32(name);
    }

    /// @dev Text ends at the first zero, and everything behind that is zero.
    function _assertAgrees(bytes32 eventType) private pure {
        bool isName = _isCapital(eventType[0]);
        bool isBehind = false;
        for (uint256 index = 0; index < 32; ++index) {
            isBehind = isBehind || eventType[index] == 0;
            isName = isName && (isBehind ? eventType[index] == 0 : _isAllowed(eventType[index]));
        }
        vm.assertEq(EventTypes.isWellFormed(eventType), isName, "isWellFormed");
    }

    function _isCapital(bytes1 character) private pure returns (bool) {
        return uint8(character) >= 0x41 && uint8(character) <= 0x5a;
    }

    function _isAllowed(bytes1 character) private pure returns (bool found) {
        for (uint256 index = 0; index < ALPHABET.length; ++index) found = found || ALPHABET[index] == character;
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Conditions} from "../../../contracts/libraries/Conditions.sol";
import {vm} from "../../support/Vm.sol";

/// @dev What a passport enforces whatever a manager answers, against the same rules bit by bit.
contract ConditionsTest {
    uint256 private constant DEFINED = 0xff1f;

    function testFuzz_isAllowedChange_anyWords_agreesWithTheRulesBitByBit(
        uint256 before,
        uint256 afterwards,
        bool isOwner
    ) external pure {
        _assertAgrees(before, afterwards, isOwner);
    }

    function testFuzz_isAllowedChange_definedBits_agreesWithTheRulesBitByBit(
        uint256 before,
        uint256 afterwards,
        bool isOwner
    ) external pure {
        _assertAgrees(before & DEFINED, afterwards & DEFINED, isOwner);
    }

    /// @dev Random words nearly always differ in several ways; here exactly one bit does.
    function testFuzz_isAllowedChange_oneBit_agreesWithTheRulesBitByBit(
        uint256 before,
        uint8 bit,
        bool isOwner
    ) external pure {
        before &= DEFINED;
        _assertAgrees(before, before ^ (1 << bit), isOwner);
    }

    function testFuzz_isAllowedChange_sameCondition_allows(uint256 condition, bool isOwner) external pure {
        condition &= DEFINED;
        vm.assertTrue(Conditions.isAllowedChange(condition, condition, isOwner), "an entry without effect");
    }

    function testFuzz_isAllowedChange_brandBits_areFree(
        uint256 before,
        uint256 afterwards,
        bool isOwner
    ) external pure {
        before &= DEFINED;
        afterwards = (before & ~Conditions.BRAND) | (afterwards & Conditions.BRAND);
        vm.assertTrue(Conditions.isAllowedChange(before, afterwards, isOwner), "bits of the brand");
    }

    function testFuzz_isAllowedChange_manyEntries_neverUndoWhatIsFinal(
        uint256 condition,
        uint256[16] calldata answers,
        uint16 ownersEntries
    ) external pure {
        condition &= DEFINED;
        uint256 first = condition;
        bool wasOwners = false;
        for (uint256 index = 0; index < answers.length; ++index) {
            // Near the condition before, so that a good part of the answers is allowed.
            uint256 answer = condition ^ (answers[index] & DEFINED & (answers[index] >> 16));
            bool isOwner = (ownersEntries >> index) & 1 != 0;
            if (!Conditions.isAllowedChange(condition, answer, isOwner)) continue;
            wasOwners = wasOwners || isOwner;
            condition = answer;
        }
        vm.assertEq(condition & 0x03, first & 0x03, "ISSUED and LOCKED are as before");
        vm.assertEq(first & 0x18 & ~condition, 0, "RETIRED and SUPERSEDED stay");
        vm.assertEq(condition & ~DEFINED, 0, "no undefined bit");
        if (!wasOwners) vm.assertEq(condition & 0x04, first & 0x04, "STOLEN is the owner's");
    }

    function test_constants_areTheBitsOfTheSpecification() external pure {
        vm.assertEq(Conditions.ISSUED, 0x01, "ISSUED");
        vm.assertEq(Conditions.LOCKED, 0x02, "LOCKED");
        vm.assertEq(Conditions.STOLEN, 0x04, "STOLEN");
        vm.assertEq(Conditions.RETIRED, 0x08, "RETIRED");
        vm.assertEq(Conditions.SUPERSEDED, 0x10, "SUPERSEDED");
        vm.assertEq(Conditions.NATIVE_ONLY, 0x03, "NATIVE_ONLY");
        vm.assertEq(Conditions.STICKY, 0x18, "STICKY");
        vm.assertEq(Conditions.NATIVE | Conditions.BRAND, DEFINED, "NATIVE and BRAND");
    }

    function _assertAgrees(uint256 before, uint256 afterwards, bool isOwner) private pure {
        bool isAllowed = true;
        for (uint256 bit = 0; bit < 256; ++bit) {
            bool was = (before >> bit) & 1 != 0;
            bool is_ = (afterwards >> bit) & 1 != 0;
            isAllowed = isAllowed && _isBitAllowed(bit, was, is_, isOwner);
        }
        vm.assertEq(Conditions.isAllowedChange(before, afterwards, isOwner), isAllowed, "isAllowedChange");
    }

    /// @dev DESIGN's sentences, one line each.
    function _isBitAllowed(uint256 bit, bool was, bool is_, bool isOwner) private pure returns (bool) {
        if (bit == 0 || bit == 1) return was == is_; // ISSUED and LOCKED are never changed by a rule
        if (bit == 2) return was == is_ || isOwner; // STOLEN changes only in an entry of the owner
        if (bit == 3 || bit == 4) return is_ || !was; // RETIRED and SUPERSEDED never go away
        if (bit >= 8 && bit <= 15) return true; // the brand's own
        return !is_; // not defined
    }
}

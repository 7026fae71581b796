// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev What the prover does not follow, though a machine that follows less carefully would call it proven.
contract UndecidableProperty {
    uint256 private immutable _immutable = 7;

    /// @dev Memory at a place that the input decides.
    function check_memory_anyPlace_isWritten(uint256 place) external pure {
        uint256 found;
        assembly ("memory-safe") {
            mstore(place, 1)
            found := mload(place)
        }
        assert(found == 1);
    }

    /// @dev Memory so far away that no gas would do.
    function check_memory_farAway_isWritten(uint256 value) external pure {
        uint256 found;
        assembly ("memory-safe") {
            mstore(shl(40, 1), value)
            found := mload(shl(40, 1))
        }
        assert(found == value);
    }

    /// @dev A part of an answer that may be shorter: then the machine halts, which is no panic, but the caller sees it.
    function check_answer_shorterThanAWord_isCopied(address other) external view {
        (bool ok, ) = address(this).staticcall(abi.encodeCall(this.firstWordOf, (other)));
        assert(ok);
    }

    function firstWordOf(address other) external view {
        assembly ("memory-safe") {
            pop(staticcall(gas(), other, 0x00, 0x00, 0x00, 0x00))
            returndatacopy(0x00, 0x00, 0x20)
        }
    }

    /// @dev Code in which the constructor has filled in immutables.
    function check_code_withAnImmutable_isAsCompiled() external view {
        bytes32 copied;
        bytes32 hashOfCompiled = keccak256(abi.encode(_immutable));
        assembly ("memory-safe") {
            let code := mload(0x40)
            codecopy(code, 0x00, codesize())
            copied := keccak256(code, codesize())
        }
        assert(copied != hashOfCompiled);
    }
}

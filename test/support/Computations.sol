// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Every operation that only computes, for the comparison of the prover's machine with a real one.
contract Computations {
    function check_compute(uint256 a, uint256 b) external pure returns (uint256[20] memory results) {
        assembly ("memory-safe") {
            mstore(add(results, 0x000), add(a, b))
            mstore(add(results, 0x020), mul(a, b))
            mstore(add(results, 0x040), sub(a, b))
            mstore(add(results, 0x060), div(a, b))
            mstore(add(results, 0x080), mod(a, b))
            mstore(add(results, 0x0a0), lt(a, b))
            mstore(add(results, 0x0c0), gt(a, b))
            mstore(add(results, 0x0e0), slt(a, b))
            mstore(add(results, 0x100), sgt(a, b))
            mstore(add(results, 0x120), eq(a, b))
            mstore(add(results, 0x140), iszero(a))
            mstore(add(results, 0x160), and(a, b))
            mstore(add(results, 0x180), or(a, b))
            mstore(add(results, 0x1a0), xor(a, b))
            mstore(add(results, 0x1c0), not(a))
            mstore(add(results, 0x1e0), byte(b, a))
            mstore(add(results, 0x200), shl(b, a))
            mstore(add(results, 0x220), shr(b, a))
            mstore(add(results, 0x240), sar(b, a))
            mstore(add(results, 0x260), div(mul(and(a, 0xffff), and(b, 0xffffffff)), mod(and(b, 0xff), 7)))
        }
    }

    /// @dev Memory that is written byte by byte, across words, and copied.
    function check_move(uint256 a, uint256 b) external pure returns (uint256[4] memory results) {
        assembly ("memory-safe") {
            mstore(results, a)
            mstore(add(results, 0x13), b)
            mstore8(add(results, 0x05), b)
            mcopy(add(results, 0x2a), add(results, 0x03), 0x31)
            mstore(add(results, 0x60), keccak256(results, 0x00))
        }
    }
}

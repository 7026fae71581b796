// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev What the prover does not follow: memory at a place that the input decides.
contract UndecidableProperty {
    function check_memory_anyPlace_isWritten(uint256 place) external pure {
        uint256 found;
        assembly ("memory-safe") {
            mstore(place, 1)
            found := mload(place)
        }
        assert(found == 1);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ProductIdentifiers} from "../../contracts/libraries/ProductIdentifiers.sol";

/// @dev Characters of productIds: the library looks at 32 bytes at once, the proof at one.
contract IdentifiersProof {
    function check_checkProductId_acceptedWord_hasPrintableBytesOnly(bytes32 word, uint256 index) external pure {
        require(index < 32);
        ProductIdentifiers.checkProductId(string(bytes.concat(word)), 0);
        bytes1 character = word[index];
        assert(character >= 0x21 && character <= 0x7e);
    }

    /// @dev The other way round: what is refused has a byte that is not printable.
    function check_checkProductId_wordOfPrintableBytes_isAccepted(bytes32 word) external view {
        require(_isPrintable(word));
        try this.checkProductId(word) {
            return;
        } catch {
            assert(false);
        }
    }

    /// @dev What the property above calls.
    function checkProductId(bytes32 word) external pure {
        ProductIdentifiers.checkProductId(string(bytes.concat(word)), 0);
    }

    /// @dev Byte by byte, without a branch: the number of ways through it stays at one.
    function _isPrintable(bytes32 word) private pure returns (bool) {
        uint256 isGood = 1;
        for (uint256 index = 0; index < 32; ++index) {
            assembly ("memory-safe") {
                let character := byte(index, word)
                isGood := and(isGood, and(gt(character, 0x20), lt(character, 0x7f)))
            }
        }
        return isGood == 1;
    }
}

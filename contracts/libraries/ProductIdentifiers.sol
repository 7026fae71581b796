// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What the chain checks of identifiers
/// @notice Prefix, length and characters. The full normal form of a URL is the SDK's and the verifier's business: a
/// productId that differs from its normal form is invalid even where the chain has registered it.
library ProductIdentifiers {
    /// @notice Longest productId in bytes.
    uint256 internal constant MAX_PRODUCT_ID_LENGTH = 256;

    /// @notice Longest namespace in bytes; leaves room for a serial number.
    uint256 internal constant MAX_NAMESPACE_LENGTH = 128;

    /// @dev Sets of ASCII characters: bit n stands for the character n. This one is a-z 0-9 - .
    uint256 private constant HOST_CHARACTERS = 0x07fffffe0000000003ff600000000000;

    /// @dev A-Z a-z 0-9 - . _ ~
    uint256 private constant PATH_CHARACTERS = 0x47fffffe87fffffe03ff600000000000;

    /// @dev A word of 32 times the byte 1, and the highest bit of every byte.
    uint256 private constant ONES = type(uint256).max / 0xff;
    uint256 private constant HIGH_BITS = ONES << 7;
    uint256 private constant EXCLAMATION_MARKS = ONES * 0x21;

    string private constant SCHEME = "https://";

    /// @notice Thrown when a productId names nothing behind its namespace, or is longer than 256 bytes.
    error ProductIdLengthInvalid(string productId, uint256 length);

    /// @notice Thrown when a productId has a character other than printable ASCII without space, in the 32 bytes from
    /// that index on.
    error ProductIdCharacterInvalid(string productId, uint256 index);

    /// @notice Thrown when a namespace is not `https://`, lowercase host, path ending in `/`, at that index.
    error NamespaceInvalid(string namespace, uint256 index);

    /// @notice keccak256 of the first bytes of a productId: what is compared with the hash of a namespace.
    /// @param length Number of bytes; not more than the productId has.
    function prefixHash(string memory productId, uint256 length) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            hash := keccak256(add(productId, 0x20), length)
        }
    }

    /// @notice Reverts unless the part of a productId behind its namespace is well formed.
    /// @param namespaceLength Bytes that the caller has compared with the namespace; not more than the productId has.
    function checkProductId(string memory productId, uint256 namespaceLength) internal pure {
        uint256 length = bytes(productId).length;
        if (length <= namespaceLength || length > MAX_PRODUCT_ID_LENGTH) {
            revert ProductIdLengthInvalid(productId, length);
        }
        // Unchecked: `index` stays below `length` + 32, and `rest` is positive inside the loop.
        unchecked {
            for (uint256 index = namespaceLength; index < length; index += 32) {
                uint256 word;
                assembly ("memory-safe") {
                    word := mload(add(add(productId, 0x20), index))
                }
                // What the last word reads behind the productId is replaced by "!", which is allowed.
                uint256 rest = length - index;
                if (rest < 32) word = (word & ~(type(uint256).max >> (8 * rest))) | (EXCLAMATION_MARKS >> (8 * rest));
                if (!_isPrintable(word)) revert ProductIdCharacterInvalid(productId, index);
            }
        }
    }

    /// @notice Reverts unless a namespace is well formed: `https://`, lowercase host, path ending in `/`. No two of `.`
    /// and `/` stand side by side: no empty or dot segment, no empty label, no second spelling of a host.
    function checkNamespace(string calldata namespace) internal pure {
        bytes calldata characters = bytes(namespace);
        uint256 length = characters.length;
        uint256 schemeLength = bytes(SCHEME).length;
        if (length > MAX_NAMESPACE_LENGTH || length < schemeLength) revert NamespaceInvalid(namespace, length);
        if (keccak256(characters[:schemeLength]) != keccak256(bytes(SCHEME))) revert NamespaceInvalid(namespace, 0);

        uint256 allowed = HOST_CHARACTERS;
        bool isAfterSeparator = true;
        for (uint256 index = schemeLength; index < length; ++index) {
            bytes1 character = characters[index];
            bool isSeparator = character == "/" || character == ".";
            if (isSeparator && isAfterSeparator) revert NamespaceInvalid(namespace, index);
            if (character != "/" && !_isIn(allowed, character)) revert NamespaceInvalid(namespace, index);
            if (character == "/") allowed = PATH_CHARACTERS;
            isAfterSeparator = isSeparator;
        }
        if (allowed != PATH_CHARACTERS || characters[length - 1] != "/") revert NamespaceInvalid(namespace, length);
    }

    /// @notice End of the segment of a checked namespace that begins at `start`: the index behind its `/`.
    function segmentEnd(string calldata namespace, uint256 start) internal pure returns (uint256 end) {
        bytes calldata characters = bytes(namespace);
        end = start;
        while (characters[end] != "/") ++end;
        return end + 1;
    }

    /// @notice Index of the host in a checked namespace.
    function hostStart() internal pure returns (uint256) {
        return bytes(SCHEME).length;
    }

    /// @dev Whether each byte is one of 0x21 to 0x7e. For bytes below 0x80 neither sum carries into the next byte, and
    /// others fail by their own highest bit.
    function _isPrintable(uint256 word) private pure returns (bool) {
        unchecked {
            uint256 tooHigh = (word | (word + ONES)) & HIGH_BITS;
            uint256 highEnough = (word + ONES * (0x80 - 0x21)) & HIGH_BITS;
            return tooHigh == 0 && highEnough == HIGH_BITS;
        }
    }

    function _isIn(uint256 set, bytes1 character) private pure returns (bool) {
        // A character above 127 shifts by more bits than a set has: the result is zero.
        return (set >> uint8(character)) & 1 != 0;
    }
}

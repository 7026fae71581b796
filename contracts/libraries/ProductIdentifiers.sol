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

    /// @dev Every constant below is a set of ASCII characters: bit n stands for the character n.
    /// A-Z a-z 0-9 - . _ ~ ! $ & ' ( ) * + , ; = : @ / ? %   (RFC 3986 without # [ ]).
    uint256 private constant URL_CHARACTERS = 0x47fffffe87ffffffaffffff200000000;

    /// @dev a-z 0-9 - .
    uint256 private constant HOST_CHARACTERS = 0x07fffffe0000000003ff600000000000;

    /// @dev A-Z a-z 0-9 - . _ ~
    uint256 private constant PATH_CHARACTERS = 0x47fffffe87fffffe03ff600000000000;

    string private constant SCHEME = "https://";

    /// @notice Thrown when a productId names nothing behind its namespace, or is longer than 256 bytes.
    error ProductIdLengthInvalid(string productId, uint256 length);

    /// @notice Thrown when a productId has a character that may not stand in it, at that index.
    error ProductIdCharacterInvalid(string productId, uint256 index);

    /// @notice Thrown when a namespace is not `https://`, lowercase host, path ending in `/`, at that index.
    error NamespaceInvalid(string namespace, uint256 index);

    /// @notice Reverts unless the part of a productId behind its namespace is well formed.
    /// @param namespaceLength Bytes that the caller has compared with the namespace; not more than the productId has.
    function checkProductId(string calldata productId, uint256 namespaceLength) internal pure {
        bytes calldata characters = bytes(productId);
        uint256 length = characters.length;
        if (length <= namespaceLength || length > MAX_PRODUCT_ID_LENGTH) {
            revert ProductIdLengthInvalid(productId, length);
        }
        for (uint256 index = namespaceLength; index < length; ++index) {
            if (!_isIn(URL_CHARACTERS, characters[index])) revert ProductIdCharacterInvalid(productId, index);
        }
    }

    /// @notice Reverts unless a namespace is well formed: `https://`, lowercase host, path ending in `/`, no empty
    /// segment and none that begins with a dot.
    function checkNamespace(string calldata namespace) internal pure {
        bytes calldata characters = bytes(namespace);
        uint256 length = characters.length;
        uint256 schemeLength = bytes(SCHEME).length;
        if (length > MAX_NAMESPACE_LENGTH || length < schemeLength) revert NamespaceInvalid(namespace, length);
        if (keccak256(characters[:schemeLength]) != keccak256(bytes(SCHEME))) revert NamespaceInvalid(namespace, 0);

        uint256 allowed = HOST_CHARACTERS;
        bool isSegmentStart = true;
        for (uint256 index = schemeLength; index < length; ++index) {
            bytes1 character = characters[index];
            if (character == "/") {
                if (isSegmentStart) revert NamespaceInvalid(namespace, index);
                allowed = PATH_CHARACTERS;
                isSegmentStart = true;
            } else {
                if (!_isIn(allowed, character) || (isSegmentStart && character == ".")) {
                    revert NamespaceInvalid(namespace, index);
                }
                isSegmentStart = false;
            }
        }
        if (allowed != PATH_CHARACTERS || !isSegmentStart) revert NamespaceInvalid(namespace, length);
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

    function _isIn(uint256 set, bytes1 character) private pure returns (bool) {
        // A character above 127 shifts by more bits than a set has: the result is zero.
        return (set >> uint8(character)) & 1 != 0;
    }
}

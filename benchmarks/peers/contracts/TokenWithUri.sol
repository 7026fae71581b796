// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC721URIStorage} from "@openzeppelin/contracts/token/ERC721/extensions/ERC721URIStorage.sol";

/// @title A product as a token
/// @notice The contract that most tutorials end with.
contract TokenWithUri is ERC721URIStorage, Ownable {
    constructor() ERC721("Products", "PRODUCT") Ownable(msg.sender) {}

    /// @notice Makes the token of a product.
    function mint(address owner, uint256 tokenId, string calldata uri) external onlyOwner {
        _mint(owner, tokenId);
        _setTokenURI(tokenId, uri);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

/// @title A product as a full contract of its own
/// @notice As small as one that keeps a history can be.
contract ContractPerProduct is Ownable {
    /// @notice Which product it is.
    string public productId;
    /// @notice Hash of the whole history.
    bytes32 public head;

    /// @notice Emitted for each entry.
    event Attested(bytes32 indexed eventType, address indexed attester, bytes32 document);

    constructor(string memory productId_, address owner_, bytes32 document) Ownable(owner_) {
        productId = productId_;
        _record("MANUFACTURED", document);
    }

    /// @notice Records an entry.
    function attest(bytes32 eventType, bytes32 document) external onlyOwner {
        _record(eventType, document);
    }

    function _record(bytes32 eventType, bytes32 document) private {
        head = keccak256(abi.encode(head, eventType, msg.sender, document));
        emit Attested(eventType, msg.sender, document);
    }
}

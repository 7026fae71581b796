// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title A contract wallet of one account
/// @notice For tests: what the account signs, the wallet has signed; what the account executes, the wallet does.
contract Erc1271Wallet is IERC1271 {
    /// @notice Thrown when anybody else executes.
    error Erc1271WalletNotAccount(address caller);

    /// @notice The account whose wallet this is.
    address public immutable account;

    /// @notice Makes the wallet.
    /// @param account_ The account whose wallet this is.
    constructor(address account_) {
        account = account_;
    }

    /// @notice Calls a contract in the name of the wallet. Only its account.
    function execute(address target, bytes calldata data) external returns (bytes memory answer) {
        if (msg.sender != account) revert Erc1271WalletNotAccount(msg.sender);
        return Address.functionCall(target, data);
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 hash, bytes calldata signature) external view override returns (bytes4) {
        (address recovered, ECDSA.RecoverError error_, ) = ECDSA.tryRecoverCalldata(hash, signature);
        bool isValid = error_ == ECDSA.RecoverError.NoError && recovered == account;
        return isValid ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";
import {PassportHashing} from "./PassportHashing.sol";

/// @title Whether an attester signed
/// @notice The one check of signatures: accounts, contract wallets (ERC-1271) and keys (ERC-7913). Every failure
/// reverts: an answer "no" that is swallowed would make gas estimation stop too early and a good signature look bad.
library AttesterSignatures {
    /// @notice Thrown when the signature is not the attester's.
    error AttesterSignatureInvalid(address attester, bytes32 digest);

    /// @notice Thrown when the ERC-7913 signer is not `verifier (20 bytes) | key`, or not the attester's.
    error AttesterSignerMismatch(address attester, bytes signer);

    /// @notice Reverts unless `attester` signed `digest`.
    /// @param signer Empty for an account or contract wallet; otherwise the ERC-7913 signer that the attester is derived
    /// from.
    function check(address attester, bytes32 digest, bytes calldata signer, bytes calldata signature) internal view {
        bool isValid =
            signer.length == 0
                ? _isSignedByAccount(attester, digest, signature)
                : _isSignedByKey(attester, digest, signer, signature);
        if (!isValid) revert AttesterSignatureInvalid(attester, digest);
    }

    /// @dev ECDSA comes first, so that an account with EIP-7702 code still signs plainly.
    function _isSignedByAccount(
        address attester,
        bytes32 digest,
        bytes calldata signature
    ) private view returns (bool) {
        (address recovered, ECDSA.RecoverError error_, ) = ECDSA.tryRecoverCalldata(digest, signature);
        if (error_ == ECDSA.RecoverError.NoError && recovered == attester) return true;
        return
            attester.code.length != 0 &&
            SignatureChecker.isValidERC1271SignatureNowCalldata(attester, digest, signature);
    }

    /// @dev A verifier's code is not trusted either: it answers a static call, and only for keys derived from itself. The
    /// answer has exactly 32 bytes, else a precompile that echoes its input would verify everything.
    function _isSignedByKey(
        address attester,
        bytes32 digest,
        bytes calldata signer,
        bytes calldata signature
    ) private view returns (bool) {
        if (signer.length <= 20 || PassportHashing.attesterOfSigner(signer) != attester) {
            revert AttesterSignerMismatch(attester, signer);
        }
        (bool success, bytes memory answer) = address(bytes20(signer)).staticcall(
            abi.encodeCall(IERC7913SignatureVerifier.verify, (signer[20:], digest, signature))
        );
        return success && answer.length == 32 && bytes32(answer) == bytes32(IERC7913SignatureVerifier.verify.selector);
    }
}

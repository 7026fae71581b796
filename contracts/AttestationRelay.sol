// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAttestationRelay} from "./interfaces/IAttestationRelay.sol";
import {IDigitalPassport} from "./interfaces/IDigitalPassport.sol";

/// @title Submits many signed attestations at once
/// @notice Specified in {IAttestationRelay}.
contract AttestationRelay is IAttestationRelay {
    /// @inheritdoc IAttestationRelay
    function submitMany(SignedAttestation[] calldata signedAttestations) external override {
        for (uint256 index = 0; index < signedAttestations.length; ++index) {
            SignedAttestation calldata item = signedAttestations[index];
            (bool isRecorded, bytes memory answer) = item.passport.call(
                abi.encodeCall(IDigitalPassport.attestBySignature, (item.attestation, item.signer, item.signature))
            );
            // A call to an address without code succeeds and answers nothing.
            if (!isRecorded || answer.length == 0) {
                revert AttestationRelayItemRefused(index, item.passport, answer);
            }
        }
    }
}

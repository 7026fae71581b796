// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IDigitalPassport} from "./IDigitalPassport.sol";

/// @title Submits many signed attestations at once
/// @notice Spreads the cost of a transaction over many entries, of one passport or of many. The relay has no rights:
/// every passport checks every signature itself, as if it were submitted alone.
interface IAttestationRelay {
    /// @notice One attestation and the passport that it is for.
    /// @param passport The passport; whose it is does not matter to the relay.
    /// @param attestation What was signed.
    /// @param signer Empty, or the ERC-7913 signer.
    /// @param signature Signature of the attester.
    struct SignedAttestation {
        address passport;
        IDigitalPassport.Attestation attestation;
        bytes signer;
        bytes signature;
    }

    /// @notice Thrown when a passport refuses its attestation, or is none; nothing of the call is recorded.
    /// @param index Position of the attestation in the call, from 0.
    /// @param passport The passport that it was for.
    /// @param reason What the passport reverted with; empty where there is no passport.
    error AttestationRelayItemRefused(uint256 index, address passport, bytes reason);

    /// @notice Records attestations in their order, all or none. Anyone may call.
    /// @param signedAttestations The attestations.
    function submitMany(SignedAttestation[] calldata signedAttestations) external;
}

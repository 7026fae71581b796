// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DigitalPassport} from "../../../contracts/DigitalPassport.sol";
import {IDigitalPassport} from "../../../contracts/interfaces/IDigitalPassport.sol";
import {Ledger} from "../Ledger.sol";
import {attestationOf} from "../Statements.sol";
import {Kind, Person, SignedCall, World} from "../World.sol";

/// @dev Does what the fuzzer asks for, in the name of one kind of actor. An action picks whom and what it concerns by
/// its seeds and never reverts, unless an invariant is broken. It counts how often it got through, so that a test can
/// show that every action does.
abstract contract Handler {
    /// @dev Thrown when the world lacks what it is made with.
    error HandlerFindsNoPassport();

    World internal immutable _world;
    Ledger internal immutable _ledger;

    /// @dev How often an action did what it is for.
    mapping(bytes4 action => uint256 count) public successesOf;

    constructor(World world) {
        (_world, _ledger) = (world, world.ledger());
    }

    /// @dev What the fuzzer may call: each takes three numbers.
    function actions() external pure virtual returns (bytes4[] memory);

    /// @dev To be called by an action with its outcome.
    function _count(bool isSuccessful) internal {
        if (isSuccessful) ++successesOf[msg.sig];
    }

    function _passport(uint256 seed) internal view returns (DigitalPassport) {
        address[] memory passports = _ledger.passports();
        return DigitalPassport(passports[seed % passports.length]);
    }

    function _manager(uint256 seed) internal view returns (address) {
        address[] memory managers = _world.managers();
        return managers[seed % managers.length];
    }

    /// @dev A number of the seed that depends on none of its other uses.
    function _part(uint256 seed, string memory use) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, use)));
    }

    /// @dev Submits a signed call as anybody would.
    function _submit(uint256 index) internal returns (bool isSuccessful) {
        SignedCall memory signedCall = _world.signedCallAt(index);
        (isSuccessful, ) = _world.transact(address(0xa4b0d7), signedCall.passport, signedCall.data);
        if (isSuccessful) _world.spend(index);
    }

    /// @dev By his own transaction; a key, which sends none, by a signature for the next position.
    function _attest(DigitalPassport passport, Person memory person, bytes32 eventType) internal returns (bool) {
        bytes32 document = _world.nextDocument();
        bytes32 statement = attestationOf(address(passport), person.account, eventType, document);
        bytes memory data = abi.encodeCall(IDigitalPassport.attest, (eventType, document));
        if (person.kind != Kind.Key) return _world.transactAs(person, address(passport), data, statement);

        IDigitalPassport.Attestation memory attestation = IDigitalPassport.Attestation({
            eventType: eventType,
            document: document,
            attester: person.account,
            sequence: passport.entryCount() + 1,
            deadline: _world.time()
        });
        return _submit(_world.keep(_signAttestation(passport, person, attestation), statement));
    }

    function _signAttestation(
        IDigitalPassport passport,
        Person memory person,
        IDigitalPassport.Attestation memory attestation
    ) internal view returns (SignedCall memory) {
        bytes32 digest = passport.attestationDigest(attestation);
        bytes memory signature = _world.sign(person, digest);
        return
            SignedCall({
                passport: address(passport),
                data: abi.encodeCall(IDigitalPassport.attestBySignature, (attestation, person.signer, signature)),
                digest: digest,
                sequence: attestation.sequence,
                deadline: attestation.deadline,
                isSpent: false
            });
    }
}

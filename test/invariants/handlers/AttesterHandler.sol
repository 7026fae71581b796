// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DigitalPassport} from "../../../contracts/DigitalPassport.sol";
import {IDigitalPassport} from "../../../contracts/interfaces/IDigitalPassport.sol";
import {attestationOf} from "../Statements.sol";
import {Kind, Person, World} from "../World.sol";
import {Handler} from "./Handler.sol";

/// @dev Accounts, contract wallets and keys attest: by transaction, or by a signature that is submitted now or later.
contract AttesterHandler is Handler {
    constructor(World world) Handler(world) {}

    function actions() external pure override returns (bytes4[] memory all) {
        all = new bytes4[](5);
        all[0] = this.attest.selector;
        all[1] = this.attestAtPosition.selector;
        all[2] = this.attestAtAnyPosition.selector;
        all[3] = this.signForLater.selector;
        all[4] = this.attestUnderHostileManager.selector;
    }

    function attest(uint256 who, uint256 which, uint256 how) external {
        DigitalPassport passport = _passport(which);
        Person memory person = _attesterOf(passport, who, how);
        _count(_attest(passport, person, _eventType(passport, how)));
    }

    /// @dev At exactly the next position.
    function attestAtPosition(uint256 who, uint256 which, uint256 how) external {
        DigitalPassport passport = _passport(which);
        _count(_submit(_sign(passport, who, how, passport.entryCount() + 1)));
    }

    function attestAtAnyPosition(uint256 who, uint256 which, uint256 how) external {
        _count(_submit(_sign(_passport(which), who, how, 0)));
    }

    /// @dev Whoever has the signature submits it when he likes: {SubmitterHandler}.
    function signForLater(uint256 who, uint256 which, uint256 how) external {
        DigitalPassport passport = _passport(which);
        uint256 ahead = _part(how, "position") % 4;
        _sign(passport, who, how, ahead == 0 ? 0 : passport.entryCount() + ahead);
        _count(true);
    }

    /// @dev The manager answers with any roles and any condition; the passport takes what a manager may answer.
    function attestUnderHostileManager(uint256 who, uint256 which, uint256 how) external {
        DigitalPassport passport = DigitalPassport(_hostilePassport(which));
        uint256 condition = passport.condition() ^ (1 << (_part(how, "bit") % 17));
        if (how % 4 == 0) condition = _part(how, "condition") & 0xffff;
        uint256 roles = how % 3 == 0 ? _part(how, "roles") : 1;
        _world.hostileManager().answerWith(abi.encode(roles, condition));
        Person memory person = how % 2 == 0 ? _world.personAt(who) : _world.personOf(passport.owner());
        _count(_attest(passport, person, "ANYTHING"));
    }

    function _attest(DigitalPassport passport, Person memory person, bytes32 eventType) private returns (bool) {
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

    function _sign(
        DigitalPassport passport,
        uint256 who,
        uint256 how,
        uint256 sequence
    ) private returns (uint256 index) {
        Person memory person = _attesterOf(passport, who, how);
        IDigitalPassport.Attestation memory attestation = IDigitalPassport.Attestation({
            eventType: _eventType(passport, how),
            document: _world.nextDocument(),
            attester: person.account,
            sequence: sequence,
            deadline: _world.time() + (_part(how, "deadline") % 20 days)
        });
        bytes32 statement = attestationOf(
            address(passport),
            attestation.attester,
            attestation.eventType,
            attestation.document
        );
        return _world.keep(_signAttestation(passport, person, attestation), statement);
    }

    /// @dev The owner half the time: there are events that only he records.
    function _attesterOf(DigitalPassport passport, uint256 who, uint256 how) private view returns (Person memory) {
        bool isOwner = _part(how, "owner") % 2 == 0;
        return isOwner ? _world.personOf(passport.owner()) : _world.personAt(who);
    }

    /// @dev Retirement rarely: it ends most of a life.
    function _eventType(DigitalPassport passport, uint256 how) private view returns (bytes32 eventType) {
        bytes32[] memory eventTypes = _ledger.eventTypesOf(passport.manager());
        if (eventTypes.length == 0) return "ANYTHING";
        eventType = eventTypes[how % eventTypes.length];
        bool isRetirement = eventType == "DECOMMISSIONED" || eventType == "SCRAPPED";
        if (isRetirement && _part(how, "rarely") % 8 != 0) return eventTypes[0];
    }

    function _hostilePassport(uint256 seed) private view returns (address) {
        address[] memory passports = _ledger.passports();
        uint256 skipped = seed % 2;
        for (uint256 index = 0; index < passports.length; ++index) {
            if (_ledger.historyOf(passports[index]).manager != address(_world.hostileManager())) continue;
            if (skipped == 0) return passports[index];
            --skipped;
        }
        revert HandlerFindsNoPassport();
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DigitalPassport} from "../../../contracts/DigitalPassport.sol";
import {IDigitalPassport} from "../../../contracts/interfaces/IDigitalPassport.sol";
import {IManufacturerManager} from "../../../contracts/interfaces/IManufacturerManager.sol";
import {attestationOf} from "../Statements.sol";
import {Person, World} from "../World.sol";
import {Handler} from "./Handler.sol";

/// @dev Accounts, contract wallets and keys attest: by transaction, or by a signature that is submitted now or later.
contract AttesterHandler is Handler {
    constructor(World world) Handler(world) {}

    function actions() external pure override returns (bytes4[] memory all) {
        all = new bytes4[](4);
        all[0] = this.attest.selector;
        all[1] = this.attestAtPosition.selector;
        all[2] = this.attestAtAnyPosition.selector;
        all[3] = this.signForLater.selector;
    }

    function attest(uint256 who, uint256 which, uint256 how) external {
        DigitalPassport passport = _passport(which);
        bytes32 eventType = _eventType(passport, how);
        _count(_attest(passport, _attesterOf(passport, eventType, who, how), eventType));
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

    function _sign(
        DigitalPassport passport,
        uint256 who,
        uint256 how,
        uint256 sequence
    ) private returns (uint256 index) {
        bytes32 eventType = _eventType(passport, how);
        Person memory person = _attesterOf(passport, eventType, who, how);
        IDigitalPassport.Attestation memory attestation = IDigitalPassport.Attestation({
            eventType: eventType,
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

    /// @dev Anybody, or else the first one from there on who may, if there is one.
    function _attesterOf(
        DigitalPassport passport,
        bytes32 eventType,
        uint256 who,
        uint256 how
    ) private view returns (Person memory person) {
        person = _world.personAt(who);
        bool isAnybody = _part(how, "anybody") % 4 == 0 || _ledger.eventTypesOf(passport.manager()).length == 0;
        for (uint256 step = 0; step < 8 && !isAnybody && !_may(passport, eventType, person); ++step) {
            person = _world.personAt((who % 8) + step);
        }
    }

    function _may(DigitalPassport passport, bytes32 eventType, Person memory person) private view returns (bool) {
        IManufacturerManager manager = IManufacturerManager(passport.manager());
        uint256 roles = manager.rolesOf(address(passport), person.account);
        if (person.account == passport.owner()) roles |= 1 << 127;
        return roles & _ledger.ruleOf(address(manager), eventType).roles != 0;
    }

    /// @dev One in two is an event that would change the condition. Retirement rarely: it ends most of a life.
    function _eventType(DigitalPassport passport, uint256 how) private view returns (bytes32 eventType) {
        bytes32[] memory eventTypes = _ledger.eventTypesOf(passport.manager());
        if (eventTypes.length == 0) return "ANYTHING";
        uint256 step = 0;
        bool isAny = _part(how, "effect") % 2 == 0;
        do eventType = eventTypes[((how % eventTypes.length) + step) % eventTypes.length]; while (
            !isAny && ++step < eventTypes.length && !_hasEffect(passport, eventType)
        );
        bool isRetirement = eventType == "DECOMMISSIONED" || eventType == "SCRAPPED";
        if (isRetirement && _part(how, "rarely") % 8 != 0) return eventTypes[0];
    }

    function _hasEffect(DigitalPassport passport, bytes32 eventType) private view returns (bool) {
        IManufacturerManager.EventRule memory rule = _ledger.ruleOf(passport.manager(), eventType);
        uint256 condition = passport.condition();
        bool fits = condition & rule.requires == rule.requires && condition & rule.forbids == 0;
        return fits && (condition & ~uint256(rule.clears)) | rule.sets != condition;
    }
}

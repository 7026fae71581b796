// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IAccessControlDefaultAdminRules} from "@openzeppelin/contracts/access/extensions/IAccessControlDefaultAdminRules.sol";
import {DigitalPassport} from "../../../contracts/DigitalPassport.sol";
import {IDigitalPassport} from "../../../contracts/interfaces/IDigitalPassport.sol";
import {IDigitalPassportFactory} from "../../../contracts/interfaces/IDigitalPassportFactory.sol";
import {IManufacturerManager} from "../../../contracts/interfaces/IManufacturerManager.sol";
import {IPassportRegistry} from "../../../contracts/interfaces/IPassportRegistry.sol";
import {HostileContract} from "../../../contracts/mocks/HostileContract.sol";
import {vm} from "../../support/Vm.sol";
import {Person, World} from "../World.sol";
import {Handler} from "./Handler.sol";

/// @dev Holds every role of the bicycles and a manager of his own, and owns nothing. Tries everything on WEG, and to
/// write in anybody's name anywhere. Nothing may succeed.
contract AttackerHandler is Handler {
    bytes32 private constant DOCUMENT = keccak256("of the attacker");

    constructor(World world) Handler(world) {}

    function actions() external pure override returns (bytes4[] memory all) {
        all = new bytes4[](9);
        all[0] = this.attest.selector;
        all[1] = this.forgeAttestation.selector;
        all[2] = this.forgeFromAnother.selector;
        all[3] = this.takeProperty.selector;
        all[4] = this.forgeProperty.selector;
        all[5] = this.administer.selector;
        all[6] = this.grantOnForeignProduct.selector;
        all[7] = this.issueForeignProduct.selector;
        all[8] = this.ruleRegistry.selector;
    }

    /// @dev His roles are those of another brand, his bits happen to mean the highest ones here.
    function attest(uint256 what, uint256 which, uint256) external {
        DigitalPassport passport = _wegPassport(which);
        bytes32[] memory eventTypes = _ledger.eventTypesOf(passport.manager());
        bytes32 eventType = eventTypes[what % eventTypes.length];
        _mustFail(address(passport), abi.encodeCall(IDigitalPassport.attest, (eventType, DOCUMENT)));
    }

    /// @dev In anybody's name, the manager's and his own passport's included, by every signature that he can make.
    function forgeAttestation(uint256 who, uint256 which, uint256 how) external {
        DigitalPassport passport = _passport(which);
        Person memory victim = _world.personAt(who);
        address[6] memory names = [
            victim.account,
            passport.owner(),
            passport.manager(),
            address(passport),
            address(0),
            passport.factory()
        ];
        IDigitalPassport.Attestation memory attestation = IDigitalPassport.Attestation({
            eventType: _eventType(passport, how),
            document: DOCUMENT,
            attester: names[_part(how, "name") % names.length],
            sequence: how % 2 == 0 ? 0 : passport.entryCount() + 1,
            deadline: type(uint256).max
        });
        bytes memory signature = _forgery(passport.attestationDigest(attestation), how);
        bytes memory signer = _signer(victim, how);
        _mustFail(
            address(passport),
            abi.encodeCall(IDigitalPassport.attestBySignature, (attestation, signer, signature))
        );
    }

    /// @dev Takes a true signature and changes one thing of what was signed.
    function forgeFromAnother(uint256 who, uint256 which, uint256 how) external {
        DigitalPassport passport = _passport(which);
        Person memory victim = _world.personAt(who);
        IDigitalPassport.Attestation memory attestation = IDigitalPassport.Attestation({
            eventType: _eventType(passport, how),
            document: DOCUMENT,
            attester: victim.account,
            sequence: 0,
            deadline: _world.time()
        });
        bytes memory signature = _world.sign(victim, passport.attestationDigest(attestation));
        if (how % 5 == 0) attestation.eventType = "CORRECTED_";
        else if (how % 5 == 1) attestation.document = keccak256("another one");
        else if (how % 5 == 2) attestation.attester = _world.personAt((who % 8) + 1).account;
        else if (how % 5 == 3) attestation.sequence = passport.entryCount() + 1;
        else ++attestation.deadline;
        _mustFail(
            address(passport),
            abi.encodeCall(IDigitalPassport.attestBySignature, (attestation, victim.signer, signature))
        );
    }

    function takeProperty(uint256, uint256 which, uint256 how) external {
        DigitalPassport passport = _passport(which);
        address attacker = _world.attacker();
        uint256 time = _world.time();
        (, bytes32 offered, , ) = passport.pendingOffer();
        bytes[7] memory attempts = [
            abi.encodeCall(IDigitalPassport.issue, (attacker, DOCUMENT)),
            abi.encodeCall(IDigitalPassport.offerOwnership, (attacker, DOCUMENT, time)),
            abi.encodeCall(IDigitalPassport.cancelOffer, ()),
            abi.encodeCall(IDigitalPassport.acceptOwnership, (offered, passport.head())),
            abi.encodeCall(IDigitalPassport.lock, (attacker, time, DOCUMENT)),
            _settlementToHimself(passport),
            abi.encodeCall(IDigitalPassport.release, ())
        ];
        _mustFail(address(passport), attempts[how % (_isReleasableByAnybody(passport) ? 6 : 7)]);
    }

    /// @dev Offers, cancels, locks and accepts in the name of whoever may.
    function forgeProperty(uint256, uint256 which, uint256 how) external {
        DigitalPassport passport = _passport(which);
        uint256 kind = _part(how, "kind") % 4;
        if (kind == 0) _mustFail(address(passport), _forgedOffer(passport, how));
        else if (kind == 1) _mustFail(address(passport), _forgedCancellation(passport, how));
        else if (kind == 2) _mustFail(address(passport), _forgedLock(passport, how));
        else _mustFail(address(passport), _forgedAcceptance(passport, how));
    }

    /// @dev Everything that WEG's administrator, guardian and issuers can do.
    function administer(uint256 who, uint256 which, uint256 how) external {
        address manager = _world.managers()[which % 2];
        address attacker = _world.attacker();
        address victim = _world.personAt(who).account;
        bytes[16] memory attempts = [
            abi.encodeCall(IManufacturerManager.grant, (attacker, 1, 0, type(uint40).max)),
            abi.encodeCall(
                IManufacturerManager.grantFor,
                (address(_wegPassport(who)), attacker, 1, 0, type(uint40).max)
            ),
            abi.encodeCall(IManufacturerManager.grantKey, (_world.personAt(7).signer, 1, 0, type(uint40).max)),
            abi.encodeCall(IManufacturerManager.revoke, (victim)),
            abi.encodeCall(IManufacturerManager.revokeFor, (address(_wegPassport(who)), victim)),
            abi.encodeCall(IManufacturerManager.reportCompromise, (victim, uint40(_world.time()))),
            abi.encodeCall(
                IManufacturerManager.setRule,
                ("MAINTAINED", IManufacturerManager.EventRule(1, 0x01, 0, 0, 0, 0))
            ),
            abi.encodeCall(IManufacturerManager.setOwnerGrantableRoles, (0x3ff)),
            abi.encodeCall(IManufacturerManager.setVerifier, (address(_world.hostileManager()), true)),
            abi.encodeCall(IManufacturerManager.setIssuingCap, (type(uint32).max)),
            abi.encodeCall(IManufacturerManager.setIssuingLimit, (attacker, 1, type(uint40).max)),
            abi.encodeCall(IManufacturerManager.setFactory, (address(_world.factory()))),
            abi.encodeCall(IManufacturerManager.pause, ("MAINTAINED", _world.time())),
            abi.encodeCall(IManufacturerManager.resume, ("MAINTAINED")),
            abi.encodeCall(IAccessControl.grantRole, (keccak256("GUARDIAN_ROLE"), attacker)),
            abi.encodeCall(IAccessControlDefaultAdminRules.beginDefaultAdminTransfer, (attacker))
        ];
        _mustFail(manager, attempts[how % attempts.length]);
    }

    /// @dev As administrator of the bicycles, for a passport of WEG; a brand's manager knows only its own.
    function grantOnForeignProduct(uint256 who, uint256 which, uint256 how) external {
        address bicycles = _world.managers()[2];
        address passport = address(_wegPassport(which));
        address victim = _world.personAt(who).account;
        bytes memory data =
            how % 2 == 0
                ? abi.encodeCall(IManufacturerManager.grantFor, (passport, _world.attacker(), 7, 0, type(uint40).max))
                : abi.encodeCall(IManufacturerManager.revokeFor, (passport, victim));
        _mustFail(bicycles, data);
    }

    /// @dev In WEG's namespace: as an issuer of the bicycles, through the factory, as a manager of his own, and straight
    /// into the registry; and as an issuer of WEG, which he is not.
    function issueForeignProduct(uint256, uint256 which, uint256 how) external {
        address attacker = _world.attacker();
        address[] memory managers = _world.managers();
        string memory productId = _world.nextProductId("https://id.weg.example/");
        bytes memory issue = abi.encodeCall(IManufacturerManager.issue, (productId, attacker, DOCUMENT));
        bytes memory create = abi.encodeCall(IDigitalPassportFactory.createPassport, (productId, attacker, DOCUMENT));
        bytes memory register = abi.encodeCall(
            IPassportRegistry.registerPassport,
            (attacker, managers[which % 3], productId)
        );
        if (how % 5 == 0) _mustFail(managers[2], issue);
        else if (how % 5 == 1) _mustFail(managers[which % 2], issue);
        else if (how % 5 == 2) _mustFail(address(_world.factory()), create);
        else if (how % 5 == 3) _mustFail(address(_world.registry()), register);
        else {
            bytes memory execute = abi.encodeCall(HostileContract.execute, (address(_world.factory()), create));
            _mustFail(address(_world.hostileManager()), execute);
        }
    }

    function ruleRegistry(uint256, uint256 which, uint256 how) external {
        address attacker = _world.attacker();
        address hostile = address(_world.hostileManager());
        bytes[7] memory attempts = [
            abi.encodeCall(IPassportRegistry.admitManufacturer, ("https://new.example/", hostile)),
            abi.encodeCall(IPassportRegistry.admitManager, (1, hostile)),
            abi.encodeCall(IPassportRegistry.listFactory, (hostile)),
            abi.encodeCall(IPassportRegistry.suspendIssuing, (_manager(which))),
            abi.encodeCall(IPassportRegistry.resumeIssuing, (_manager(which))),
            abi.encodeCall(IAccessControl.grantRole, (keccak256("ADMISSION_ROLE"), attacker)),
            abi.encodeCall(IAccessControlDefaultAdminRules.beginDefaultAdminTransfer, (attacker))
        ];
        _mustFail(address(_world.registry()), attempts[how % attempts.length]);
    }

    // ------------------------------------------------------------------------------------------------------- helpers

    function _mustFail(address target, bytes memory data) private {
        (bool isSuccessful, ) = _world.transact(_world.attacker(), target, data);
        vm.assertFalse(isSuccessful, "INV-24: the attacker got through");
        _count(true);
    }

    /// @dev His own signature, broken in several ways, or none.
    function _forgery(bytes32 digest, uint256 how) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_world.ATTACKER_KEY(), digest);
        uint256 kind = _part(how, "forgery") % 6;
        if (kind == 0) return abi.encodePacked(r, s, v);
        if (kind == 1) return abi.encodePacked(r, s, v == 27 ? uint8(28) : uint8(27));
        if (kind == 2) return abi.encodePacked(r, s, uint8(0));
        if (kind == 3) return "";
        if (kind == 4) return new bytes(65);
        return abi.encodePacked(r, s);
    }

    /// @dev None, the victim's, a key behind his own verifier, or behind a precompile that echoes.
    function _signer(Person memory victim, uint256 how) private view returns (bytes memory) {
        uint256 kind = _part(how, "signer") % 4;
        if (kind == 0) return victim.signer;
        if (kind == 1) return abi.encodePacked(address(_world.hostileManager()), bytes32(how));
        if (kind == 2) return abi.encodePacked(address(4), bytes32(how));
        return "";
    }

    function _forgedOffer(DigitalPassport passport, uint256 how) private view returns (bytes memory) {
        IDigitalPassport.Offer memory offer = IDigitalPassport.Offer({
            newOwner: _world.attacker(),
            document: DOCUMENT,
            offerNonce: passport.offerNonce() + 1,
            expiresAt: _world.time()
        });
        bytes memory signature = _forgery(passport.offerDigest(offer), how);
        return abi.encodeCall(IDigitalPassport.offerOwnershipBySignature, (offer, "", signature));
    }

    function _forgedCancellation(DigitalPassport passport, uint256 how) private view returns (bytes memory) {
        (address newOwner, , uint256 pending, ) = passport.pendingOffer();
        uint256 offerNonce = newOwner == address(0) ? passport.offerNonce() + 1 : pending;
        bytes memory signature = _forgery(passport.cancelDigest(offerNonce), how);
        return abi.encodeCall(IDigitalPassport.cancelOfferBySignature, (offerNonce, "", signature));
    }

    function _forgedLock(DigitalPassport passport, uint256 how) private view returns (bytes memory) {
        IDigitalPassport.Lock memory lock = IDigitalPassport.Lock({
            holder: _world.attacker(),
            until: _world.time(),
            document: DOCUMENT,
            sequence: passport.entryCount() + 1,
            deadline: _world.time()
        });
        bytes memory signature = _forgery(passport.lockDigest(lock), how);
        return abi.encodeCall(IDigitalPassport.lockBySignature, (lock, "", signature));
    }

    function _forgedAcceptance(DigitalPassport passport, uint256 how) private view returns (bytes memory) {
        (address newOwner, bytes32 document, uint256 offerNonce, ) = passport.pendingOffer();
        IDigitalPassport.Accept memory accept = IDigitalPassport.Accept({
            newOwner: newOwner,
            document: document,
            offerNonce: offerNonce,
            expectedHead: passport.head(),
            deadline: _world.time()
        });
        bytes memory signature = _forgery(passport.acceptDigest(accept), how);
        return abi.encodeCall(IDigitalPassport.acceptOwnershipBySignature, (accept, "", signature));
    }

    /// @dev Accepted by himself, but he is not the holder.
    function _settlementToHimself(DigitalPassport passport) private view returns (bytes memory) {
        IDigitalPassport.Accept memory accept = IDigitalPassport.Accept({
            newOwner: _world.attacker(),
            document: DOCUMENT,
            offerNonce: passport.offerNonce() + 1,
            expectedHead: passport.head(),
            deadline: _world.time()
        });
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_world.ATTACKER_KEY(), passport.acceptDigest(accept));
        return abi.encodeCall(IDigitalPassport.settle, (accept, "", abi.encodePacked(r, s, v)));
    }

    /// @dev A lock that has run out: {LockHolderHandler} releases it.
    function _isReleasableByAnybody(DigitalPassport passport) private view returns (bool) {
        (address holder, uint256 until, ) = passport.currentLock();
        return holder != address(0) && _world.time() > until;
    }

    function _eventType(DigitalPassport passport, uint256 seed) private view returns (bytes32) {
        bytes32[] memory eventTypes = _ledger.eventTypesOf(passport.manager());
        return eventTypes.length == 0 ? bytes32("ANYTHING") : eventTypes[seed % eventTypes.length];
    }

    /// @dev The first from there on of one of WEG's managers.
    function _wegPassport(uint256 seed) private view returns (DigitalPassport) {
        address[] memory passports = _ledger.passports();
        address bicycles = _world.managers()[2];
        for (uint256 step = 0; step < passports.length; ++step) {
            address passport = passports[((seed % passports.length) + step) % passports.length];
            address manager = _ledger.historyOf(passport).manager;
            if (manager != bicycles && manager != address(_world.hostileManager())) return DigitalPassport(passport);
        }
        revert HandlerFindsNoPassport();
    }
}

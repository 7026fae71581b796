// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DigitalPassport} from "../../../contracts/DigitalPassport.sol";
import {IDigitalPassport} from "../../../contracts/interfaces/IDigitalPassport.sol";
import {vm} from "../../support/Vm.sol";
import {acceptanceOf, attestationOf, settlementOf} from "../Statements.sol";
import {Kind, Person, SignedCall, World} from "../World.sol";
import {Handler} from "./Handler.sol";

/// @dev Whoever holds a lock releases it, settles it to a buyer who has signed, or tries to without him.
contract LockHolderHandler is Handler {
    constructor(World world) Handler(world) {}

    function actions() external pure override returns (bytes4[] memory all) {
        all = new bytes4[](4);
        all[0] = this.release.selector;
        all[1] = this.releaseAsAnybody.selector;
        all[2] = this.settle.selector;
        all[3] = this.settleWithoutTheBuyer.selector;
    }

    function release(uint256, uint256 which, uint256) external {
        (DigitalPassport passport, Person memory holder) = _locked(which);
        if (holder.account == address(0)) return;
        _count(_release(passport, holder));
    }

    /// @dev The ledger says whether the lock had run out.
    function releaseAsAnybody(uint256 who, uint256 which, uint256) external {
        (DigitalPassport passport, Person memory holder) = _locked(which);
        if (holder.account == address(0)) return;
        _count(_release(passport, _world.personAt(who)));
    }

    function settle(uint256 who, uint256 which, uint256) external {
        (DigitalPassport passport, Person memory holder) = _locked(which);
        if (holder.account == address(0) || holder.kind == Kind.Key) return;
        Person memory buyer = _world.personAt(who);
        IDigitalPassport.Accept memory accepted = _acceptanceBy(passport, buyer);
        bytes memory signature = _world.sign(buyer, passport.acceptDigest(accepted));
        uint256 acceptance = _keepAcceptance(passport, accepted, buyer, signature);
        bytes32 statement = settlementOf(address(passport), holder.account, accepted.document);
        bytes memory data = abi.encodeCall(IDigitalPassport.settle, (accepted, buyer.signer, signature));
        bool isSuccessful = _world.transactAs(holder, address(passport), data, statement);
        if (isSuccessful) _world.spend(acceptance);
        _count(isSuccessful);
    }

    /// @dev With no signature, his own, or the buyer's for another document.
    function settleWithoutTheBuyer(uint256 who, uint256 which, uint256 how) external {
        (DigitalPassport passport, Person memory holder) = _locked(which);
        if (holder.account == address(0) || holder.kind == Kind.Key) return;
        Person memory buyer = _world.personAt(who);
        if (buyer.account == holder.account) return;
        IDigitalPassport.Accept memory accepted = _acceptanceBy(passport, buyer);
        bytes memory signature;
        if (how % 3 == 1) signature = _world.sign(holder, passport.acceptDigest(accepted));
        if (how % 3 == 2) signature = _world.sign(buyer, passport.acceptDigest(accepted));
        if (how % 3 == 2) accepted.document = _world.nextDocument();
        bytes memory data = abi.encodeCall(IDigitalPassport.settle, (accepted, buyer.signer, signature));
        bytes32 statement = settlementOf(address(passport), holder.account, accepted.document);
        bool isSuccessful = _world.transactAs(holder, address(passport), data, statement);
        vm.assertFalse(isSuccessful, "INV-12: settled to somebody who did not accept this");
        _count(true);
    }

    function _release(DigitalPassport passport, Person memory person) private returns (bool) {
        (, , bytes32 document) = passport.currentLock();
        bytes32 statement = attestationOf(address(passport), person.account, "RELEASED", document);
        bytes memory data = abi.encodeCall(IDigitalPassport.release, ());
        return _world.transactAs(person, address(passport), data, statement);
    }

    /// @dev The first passport from there on that is locked, and who holds the lock.
    function _locked(uint256 which) private view returns (DigitalPassport passport, Person memory holder) {
        address[] memory passports = _ledger.passports();
        for (uint256 step = 0; step < passports.length && holder.account == address(0); ++step) {
            passport = DigitalPassport(passports[((which % passports.length) + step) % passports.length]);
            (address account, , ) = passport.currentLock();
            if (account != address(0)) holder = _world.personOf(account);
        }
    }

    function _acceptanceBy(
        DigitalPassport passport,
        Person memory buyer
    ) private returns (IDigitalPassport.Accept memory) {
        return
            IDigitalPassport.Accept({
                newOwner: buyer.account,
                document: _world.nextDocument(),
                offerNonce: passport.offerNonce() + 1,
                expectedHead: passport.head(),
                deadline: _world.time() + 1 days
            });
    }

    /// @dev The buyer's signature could also be submitted by anybody, for an offer of that number.
    function _keepAcceptance(
        DigitalPassport passport,
        IDigitalPassport.Accept memory accepted,
        Person memory buyer,
        bytes memory signature
    ) private returns (uint256 index) {
        bytes memory data = abi.encodeCall(
            IDigitalPassport.acceptOwnershipBySignature,
            (accepted, buyer.signer, signature)
        );
        bytes32 statement = acceptanceOf(
            address(passport),
            accepted.newOwner,
            accepted.document,
            accepted.offerNonce,
            accepted.expectedHead
        );
        return _world.keep(SignedCall(address(passport), data, 0, 0, accepted.deadline, false), statement);
    }
}

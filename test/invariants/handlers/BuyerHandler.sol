// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DigitalPassport} from "../../../contracts/DigitalPassport.sol";
import {IDigitalPassport} from "../../../contracts/interfaces/IDigitalPassport.sol";
import {acceptanceOf} from "../Statements.sol";
import {Person, SignedCall, World} from "../World.sol";
import {Handler} from "./Handler.sol";

/// @dev People accept what they are offered, by transaction or signature.
contract BuyerHandler is Handler {
    constructor(World world) Handler(world) {}

    function actions() external pure override returns (bytes4[] memory all) {
        all = new bytes4[](2);
        (all[0], all[1]) = (this.accept.selector, this.acceptBySignature.selector);
    }

    /// @dev On the first passport from there on that has an offer.
    function accept(uint256, uint256 which, uint256) external {
        (DigitalPassport passport, IDigitalPassport.Accept memory accepted) = _offered(which);
        if (accepted.newOwner == address(0)) return;
        Person memory buyer = _world.personOf(accepted.newOwner);
        bytes memory data = abi.encodeCall(
            IDigitalPassport.acceptOwnership,
            (accepted.document, accepted.expectedHead)
        );
        _count(_world.transactAs(buyer, address(passport), data, _statementOf(passport, accepted)));
    }

    /// @dev One in four signs for a history that is not the present one.
    function acceptBySignature(uint256, uint256 which, uint256 how) external {
        (DigitalPassport passport, IDigitalPassport.Accept memory accepted) = _offered(which);
        if (accepted.newOwner == address(0)) return;
        if (how % 4 == 0) accepted.expectedHead = keccak256("another history");
        Person memory buyer = _world.personOf(accepted.newOwner);
        bytes memory signature = _world.sign(buyer, passport.acceptDigest(accepted));
        bytes memory data = abi.encodeCall(
            IDigitalPassport.acceptOwnershipBySignature,
            (accepted, buyer.signer, signature)
        );
        SignedCall memory signedCall = SignedCall(address(passport), data, 0, 0, accepted.deadline, false);
        _count(_submit(_world.keep(signedCall, _statementOf(passport, accepted))));
    }

    function _offered(
        uint256 which
    ) private view returns (DigitalPassport passport, IDigitalPassport.Accept memory accepted) {
        address[] memory passports = _ledger.passports();
        for (uint256 step = 0; step < passports.length && accepted.newOwner == address(0); ++step) {
            passport = DigitalPassport(passports[((which % passports.length) + step) % passports.length]);
            (accepted.newOwner, accepted.document, accepted.offerNonce, ) = passport.pendingOffer();
        }
        accepted.expectedHead = passport.head();
        accepted.deadline = _world.time() + 3 days;
    }

    function _statementOf(
        DigitalPassport passport,
        IDigitalPassport.Accept memory accepted
    ) private pure returns (bytes32) {
        return
            acceptanceOf(
                address(passport),
                accepted.newOwner,
                accepted.document,
                accepted.offerNonce,
                accepted.expectedHead
            );
    }
}

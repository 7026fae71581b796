// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DigitalPassport} from "../../../contracts/DigitalPassport.sol";
import {IDigitalPassport} from "../../../contracts/interfaces/IDigitalPassport.sol";
import {IManufacturerManager} from "../../../contracts/interfaces/IManufacturerManager.sol";
import {cancellationOf, lockOf, offerOf} from "../Statements.sol";
import {Person, SignedCall, World} from "../World.sol";
import {Handler} from "./Handler.sol";

/// @dev Owners offer, cancel and lock, by transaction or signature, and name the people who may work on their products.
contract OwnerHandler is Handler {
    constructor(World world) Handler(world) {}

    function actions() external pure override returns (bytes4[] memory all) {
        all = new bytes4[](8);
        all[0] = this.offer.selector;
        all[1] = this.offerBySignature.selector;
        all[2] = this.cancel.selector;
        all[3] = this.cancelBySignature.selector;
        all[4] = this.lock.selector;
        all[5] = this.lockBySignature.selector;
        all[6] = this.grantForOwnProduct.selector;
        all[7] = this.revokeForOwnProduct.selector;
    }

    function offer(uint256 who, uint256 which, uint256 how) external {
        DigitalPassport passport = _passport(which);
        Person memory owner = _world.personOf(passport.owner());
        IDigitalPassport.Offer memory made = _offerOf(passport, who, how);
        bytes memory data = abi.encodeCall(
            IDigitalPassport.offerOwnership,
            (made.newOwner, made.document, made.expiresAt)
        );
        _count(_world.transactAs(owner, address(passport), data, _statementOf(passport, owner, made)));
    }

    function offerBySignature(uint256 who, uint256 which, uint256 how) external {
        DigitalPassport passport = _passport(which);
        Person memory owner = _world.personOf(passport.owner());
        IDigitalPassport.Offer memory made = _offerOf(passport, who, how);
        bytes memory signature = _world.sign(owner, passport.offerDigest(made));
        bytes memory data = abi.encodeCall(IDigitalPassport.offerOwnershipBySignature, (made, owner.signer, signature));
        SignedCall memory signedCall = SignedCall(address(passport), data, 0, 0, made.expiresAt, false);
        _count(_submit(_world.keep(signedCall, _statementOf(passport, owner, made))));
    }

    function cancel(uint256, uint256 which, uint256) external {
        DigitalPassport passport = _passport(which);
        Person memory owner = _world.personOf(passport.owner());
        bytes32 statement = cancellationOf(address(passport), owner.account, _cancellable(passport));
        bytes memory data = abi.encodeCall(IDigitalPassport.cancelOffer, ());
        _count(_world.transactAs(owner, address(passport), data, statement));
    }

    function cancelBySignature(uint256, uint256 which, uint256) external {
        DigitalPassport passport = _passport(which);
        Person memory owner = _world.personOf(passport.owner());
        uint256 offerNonce = _cancellable(passport);
        bytes memory signature = _world.sign(owner, passport.cancelDigest(offerNonce));
        bytes memory data = abi.encodeCall(
            IDigitalPassport.cancelOfferBySignature,
            (offerNonce, owner.signer, signature)
        );
        SignedCall memory signedCall = SignedCall(address(passport), data, 0, 0, type(uint256).max, false);
        bytes32 statement = cancellationOf(address(passport), owner.account, offerNonce);
        _count(_submit(_world.keep(signedCall, statement)));
    }

    function lock(uint256 who, uint256 which, uint256 how) external {
        DigitalPassport passport = _passport(which);
        Person memory owner = _world.personOf(passport.owner());
        IDigitalPassport.Lock memory placed = _lockOf(passport, who, how);
        bytes memory data = abi.encodeCall(IDigitalPassport.lock, (placed.holder, placed.until, placed.document));
        bytes32 statement = lockOf(address(passport), owner.account, placed.holder, placed.until, placed.document);
        _count(_world.transactAs(owner, address(passport), data, statement));
    }

    function lockBySignature(uint256 who, uint256 which, uint256 how) external {
        DigitalPassport passport = _passport(which);
        Person memory owner = _world.personOf(passport.owner());
        IDigitalPassport.Lock memory placed = _lockOf(passport, who, how);
        bytes memory signature = _world.sign(owner, passport.lockDigest(placed));
        bytes memory data = abi.encodeCall(IDigitalPassport.lockBySignature, (placed, owner.signer, signature));
        SignedCall memory signedCall = SignedCall(address(passport), data, 0, placed.sequence, placed.deadline, false);
        bytes32 statement = lockOf(address(passport), owner.account, placed.holder, placed.until, placed.document);
        _count(_submit(_world.keep(signedCall, statement)));
    }

    function grantForOwnProduct(uint256 who, uint256 which, uint256 how) external {
        DigitalPassport passport = _passport(which);
        (, uint96 roles) = _world.rolesOf(passport.manager());
        if (how % 2 == 0) roles = uint96(_part(how, "roles") % 1024);
        uint40 until = uint40(_world.time() + (_part(how, "until") % 60 days));
        bytes memory data = abi.encodeCall(
            IManufacturerManager.grantFor,
            (address(passport), _world.personAt(who).account, roles, 0, until)
        );
        Person memory owner = _world.personOf(passport.owner());
        _count(_world.transactAs(owner, passport.manager(), data, 0));
    }

    function revokeForOwnProduct(uint256 who, uint256 which, uint256 how) external {
        DigitalPassport passport = _passport(which);
        if (how % 3 != 0) return;
        bytes memory data = abi.encodeCall(
            IManufacturerManager.revokeFor,
            (address(passport), _world.personAt(who).account)
        );
        Person memory owner = _world.personOf(passport.owner());
        _count(_world.transactAs(owner, passport.manager(), data, 0));
    }

    function _offerOf(
        DigitalPassport passport,
        uint256 who,
        uint256 how
    ) private returns (IDigitalPassport.Offer memory) {
        return
            IDigitalPassport.Offer({
                newOwner: _world.personAt(who).account,
                document: _world.nextDocument(),
                offerNonce: passport.offerNonce() + 1,
                expiresAt: _world.time() + (_part(how, "expiry") % 40 days)
            });
    }

    /// @dev One lock in eight would last too long.
    function _lockOf(
        DigitalPassport passport,
        uint256 who,
        uint256 how
    ) private returns (IDigitalPassport.Lock memory) {
        return
            IDigitalPassport.Lock({
                holder: _world.personAt(who).account,
                until: _world.time() + (_part(how, "until") % 34 days),
                document: _world.nextDocument(),
                sequence: passport.entryCount() + 1,
                deadline: _world.time() + 1 hours
            });
    }

    function _statementOf(
        DigitalPassport passport,
        Person memory owner,
        IDigitalPassport.Offer memory made
    ) private pure returns (bytes32) {
        return offerOf(address(passport), owner.account, made.newOwner, made.document, made.offerNonce, made.expiresAt);
    }

    function _cancellable(DigitalPassport passport) private view returns (uint256) {
        (address newOwner, , , ) = passport.pendingOffer();
        return newOwner == address(0) ? passport.offerNonce() + 1 : passport.offerNonce();
    }
}

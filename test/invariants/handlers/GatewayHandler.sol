// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReadingsAnchor} from "../../../contracts/interfaces/IReadingsAnchor.sol";
import {vm} from "../../support/Vm.sol";
import {batchOf} from "../Statements.sol";
import {Person, World} from "../World.sol";
import {Handler} from "./Handler.sol";

/// @dev Accounts, contract wallets and keys sign batches of readings, and anybody submits them: in their order, together,
/// again, out of their order, and with things changed.
contract GatewayHandler is Handler {
    IReadingsAnchor private immutable _anchor;
    mapping(address gateway => IReadingsAnchor.SignedBatch) private _lastOf;

    constructor(World world) Handler(world) {
        _anchor = world.anchor();
    }

    function actions() external pure override returns (bytes4[] memory all) {
        all = new bytes4[](6);
        all[0] = this.anchorNext.selector;
        all[1] = this.anchorTogether.selector;
        all[2] = this.anchorAgain.selector;
        all[3] = this.anchorOutOfOrder.selector;
        all[4] = this.forge.selector;
        all[5] = this.spoilTogether.selector;
    }

    function anchorNext(uint256 who, uint256, uint256 how) external {
        Person memory gateway = _world.personAt(who);
        IReadingsAnchor.SignedBatch memory signed = _sign(gateway, _nextBatch(gateway.account, how));
        _count(_submit(signed));
    }

    /// @dev Two of one gateway and one of another.
    function anchorTogether(uint256 who, uint256, uint256 how) external {
        Person memory gateway = _world.personAt(who);
        Person memory other = _world.personAt((who % 8) + 1);
        IReadingsAnchor.SignedBatch[] memory signed = new IReadingsAnchor.SignedBatch[](3);
        signed[0] = _sign(gateway, _nextBatch(gateway.account, how));
        signed[1] = _sign(other, _nextBatch(other.account, how));
        IReadingsAnchor.Batch memory second = _nextBatch(gateway.account, how);
        ++second.sequence;
        second.previousHead = _headAfter(signed[0].batch);
        signed[2] = _sign(gateway, second);
        (bool isSuccessful, ) = _transact(abi.encodeCall(IReadingsAnchor.anchorMany, (signed)));
        if (isSuccessful) (_lastOf[other.account], _lastOf[gateway.account]) = (signed[1], signed[2]);
        _count(isSuccessful);
    }

    /// @dev With any signature: nothing is recorded, which the ledger would notice.
    function anchorAgain(uint256 who, uint256, uint256 how) external {
        IReadingsAnchor.SignedBatch memory last = _lastOf[_world.personAt(who).account];
        if (last.batch.sequence == 0) return;
        bytes memory signature = how % 2 == 0 ? last.signature : abi.encode(how);
        (bool isSuccessful, ) = _transact(abi.encodeCall(IReadingsAnchor.anchor, (last.batch, last.signer, signature)));
        _count(isSuccessful);
    }

    /// @dev Rightly signed, but not the next one of the gateway's chain.
    function anchorOutOfOrder(uint256 who, uint256, uint256 how) external {
        Person memory gateway = _world.personAt(who);
        IReadingsAnchor.Batch memory batch = _nextBatch(gateway.account, how);
        if (how % 4 == 0) batch.sequence += 1 + ((how >> 8) % 3);
        else if (how % 4 == 1) batch.sequence = (how >> 8) % batch.sequence;
        else if (how % 4 == 2) batch.previousHead = bytes27(keccak256(abi.encode(how)));
        else (, batch.previousHead) = _anchor.chainOf(_world.personAt((who % 8) + 1).account);
        vm.assertFalse(_submit(_sign(gateway, batch)), "INV-25: a batch out of its order was recorded");
        _count(true);
    }

    /// @dev In anybody's name, with his true signature of something else, the attacker's, or none.
    function forge(uint256 who, uint256 which, uint256 how) external {
        Person memory victim = _world.personAt(who);
        IReadingsAnchor.Batch memory batch = _nextBatch(victim.account, how);
        bytes memory signature = "";
        if (how % 3 == 0) {
            signature = _world.sign(victim, keccak256(abi.encode(how)));
        } else if (how % 3 == 1) {
            (uint8 v, bytes32 r, bytes32 s) = vm.sign(_world.ATTACKER_KEY(), _anchor.batchDigest(batch));
            signature = abi.encodePacked(r, s, v);
        }
        bytes memory signer = which % 2 == 0 ? victim.signer : _world.personAt(which).signer;
        IReadingsAnchor.SignedBatch memory forged = IReadingsAnchor.SignedBatch(batch, signer, signature);
        vm.assertFalse(_submit(forged), "INV-27: a forged batch was recorded");
        _count(true);
    }

    /// @dev A good batch together with one that says nothing: neither is recorded.
    function spoilTogether(uint256 who, uint256, uint256 how) external {
        Person memory gateway = _world.personAt(who);
        Person memory other = _world.personAt((who % 8) + 1);
        IReadingsAnchor.Batch memory empty = _nextBatch(other.account, how);
        if (how % 4 == 0) empty.count = 0;
        else if (how % 4 == 1) empty.root = 0;
        else if (how % 4 == 2) empty.document = 0;
        else empty.from = empty.to + 1;
        IReadingsAnchor.SignedBatch[] memory signed = new IReadingsAnchor.SignedBatch[](2);
        signed[0] = _sign(gateway, _nextBatch(gateway.account, how));
        signed[1] = _sign(other, empty);
        (bool isSuccessful, ) = _transact(abi.encodeCall(IReadingsAnchor.anchorMany, (signed)));
        vm.assertFalse(isSuccessful, "INV-25: a batch that says nothing was recorded");
        _count(true);
    }

    function _nextBatch(address gateway, uint256 how) private returns (IReadingsAnchor.Batch memory batch) {
        (uint256 sequence, bytes27 head) = _anchor.chainOf(gateway);
        uint256 from = _part(how, "from") % _world.time();
        return
            IReadingsAnchor.Batch({
                gateway: gateway,
                sequence: sequence + 1,
                previousHead: head,
                root: _world.nextDocument(),
                count: 1 + (_part(how, "count") % 4_096),
                from: from,
                to: from + (_part(how, "duration") % 1 days),
                document: _world.nextDocument()
            });
    }

    function _sign(
        Person memory gateway,
        IReadingsAnchor.Batch memory batch
    ) private returns (IReadingsAnchor.SignedBatch memory) {
        _ledger.noteStatement(batchOf(address(_anchor), batch));
        bytes memory signature = _world.sign(gateway, _anchor.batchDigest(batch));
        return IReadingsAnchor.SignedBatch(batch, gateway.signer, signature);
    }

    function _submit(IReadingsAnchor.SignedBatch memory signed) private returns (bool isSuccessful) {
        (isSuccessful, ) = _transact(
            abi.encodeCall(IReadingsAnchor.anchor, (signed.batch, signed.signer, signed.signature))
        );
        if (isSuccessful) _lastOf[signed.batch.gateway] = signed;
    }

    function _transact(bytes memory data) private returns (bool isSuccessful, bytes memory answer) {
        return _world.transact(address(0xa4b0d7), address(_anchor), data);
    }

    function _headAfter(IReadingsAnchor.Batch memory batch) private pure returns (bytes27) {
        bytes32 batchType = keccak256(
            "Batch(address gateway,uint256 sequence,bytes27 previousHead,bytes32 root,uint256 count,uint256 from,uint256 to,bytes32 document)"
        );
        return bytes27(keccak256(abi.encode(batchType, batch)));
    }
}

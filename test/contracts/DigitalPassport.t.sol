// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {DigitalPassport} from "../../contracts/DigitalPassport.sol";
import {IDigitalPassport} from "../../contracts/interfaces/IDigitalPassport.sol";
import {AttesterSignatures} from "../../contracts/libraries/AttesterSignatures.sol";
import {bound} from "../support/Bound.sol";
import {vm} from "../support/Vm.sol";

/// @dev A passport between a factory and a manager that are both this test: what must hold for every answer, every
/// time, every order.
contract DigitalPassportTest {
    uint256 private constant NOW = 1_800_000_000;
    uint256 private constant ROLE_OWNER = 1 << 127;
    address private constant OWNER = address(0xA11CE);
    address private constant BUYER = address(0xB0B);
    address private constant HOLDER = address(0x401DE2);
    bytes32 private constant DOCUMENT = keccak256("document");
    bytes32 private constant EVENT_TYPE = "MAINTAINED";

    DigitalPassport private immutable _implementation = new DigitalPassport();
    DigitalPassport private _passport;
    uint256 private _answeredRoles;
    uint256 private _answeredCondition;

    /// @dev The manager's answer, whatever the question.
    function authorize(bytes32, address, bool, uint256) external view returns (uint256 roles, uint256 newCondition) {
        return (_answeredRoles, _answeredCondition);
    }

    function setUp() external {
        vm.warp(NOW);
        _passport = _clone("https://id.weg.example/1");
        _passport.issue(OWNER, DOCUMENT);
    }

    // ------------------------------------------------------------------------------------------------------- issuing

    function testFuzz_issue_anyOwnerAndDocument_startsTheChainInSlotsTwoAndThree(
        address owner,
        bytes32 document,
        uint40 time
    ) external {
        vm.assume(owner != address(0) && document != 0 && time != 0);
        vm.warp(time);
        DigitalPassport passport = _clone("https://id.weg.example/2");
        passport.issue(owner, document);

        bytes32 start = keccak256(abi.encode(keccak256("DigitalPassport.head.v1"), block.chainid, address(passport)));
        bytes32 head = keccak256(
            abi.encode(start, 1, bytes32("MANUFACTURED"), address(this), 0, document, uint256(time), owner, 1)
        );
        vm.assertEq(passport.head(), head, "head");
        vm.assertEq(vm.load(address(passport), bytes32(uint256(2))), head, "slot 2");
        uint256 state = uint256(uint160(owner)) | (1 << 160) | (1 << 176) | (uint256(time) << 216);
        vm.assertEq(uint256(vm.load(address(passport), bytes32(uint256(3)))), state, "slot 3");
    }

    function testFuzz_issue_byAnybodyElse_isRefused(address caller) external {
        vm.assume(caller != address(this));
        DigitalPassport passport = _clone("https://id.weg.example/2");
        vm.expectRevert(abi.encodeWithSelector(IDigitalPassport.DigitalPassportIssuingRefused.selector, caller));
        vm.prank(caller);
        passport.issue(caller, DOCUMENT);
    }

    function testFuzz_productId_anyBytes_isReadBackFromTheCode(bytes calldata productId, address manager) external {
        vm.assume(productId.length <= 1_000);
        bytes memory arguments = abi.encodePacked(manager, productId);
        DigitalPassport passport = DigitalPassport(Clones.cloneWithImmutableArgs(address(_implementation), arguments));
        vm.assertEq(keccak256(bytes(passport.productId())), keccak256(productId), "productId");
        vm.assertEq(passport.productKey(), keccak256(productId), "productKey");
        vm.assertEq(passport.manager(), manager, "manager");
        vm.assertEq(passport.factory(), address(this), "factory");
    }

    // -------------------------------------------------------------------------------------------------- attestations

    /// @dev Against the same rules bit by bit, from any condition that a passport can have.
    function testFuzz_attest_anyAnswerOfTheManager_isRecordedOrRefused(
        address attester,
        uint256 before,
        uint256 roles,
        uint256 afterwards,
        uint8 likeness
    ) external {
        vm.assume(attester != address(0) && attester != address(this));
        // One in two answers differs in the bits of a condition only, one in four attesters is the owner.
        if (likeness & 1 == 0) (roles, afterwards) = (roles & 0xff, afterwards & 0xffff);
        if (likeness & 6 == 0) attester = OWNER;
        before = (before & 0xff1e) | 1;
        _setCondition(before);
        (_answeredRoles, _answeredCondition) = (roles, afterwards);
        bool isOwner = attester == OWNER;
        bool isAllowed = _isAllowed(before, afterwards, isOwner) && (isOwner || roles & ROLE_OWNER == 0);
        bytes32 head = _passport.head();

        if (!isAllowed) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IDigitalPassport.DigitalPassportManagerAnswerRefused.selector,
                    roles,
                    before,
                    afterwards
                )
            );
        }
        vm.prank(attester);
        _passport.attest(EVENT_TYPE, DOCUMENT);

        if (!isAllowed) return;
        bytes32 next = keccak256(abi.encode(head, 2, EVENT_TYPE, attester, roles, DOCUMENT, NOW, OWNER, afterwards));
        vm.assertEq(_passport.head(), next, "head");
        vm.assertEq(_passport.condition(), afterwards, "condition");
        vm.assertEq(_passport.owner(), OWNER, "owner");
    }

    function testFuzz_attest_manyEntries_headReplays(
        bytes32[16] calldata documents,
        uint256[16] calldata times,
        uint96[16] calldata roles
    ) external {
        bytes32 head = _passport.head();
        uint256 time = NOW;
        _answeredCondition = 1;
        for (uint256 index = 0; index < documents.length; ++index) {
            if (documents[index] == 0) continue;
            time = bound(times[index], time, time + 1_000 days);
            vm.warp(time);
            _answeredRoles = roles[index];
            uint256 sequence = _passport.entryCount() + 1;
            vm.prank(BUYER);
            vm.assertEq(_passport.attest(EVENT_TYPE, documents[index]), sequence, "sequence");
            head = keccak256(
                abi.encode(head, sequence, EVENT_TYPE, BUYER, roles[index], documents[index], time, OWNER, 1)
            );
            vm.assertEq(_passport.lastRecordedAt(), time, "lastRecordedAt");
        }
        vm.assertEq(_passport.head(), head, "head");
    }

    // ---------------------------------------------------------------------------------------------------- signatures

    /// @dev After a fork both chains have the passport; a signature for one is none for the other.
    function testFuzz_attestBySignature_afterAFork_countsOnItsChainOnly(uint256 seed, uint64 chainId) external {
        vm.assume(chainId != block.chainid && chainId != 0);
        uint256 key = bound(seed, 1, type(uint128).max);
        IDigitalPassport.Attestation memory attestation = IDigitalPassport.Attestation({
            eventType: EVENT_TYPE,
            document: DOCUMENT,
            attester: vm.addr(key),
            sequence: 0,
            deadline: NOW
        });
        _answeredCondition = 1;
        bytes memory signature = _sign(key, _passport.attestationDigest(attestation));
        bytes32 head = _passport.head();

        vm.chainId(chainId);
        bytes32 digest = _passport.attestationDigest(attestation);
        vm.expectRevert(
            abi.encodeWithSelector(AttesterSignatures.AttesterSignatureInvalid.selector, vm.addr(key), digest)
        );
        _passport.attestBySignature(attestation, "", signature);
        vm.assertEq(_passport.head(), head, "the history is the one before the fork");
        _passport.attestBySignature(attestation, "", _sign(key, digest));
        vm.assertEq(_passport.entryCount(), 2, "entryCount");
    }

    /// @dev What an owner and a buyer have signed before a fork counts on the old chain only, too.
    function testFuzz_ownershipBySignature_afterAFork_countsOnItsChainOnly(uint256 seed, uint64 chainId) external {
        vm.assume(chainId != block.chainid && chainId != 0);
        uint256 key = bound(seed, 1, type(uint128).max);
        address signatory = vm.addr(key);
        DigitalPassport passport = _clone("https://id.weg.example/2");
        passport.issue(signatory, DOCUMENT);
        IDigitalPassport.Offer memory offer = IDigitalPassport.Offer(signatory, DOCUMENT, 1, NOW);
        IDigitalPassport.Lock memory lock = IDigitalPassport.Lock(address(this), NOW, DOCUMENT, 2, NOW);
        bytes[3] memory signatures = [
            _sign(key, passport.offerDigest(offer)),
            _sign(key, passport.lockDigest(lock)),
            _sign(key, passport.cancelDigest(1))
        ];
        uint256 before = block.chainid;
        vm.chainId(chainId);

        _expectInvalid(signatory, passport.offerDigest(offer));
        passport.offerOwnershipBySignature(offer, "", signatures[0]);
        _expectInvalid(signatory, passport.lockDigest(lock));
        passport.lockBySignature(lock, "", signatures[1]);
        _expectInvalid(signatory, passport.cancelDigest(1));
        passport.cancelOfferBySignature(1, "", signatures[2]);

        // Both ways to accept, each of an offer or lock that is valid on this chain.
        passport.offerOwnershipBySignature(offer, "", _sign(key, passport.offerDigest(offer)));
        _expectAcceptanceInvalid(passport, key, before);
        passport.lockBySignature(lock, "", _sign(key, passport.lockDigest(lock)));
        _expectSettlementInvalid(passport, key, before);
        vm.assertEq(passport.owner(), signatory, "owner");
    }

    function testFuzz_attestBySignature_anyPosition_onlyTheNextIsTaken(uint256 sequence, uint8 entries) external {
        uint256 key = 7;
        _answeredCondition = 1;
        for (uint256 index = 0; index < entries % 8; ++index) _passport.attest(EVENT_TYPE, DOCUMENT);
        uint256 nextSequence = _passport.entryCount() + 1;
        sequence = sequence % 2 == 0 ? bound(sequence, 1, 10) : bound(sequence, 1, type(uint256).max);
        IDigitalPassport.Attestation memory attestation = IDigitalPassport.Attestation({
            eventType: EVENT_TYPE,
            document: DOCUMENT,
            attester: vm.addr(key),
            sequence: sequence,
            deadline: NOW
        });
        bytes memory signature = _sign(key, _passport.attestationDigest(attestation));
        if (sequence != nextSequence) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IDigitalPassport.DigitalPassportSequenceMismatch.selector,
                    sequence,
                    nextSequence
                )
            );
        }
        _passport.attestBySignature(attestation, "", signature);
    }

    // --------------------------------------------------------------------------------------------- ownership and lock

    /// @dev A model of three variables: who owns, who is offered it, and the number that is never reset.
    function testFuzz_offers_anyOrder_followTheModel(uint8[32] calldata steps, bool[32] calldata byBuyer) external {
        address owner = OWNER;
        address offered = address(0);
        uint256 nonce = 0;
        for (uint256 index = 0; index < steps.length; ++index) {
            address caller = byBuyer[index] ? BUYER : OWNER;
            uint256 step = steps[index] % 3;
            bool isAllowed = step == 2 ? caller == offered : caller == owner;
            if (step == 0 && isAllowed) (offered, nonce) = (caller == OWNER ? BUYER : OWNER, nonce + 1);
            if (step == 1 && isAllowed) (offered, nonce) = (address(0), offered == address(0) ? nonce + 1 : nonce);
            if (step == 2 && isAllowed) (owner, offered) = (caller, address(0));
            _step(step, caller, isAllowed);

            (address newOwner, , uint256 number, ) = _passport.pendingOffer();
            vm.assertEq(newOwner, offered, "pendingOffer");
            vm.assertEq(number, offered == address(0) ? 0 : nonce, "number of the pending offer");
            vm.assertEq(_passport.offerNonce(), nonce, "offerNonce");
            vm.assertEq(_passport.owner(), owner, "owner");
        }
    }

    function testFuzz_lock_anyDuration_isRefusedBeyondThirtyDays(uint256 until, uint8 kind) external {
        if (kind % 4 != 0) until = bound(until, NOW - 10, NOW + 31 days);
        if (until < NOW) {
            vm.expectRevert(abi.encodeWithSelector(IDigitalPassport.DigitalPassportExpired.selector, until, NOW));
        } else if (until > NOW + 30 days) {
            vm.expectRevert(
                abi.encodeWithSelector(IDigitalPassport.DigitalPassportLockTooLong.selector, until, NOW + 30 days)
            );
        }
        vm.prank(OWNER);
        _passport.lock(HOLDER, until, DOCUMENT);
    }

    function testFuzz_release_anyCallerAndTime_holderOrAfterTheEnd(
        address caller,
        uint256 duration,
        uint256 passed,
        uint8 likeness
    ) external {
        if (likeness % 4 == 0) caller = HOLDER;
        vm.assume(caller != address(0));
        duration = bound(duration, 0, 30 days);
        passed = likeness % 2 == 0 ? bound(passed, 0, 31 days) : bound(passed, duration, duration + 1);
        vm.prank(OWNER);
        _passport.lock(HOLDER, NOW + duration, DOCUMENT);
        vm.warp(NOW + passed);

        bool isAllowed = caller == HOLDER || passed > duration;
        if (!isAllowed) {
            vm.expectRevert(
                abi.encodeWithSelector(IDigitalPassport.DigitalPassportNotLockHolder.selector, caller, HOLDER)
            );
        }
        vm.prank(caller);
        _passport.release();
        vm.assertEq(_passport.condition(), isAllowed ? 1 : 3, "condition");
    }

    // ------------------------------------------------------------------------------------------------------- helpers

    function _clone(string memory productId) private returns (DigitalPassport) {
        bytes memory arguments = abi.encodePacked(address(this), productId);
        return DigitalPassport(Clones.cloneWithImmutableArgs(address(_implementation), arguments));
    }

    function _expectAcceptanceInvalid(DigitalPassport passport, uint256 key, uint256 otherChain) private {
        IDigitalPassport.Accept memory accept = IDigitalPassport.Accept(
            vm.addr(key),
            DOCUMENT,
            1,
            passport.head(),
            NOW
        );
        bytes memory signature = _signFor(otherChain, key, passport, accept);
        _expectInvalid(vm.addr(key), passport.acceptDigest(accept));
        passport.acceptOwnershipBySignature(accept, "", signature);
    }

    function _expectSettlementInvalid(DigitalPassport passport, uint256 key, uint256 otherChain) private {
        IDigitalPassport.Accept memory accept = IDigitalPassport.Accept(
            vm.addr(key),
            DOCUMENT,
            2,
            passport.head(),
            NOW
        );
        bytes memory signature = _signFor(otherChain, key, passport, accept);
        _expectInvalid(vm.addr(key), passport.acceptDigest(accept));
        passport.settle(accept, "", signature);
    }

    /// @dev Signs an acceptance as on another chain.
    function _signFor(
        uint256 otherChain,
        uint256 key,
        DigitalPassport passport,
        IDigitalPassport.Accept memory accept
    ) private returns (bytes memory signature) {
        uint256 present = block.chainid;
        vm.chainId(otherChain);
        signature = _sign(key, passport.acceptDigest(accept));
        vm.chainId(present);
    }

    function _expectInvalid(address signatory, bytes32 digest) private {
        vm.expectRevert(
            abi.encodeWithSelector(AttesterSignatures.AttesterSignatureInvalid.selector, signatory, digest)
        );
    }

    function _setCondition(uint256 condition) private {
        bytes32 slot = bytes32(uint256(3));
        uint256 state = uint256(vm.load(address(_passport), slot)) & ~(uint256(0xffff) << 160);
        vm.store(address(_passport), slot, bytes32(state | (condition << 160)));
    }

    function _step(uint256 step, address caller, bool isAllowed) private {
        bytes32 head = _passport.head();
        address other = caller == OWNER ? BUYER : OWNER;
        if (!isAllowed && step == 2) {
            (address newOwner, , , ) = _passport.pendingOffer();
            vm.expectRevert(
                abi.encodeWithSelector(IDigitalPassport.DigitalPassportNotOffered.selector, caller, newOwner)
            );
        } else if (!isAllowed) {
            vm.expectRevert(
                abi.encodeWithSelector(IDigitalPassport.DigitalPassportNotOwner.selector, caller, _passport.owner())
            );
        }
        vm.prank(caller);
        if (step == 0) _passport.offerOwnership(other, DOCUMENT, NOW);
        if (step == 1) _passport.cancelOffer();
        if (step == 2) _passport.acceptOwnership(DOCUMENT, head);
    }

    function _isAllowed(uint256 before, uint256 afterwards, bool isOwner) private pure returns (bool) {
        uint256 changed = before ^ afterwards;
        if (afterwards >> 16 != 0 || afterwards & 0xe0 != 0) return false;
        if (changed & 0x03 != 0) return false;
        if (changed & 0x04 != 0 && !isOwner) return false;
        return afterwards & 0x18 & before == before & 0x18;
    }

    function _sign(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }
}

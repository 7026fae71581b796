// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IDigitalPassport} from "./interfaces/IDigitalPassport.sol";
import {IManufacturerManager} from "./interfaces/IManufacturerManager.sol";
import {AttesterSignatures} from "./libraries/AttesterSignatures.sol";
import {Conditions} from "./libraries/Conditions.sol";
import {EventRules} from "./libraries/EventRules.sol";
import {EventTypes} from "./libraries/EventTypes.sol";
import {PassportHashing} from "./libraries/PassportHashing.sol";
import {PassportState, packState} from "./libraries/PassportState.sol";

/// @title The passport of one product
/// @notice Specified in {IDigitalPassport}.
/// @dev The code behind every clone. OpenZeppelin's EIP712 takes the storage slots 0 and 1; `head` is slot 2 and the
/// packed state slot 3, which is what a storage proof of a passport proves.
contract DigitalPassport is IDigitalPassport, EIP712 {
    /// @dev Slot 4. `offerNonce` outlives the offer: else a cancelled offer would come back.
    struct PendingOffer {
        address newOwner;
        uint56 offerNonce;
        uint40 expiresAt;
    }

    /// @dev Slot 6.
    struct PlacedLock {
        address holder;
        uint40 until;
    }

    uint256 private constant MAX_LOCK_DURATION = 30 days;

    /// @dev What a manager may spend on naming a condition bit; reading a slot takes a tenth of it.
    uint256 private constant NAME_GAS = 30_000;

    /// @dev Length of an EIP-1167 clone's code, behind which its immutable arguments stand.
    uint256 private constant CLONE_CODE_LENGTH = 45;

    /// @inheritdoc IDigitalPassport
    address public immutable override factory;

    /// @inheritdoc IDigitalPassport
    bytes32 public override head; // slot 2
    PassportState private _state; // slot 3
    PendingOffer private _offer; // slot 4
    bytes32 private _offerDocument; // slot 5
    PlacedLock private _lock; // slot 6
    bytes32 private _lockDocument; // slot 7

    /// @inheritdoc IDigitalPassport
    mapping(bytes32 digest => bool isUsed) public override isDigestUsed; // slot 8

    /// @dev The deployer of this code is the factory; only it issues the clones.
    constructor() EIP712("DigitalPassport", "1") {
        factory = msg.sender;
    }

    // ------------------------------------------------------------------------------------------------- attestations

    /// @inheritdoc IDigitalPassport
    function issue(address owner_, bytes32 document) external override {
        // Check: once, by the factory.
        if (msg.sender != factory || _state.entryCount() != 0) revert DigitalPassportIssuingRefused(msg.sender);
        _requireAddress(owner_);

        // Effect.
        _append(
            PassportHashing.initialHead(block.chainid, address(this)),
            PassportState.wrap(0),
            EventTypes.MANUFACTURED,
            manager(),
            0,
            document,
            owner_,
            Conditions.ISSUED
        );
    }

    /// @inheritdoc IDigitalPassport
    function attest(bytes32 eventType, bytes32 document) external override returns (uint256 sequence) {
        return _attest(eventType, msg.sender, document);
    }

    /// @inheritdoc IDigitalPassport
    function attestBySignature(
        Attestation calldata attestation,
        bytes calldata signer,
        bytes calldata signature
    ) external override returns (uint256 sequence) {
        // Check: in time, at its place or for the first time, signed.
        bytes32 digest = attestationDigest(attestation);
        _requireNotExpired(attestation.deadline);
        if (attestation.sequence == 0) {
            if (isDigestUsed[digest]) revert DigitalPassportSignatureUsed(digest);
            isDigestUsed[digest] = true;
        } else {
            _requireNextSequence(attestation.sequence);
        }
        AttesterSignatures.check(attestation.attester, digest, signer, signature);

        // Effect.
        return _attest(attestation.eventType, attestation.attester, attestation.document);
    }

    // ---------------------------------------------------------------------------------------------------- ownership

    /// @inheritdoc IDigitalPassport
    function offerOwnership(
        address newOwner,
        bytes32 document,
        uint256 expiresAt
    ) external override returns (uint256 nonce) {
        _requireOwner(msg.sender);
        nonce = _offer.offerNonce + 1;
        _makeOffer(newOwner, document, nonce, expiresAt);
    }

    /// @inheritdoc IDigitalPassport
    function offerOwnershipBySignature(
        Offer calldata offer,
        bytes calldata signer,
        bytes calldata signature
    ) external override {
        _requireOfferNonce(offer.offerNonce, _offer.offerNonce + 1);
        AttesterSignatures.check(_state.owner(), offerDigest(offer), signer, signature);
        _makeOffer(offer.newOwner, offer.document, offer.offerNonce, offer.expiresAt);
    }

    /// @inheritdoc IDigitalPassport
    function cancelOffer() external override {
        _requireOwner(msg.sender);
        _cancelOffer(_cancellableNonce());
    }

    /// @inheritdoc IDigitalPassport
    function cancelOfferBySignature(uint256 nonce, bytes calldata signer, bytes calldata signature) external override {
        _requireOfferNonce(nonce, _cancellableNonce());
        AttesterSignatures.check(_state.owner(), cancelDigest(nonce), signer, signature);
        _cancelOffer(nonce);
    }

    /// @inheritdoc IDigitalPassport
    function acceptOwnership(bytes32 document, bytes32 expectedHead) external override returns (uint256 sequence) {
        _requireOffered(msg.sender);
        return _acceptOffer(msg.sender, document, expectedHead);
    }

    /// @inheritdoc IDigitalPassport
    function acceptOwnershipBySignature(
        Accept calldata accept,
        bytes calldata signer,
        bytes calldata signature
    ) external override returns (uint256 sequence) {
        _requireOffered(accept.newOwner);
        _requireOfferNonce(accept.offerNonce, _offer.offerNonce);
        _requireNotExpired(accept.deadline);
        AttesterSignatures.check(accept.newOwner, acceptDigest(accept), signer, signature);
        return _acceptOffer(accept.newOwner, accept.document, accept.expectedHead);
    }

    // --------------------------------------------------------------------------------------------------------- lock

    /// @inheritdoc IDigitalPassport
    function lock(address holder, uint256 until, bytes32 document) external override returns (uint256 sequence) {
        _requireOwner(msg.sender);
        return _placeLock(holder, until, document);
    }

    /// @inheritdoc IDigitalPassport
    function lockBySignature(
        Lock calldata lock_,
        bytes calldata signer,
        bytes calldata signature
    ) external override returns (uint256 sequence) {
        _requireNextSequence(lock_.sequence);
        _requireNotExpired(lock_.deadline);
        AttesterSignatures.check(_state.owner(), lockDigest(lock_), signer, signature);
        return _placeLock(lock_.holder, lock_.until, lock_.document);
    }

    /// @inheritdoc IDigitalPassport
    function release() external override returns (uint256 sequence) {
        // Check: the holder, or anyone once the lock has run out.
        PlacedLock memory placed = _lock;
        bool mayRelease = msg.sender == placed.holder || block.timestamp > placed.until;
        if (placed.holder == address(0) || !mayRelease) {
            revert DigitalPassportNotLockHolder(msg.sender, placed.holder);
        }

        // Effect.
        bytes32 document = _lockDocument;
        uint256 unlocked = _endLock();
        return _record(EventTypes.RELEASED, msg.sender, 0, document, _state.owner(), unlocked);
    }

    /// @inheritdoc IDigitalPassport
    function settle(
        Accept calldata accept,
        bytes calldata signer,
        bytes calldata signature
    ) external override returns (uint256 sequence) {
        // Check: the holder, in time, with the acceptance of exactly this history.
        PlacedLock memory placed = _lock;
        if (msg.sender != placed.holder) revert DigitalPassportNotLockHolder(msg.sender, placed.holder);
        _requireNotExpired(placed.until);
        _requireAddress(accept.newOwner);
        _requireWithout(Conditions.STOLEN);
        _requireOfferNonce(accept.offerNonce, _offer.offerNonce + 1);
        _requireHead(accept.expectedHead);
        _requireNotExpired(accept.deadline);
        AttesterSignatures.check(accept.newOwner, acceptDigest(accept), signer, signature);

        // Effect: a settlement takes a number of its own, so that no older offer survives it.
        _clearOffer(uint56(accept.offerNonce)); // checked above against a uint56 + 1, which reverts on overflow
        uint256 unlocked = _endLock();
        return _recordTransfer(accept.newOwner, accept.document, unlocked);
    }

    // -------------------------------------------------------------------------------------------------------- views

    /// @inheritdoc IDigitalPassport
    function owner() external view override returns (address) {
        return _state.owner();
    }

    /// @inheritdoc IDigitalPassport
    function condition() external view override returns (uint256) {
        return _state.condition();
    }

    /// @inheritdoc IDigitalPassport
    function conditionInWords() external view override returns (string memory words) {
        for (uint256 bit = 1; bit <= 1 << 15; bit <<= 1) {
            if (_state.condition() & bit == 0) continue;
            string memory name = _conditionName(bit);
            words = bytes(words).length == 0 ? name : string.concat(words, ", ", name);
        }
    }

    /// @inheritdoc IDigitalPassport
    function entryCount() external view override returns (uint256) {
        return _state.entryCount();
    }

    /// @inheritdoc IDigitalPassport
    function lastRecordedAt() external view override returns (uint256) {
        return _state.lastRecordedAt();
    }

    /// @inheritdoc IDigitalPassport
    function productId() public view override returns (string memory) {
        return string(_immutableArguments(20));
    }

    /// @inheritdoc IDigitalPassport
    function productKey() external view override returns (bytes32) {
        return PassportHashing.productKey(productId());
    }

    /// @inheritdoc IDigitalPassport
    function manager() public view override returns (address manager_) {
        assembly ("memory-safe") {
            // The first 20 bytes behind the clone's code, into scratch space.
            mstore(0x00, 0)
            extcodecopy(address(), 0x0c, CLONE_CODE_LENGTH, 20)
            manager_ := mload(0x00)
        }
    }

    /// @inheritdoc IDigitalPassport
    function pendingOffer()
        external
        view
        override
        returns (address newOwner, bytes32 document, uint256 nonce, uint256 expiresAt)
    {
        if (_offer.newOwner == address(0)) return (address(0), bytes32(0), 0, 0);
        return (_offer.newOwner, _offerDocument, _offer.offerNonce, _offer.expiresAt);
    }

    /// @inheritdoc IDigitalPassport
    function offerNonce() external view override returns (uint256) {
        return _offer.offerNonce;
    }

    /// @inheritdoc IDigitalPassport
    function currentLock() external view override returns (address holder, uint256 until, bytes32 document) {
        return (_lock.holder, _lock.until, _lockDocument);
    }

    /// @inheritdoc IDigitalPassport
    function attestationDigest(Attestation calldata attestation) public view override returns (bytes32) {
        return _hashTypedDataV4(PassportHashing.hashAttestation(attestation));
    }

    /// @inheritdoc IDigitalPassport
    function offerDigest(Offer calldata offer) public view override returns (bytes32) {
        return _hashTypedDataV4(PassportHashing.hashOffer(offer));
    }

    /// @inheritdoc IDigitalPassport
    function cancelDigest(uint256 nonce) public view override returns (bytes32) {
        return _hashTypedDataV4(PassportHashing.hashCancel(nonce));
    }

    /// @inheritdoc IDigitalPassport
    function acceptDigest(Accept calldata accept) public view override returns (bytes32) {
        return _hashTypedDataV4(PassportHashing.hashAccept(accept));
    }

    /// @inheritdoc IDigitalPassport
    function lockDigest(Lock calldata lock_) public view override returns (bytes32) {
        return _hashTypedDataV4(PassportHashing.hashLock(lock_));
    }

    // ------------------------------------------------------------------------------------------------------- effects

    /// @dev The caller has checked that `attester` sent or signed it.
    function _attest(bytes32 eventType, address attester, bytes32 document) private returns (uint256 sequence) {
        // Check.
        if (EventTypes.isNative(eventType)) revert DigitalPassportEventTypeNative(eventType);
        PassportState state = _state;
        (uint256 roles, uint256 newCondition) = _authorize(state, eventType, attester);

        // Effect.
        return _record(eventType, attester, roles, document, state.owner(), newCondition);
    }

    /// @dev Records an entry behind those that are there.
    function _record(
        bytes32 eventType,
        address attester,
        uint256 roles,
        bytes32 document,
        address owner_,
        uint256 condition_
    ) private returns (uint256 sequence) {
        return _append(head, _state, eventType, attester, roles, document, owner_, condition_);
    }

    /// @dev The only place that writes `head` and the state.
    function _append(
        bytes32 previousHead,
        PassportState previousState,
        bytes32 eventType,
        address attester,
        uint256 roles,
        bytes32 document,
        address owner_,
        uint256 condition_
    ) private returns (uint256 sequence) {
        if (document == bytes32(0)) revert DigitalPassportDocumentZero();
        sequence = previousState.entryCount() + 1;

        head = PassportHashing.nextHead(
            previousHead,
            Entry({
                sequence: sequence,
                eventType: eventType,
                attester: attester,
                roles: roles,
                document: document,
                recordedAt: block.timestamp,
                owner: owner_,
                condition: condition_
            })
        );
        _state = packState(owner_, condition_, sequence, block.timestamp);

        emit Attested(
            sequence,
            eventType,
            attester,
            roles,
            document,
            block.timestamp,
            previousState.lastRecordedAt(),
            owner_,
            condition_
        );
    }

    /// @dev The entry of a sale, by either way; its attester is the new owner.
    function _recordTransfer(
        address newOwner,
        bytes32 document,
        uint256 condition_
    ) private returns (uint256 sequence) {
        return
            _record(EventTypes.OWNERSHIP_TRANSFERRED, newOwner, EventRules.ROLE_OWNER, document, newOwner, condition_);
    }

    function _makeOffer(address newOwner, bytes32 document, uint256 nonce, uint256 expiresAt) private {
        // Check.
        _requireAddress(newOwner);
        if (document == bytes32(0)) revert DigitalPassportDocumentZero();
        _requireNotExpired(expiresAt);
        _requireWithout(Conditions.LOCKED | Conditions.STOLEN);

        // Effect.
        _offer = PendingOffer({
            newOwner: newOwner,
            offerNonce: SafeCast.toUint56(nonce),
            expiresAt: SafeCast.toUint40(expiresAt)
        });
        _offerDocument = document;

        emit OwnershipOffered(nonce, newOwner, document, expiresAt);
    }

    function _cancelOffer(uint256 nonce) private {
        _clearOffer(SafeCast.toUint56(nonce));

        emit OfferCancelled(nonce);
    }

    /// @dev Both sides have named the same document, and the history is the one that the new owner has seen.
    function _acceptOffer(address newOwner, bytes32 document, bytes32 expectedHead) private returns (uint256 sequence) {
        // Check.
        if (document != _offerDocument) revert DigitalPassportDocumentMismatch(document, _offerDocument);
        _requireNotExpired(_offer.expiresAt);
        _requireWithout(Conditions.LOCKED | Conditions.STOLEN);
        _requireHead(expectedHead);

        // Effect.
        _clearOffer(_offer.offerNonce);
        return _recordTransfer(newOwner, document, _state.condition());
    }

    function _clearOffer(uint56 nonce) private {
        _offer = PendingOffer({newOwner: address(0), offerNonce: nonce, expiresAt: 0});
        delete _offerDocument;
    }

    function _placeLock(address holder, uint256 until, bytes32 document) private returns (uint256 sequence) {
        // Check.
        _requireAddress(holder);
        _requireNotExpired(until);
        uint256 latest = block.timestamp + MAX_LOCK_DURATION;
        if (until > latest) revert DigitalPassportLockTooLong(until, latest);
        _requireWithout(Conditions.LOCKED | Conditions.STOLEN);

        // Effect: the cast is safe, `until` is at most 30 days away.
        _lock = PlacedLock({holder: holder, until: uint40(until)});
        _lockDocument = document;
        address owner_ = _state.owner();
        uint256 locked = _state.condition() | Conditions.LOCKED;
        sequence = _record(EventTypes.LOCKED, owner_, EventRules.ROLE_OWNER, document, owner_, locked);

        emit LockPlaced(holder, until);
    }

    /// @dev Forgets the lock and returns the condition without it, for the entry that the caller records.
    function _endLock() private returns (uint256 unlocked) {
        delete _lock;
        delete _lockDocument;
        return _state.condition() & ~Conditions.LOCKED;
    }

    // -------------------------------------------------------------------------------------------------------- checks

    /// @dev The manager says whether the attester may, the passport whether the manager's answer is one that a manager can
    /// give. An owner who has his product back does not have to ask: else a theft report would let a dead or hostile
    /// manufacturer freeze property.
    function _authorize(
        PassportState state,
        bytes32 eventType,
        address attester
    ) private view returns (uint256 roles, uint256 newCondition) {
        bool isOwner = attester == state.owner();
        uint256 condition_ = state.condition();
        if (isOwner && eventType == EventTypes.RECOVERED && condition_ & Conditions.STOLEN != 0) {
            return (EventRules.ROLE_OWNER, condition_ & ~Conditions.STOLEN);
        }

        (roles, newCondition) = IManufacturerManager(manager()).authorize(eventType, attester, isOwner, condition_);
        bool areRolesPossible = isOwner || roles & EventRules.ROLE_OWNER == 0;
        if (!areRolesPossible || !Conditions.isAllowedChange(condition_, newCondition, isOwner)) {
            revert DigitalPassportManagerAnswerRefused(roles, condition_, newCondition);
        }
    }

    function _requireOwner(address account) private view {
        address owner_ = _state.owner();
        if (account != owner_) revert DigitalPassportNotOwner(account, owner_);
    }

    function _requireAddress(address account) private pure {
        if (account == address(0)) revert DigitalPassportAddressZero();
    }

    function _requireNotExpired(uint256 lastSecond) private view {
        if (block.timestamp > lastSecond) revert DigitalPassportExpired(lastSecond, block.timestamp);
    }

    function _requireNextSequence(uint256 sequence) private view {
        uint256 nextSequence = _state.entryCount() + 1;
        if (sequence != nextSequence) revert DigitalPassportSequenceMismatch(sequence, nextSequence);
    }

    function _requireOfferNonce(uint256 nonce, uint256 valid) private pure {
        if (nonce != valid) revert DigitalPassportOfferNonceMismatch(nonce, valid);
    }

    function _requireOffered(address account) private view {
        address newOwner = _offer.newOwner;
        if (account != newOwner || newOwner == address(0)) revert DigitalPassportNotOffered(account, newOwner);
    }

    /// @dev The pending offer, or else the one that could be made next.
    function _cancellableNonce() private view returns (uint256) {
        PendingOffer memory offer = _offer;
        return offer.newOwner == address(0) ? offer.offerNonce + 1 : offer.offerNonce;
    }

    function _requireHead(bytes32 expectedHead) private view {
        if (expectedHead != head) revert DigitalPassportHeadMismatch(expectedHead, head);
    }

    function _requireWithout(uint256 forbidden) private view {
        uint256 condition_ = _state.condition();
        if (condition_ & forbidden != 0) revert DigitalPassportConditionForbids(condition_, condition_ & forbidden);
    }

    // ------------------------------------------------------------------------------------------------------- reading

    /// @dev Immutable arguments of this clone, without the first `offset` bytes.
    function _immutableArguments(uint256 offset) private view returns (bytes memory arguments) {
        uint256 start = CLONE_CODE_LENGTH + offset;
        arguments = new bytes(address(this).code.length - start);
        assembly ("memory-safe") {
            extcodecopy(address(), add(arguments, 0x20), start, mload(arguments))
        }
    }

    /// @dev A manager that does not answer, or with anything but a name of its own, costs the reader the name, never the
    /// rest: it gets little gas, and may not pass a bit off as one of the passport's.
    function _conditionName(uint256 bit) private view returns (string memory) {
        bytes32 nativeName = Conditions.nameOf(bit);
        if (nativeName != bytes32(0)) return _text(nativeName);

        (bool success, bytes memory answer) = manager().staticcall{gas: NAME_GAS}(
            abi.encodeCall(IManufacturerManager.conditionNameOf, (bit))
        );
        bytes32 name = bytes32(answer);
        bool isNamed = success && EventTypes.isWellFormed(name) && !Conditions.isNativeName(name);
        return isNamed ? _text(name) : Strings.toHexString(bit);
    }

    /// @dev ASCII text that is left-aligned in 32 bytes.
    function _text(bytes32 word) private pure returns (string memory) {
        uint256 length = 0;
        while (length < 32 && word[length] != 0) ++length;
        bytes memory text = new bytes(length);
        for (uint256 index = 0; index < length; ++index) text[index] = word[index];
        return string(text);
    }
}

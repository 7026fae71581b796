// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

/// @title The passport of one product
/// @notice An append-only hash chain of attestations. One contract per product, deployed as an immutable clone whose
/// code ends in `manager (20 bytes) | productId`. Nobody can rewrite, pause or upgrade a passport; its manager only
/// says whether an attester may record a kind of event.
/// @dev Every entry moves `head` to `keccak256(abi.encode(head, entry))`, so that one storage slot proves the whole
/// history. The four native event types (MANUFACTURED, OWNERSHIP_TRANSFERRED, LOCKED, RELEASED) never ask the manager,
/// nor does RECOVERED by the owner of a product that is reported stolen.
///
/// Signatures are EIP-712 with the domain ("DigitalPassport", "1", chain id, this passport). In every function that
/// takes a signature, `signer` is empty for an account (ECDSA first: 65 bytes, v 27 or 28, low s; then ERC-1271), or an
/// ERC-7913 signer `verifier (20 bytes) | key`; the attester of such a key is the derived address
/// `PassportHashing.attesterOfSigner(signer)`.
interface IDigitalPassport {
    /// @notice One entry of the history, as it is hashed into `head`.
    /// @param sequence Position in the history; MANUFACTURED is 1.
    /// @param eventType ASCII name, left-aligned: "MAINTAINED".
    /// @param attester Who states the event: an account, a contract wallet or the derived address of a key.
    /// @param roles Under which of his roles he states it: bits of the manager, bit 127 is "the current owner".
    /// @param document sha2-256 digest of the canonical JSON document (RFC 8785); the CIDv1 "raw" of it is its address.
    /// @param recordedAt Chain time in Unix seconds.
    /// @param owner Owner after this entry.
    /// @param condition Condition bits after this entry, see {Conditions}.
    struct Entry {
        uint256 sequence;
        bytes32 eventType;
        address attester;
        uint256 roles;
        bytes32 document;
        uint256 recordedAt;
        address owner;
        uint256 condition;
    }

    /// @notice What an attester signs to let somebody else record his entry.
    /// @param eventType ASCII name of the event.
    /// @param document sha2-256 digest of the document, not zero.
    /// @param attester In whose name the entry is.
    /// @param sequence n >= 1: exactly that position (an overtaken signature is dead for ever); 0: any position until
    /// the deadline, once.
    /// @param deadline Last second, Unix time, at which the signature may be recorded.
    struct Attestation {
        bytes32 eventType;
        bytes32 document;
        address attester;
        uint256 sequence;
        uint256 deadline;
    }

    /// @notice What an owner signs to offer his product.
    /// @param newOwner Who may accept.
    /// @param document sha2-256 digest of the document of the transfer; the buyer accepts the same one.
    /// @param offerNonce Number of this offer: `offerNonce() + 1`.
    /// @param expiresAt Last second, Unix time, at which the offer may be made or accepted.
    struct Offer {
        address newOwner;
        bytes32 document;
        uint256 offerNonce;
        uint256 expiresAt;
    }

    /// @notice What a new owner signs to accept.
    /// @param newOwner In whose name he accepts: one key may sign for several addresses.
    /// @param document sha2-256 digest of the document of the transfer.
    /// @param offerNonce Number of the pending offer; for {settle}, which takes a number of its own, `offerNonce() + 1`.
    /// @param expectedHead The history that he has seen; any later entry makes the acceptance void.
    /// @param deadline Last second, Unix time, at which the signature may be used.
    struct Accept {
        address newOwner;
        bytes32 document;
        uint256 offerNonce;
        bytes32 expectedHead;
        uint256 deadline;
    }

    /// @notice What an owner signs to lock his passport for a sale.
    /// @param holder Who may release the lock or settle the sale.
    /// @param until Last second, Unix time, of the lock; at most 30 days away.
    /// @param document sha2-256 digest of the document of the lock.
    /// @param sequence Exact position of the entry, >= 1.
    /// @param deadline Last second, Unix time, at which the signature may be used.
    struct Lock {
        address holder;
        uint256 until;
        bytes32 document;
        uint256 sequence;
        uint256 deadline;
    }

    /// @notice Emitted once per entry; the entries alone rebuild the history, the owner and the condition.
    /// @param previousRecordedAt Chain time of the entry before, 0 for the first: lets a reader walk backwards on a node
    /// that limits block ranges.
    event Attested(
        uint256 indexed sequence,
        bytes32 indexed eventType,
        address indexed attester,
        uint256 roles,
        bytes32 document,
        uint256 recordedAt,
        uint256 previousRecordedAt,
        address owner,
        uint256 condition
    );

    /// @notice Emitted when the owner offers the product; replaces the offer before it.
    event OwnershipOffered(uint256 indexed offerNonce, address indexed newOwner, bytes32 document, uint256 expiresAt);

    /// @notice Emitted when an offer is withdrawn, made or not.
    event OfferCancelled(uint256 indexed offerNonce);

    /// @notice Emitted beside the LOCKED entry.
    event LockPlaced(address indexed holder, uint256 until);

    /// @notice Thrown when anybody but the factory issues, or when the passport is issued already.
    error DigitalPassportIssuingRefused(address caller);

    /// @notice Thrown when an owner, new owner or lock holder is the zero address.
    error DigitalPassportAddressZero();

    /// @notice Thrown when an entry names no document.
    error DigitalPassportDocumentZero();

    /// @notice Thrown when a native event type is attested directly.
    error DigitalPassportEventTypeNative(bytes32 eventType);

    /// @notice Thrown when a signature is for another position than the next one.
    error DigitalPassportSequenceMismatch(uint256 sequence, uint256 nextSequence);

    /// @notice Thrown when an any-position signature was recorded before.
    error DigitalPassportSignatureUsed(bytes32 digest);

    /// @notice Thrown when a deadline or expiry has passed.
    error DigitalPassportExpired(uint256 expiredAt, uint256 currentTime);

    /// @notice Thrown when the caller or signer is not the owner.
    error DigitalPassportNotOwner(address account, address owner);

    /// @notice Thrown when a condition bit stands in the way: the passport is locked or reported stolen.
    error DigitalPassportConditionForbids(uint256 condition, uint256 forbidden);

    /// @notice Thrown when the manager answers with a condition that no manager may cause, or with roles that the
    /// attester cannot have.
    error DigitalPassportManagerAnswerRefused(uint256 roles, uint256 condition, uint256 newCondition);

    /// @notice Thrown when an offer, a cancellation or an acceptance carries another number than the valid one.
    error DigitalPassportOfferNonceMismatch(uint256 offerNonce, uint256 currentOfferNonce);

    /// @notice Thrown when there is no pending offer to the account.
    error DigitalPassportNotOffered(address account, address newOwner);

    /// @notice Thrown when the accepted document is not the offered one.
    error DigitalPassportDocumentMismatch(bytes32 document, bytes32 offered);

    /// @notice Thrown when the history has moved on since the new owner looked.
    error DigitalPassportHeadMismatch(bytes32 expectedHead, bytes32 head);

    /// @notice Thrown when a lock would last for longer than 30 days.
    error DigitalPassportLockTooLong(uint256 until, uint256 latest);

    /// @notice Thrown when there is no lock, or when the caller may not end it.
    error DigitalPassportNotLockHolder(address caller, address holder);

    /// @notice Records the first entry, MANUFACTURED; its attester is the manager.
    /// @dev Only the factory, in the transaction that deploys the clone.
    /// @param owner First owner, not zero.
    /// @param document sha2-256 digest of the MANUFACTURED document.
    function issue(address owner, bytes32 document) external;

    /// @notice Records an entry in the name of the caller.
    /// @dev The caller needs a role that the manager's rule for this event type names; the owner of a product that is
    /// reported stolen always may record RECOVERED.
    /// @param eventType ASCII name, left-aligned, not native.
    /// @param document sha2-256 digest of the document, not zero.
    /// @return sequence Position of the entry.
    function attest(bytes32 eventType, bytes32 document) external returns (uint256 sequence);

    /// @notice Records an entry in the name of the attester who signed it. Anyone may call.
    /// @param attestation What was signed.
    /// @param signer Empty, or the ERC-7913 signer.
    /// @param signature Signature of `attestationDigest(attestation)`.
    /// @return sequence Position of the entry.
    function attestBySignature(
        Attestation calldata attestation,
        bytes calldata signer,
        bytes calldata signature
    ) external returns (uint256 sequence);

    /// @notice Offers the product to a new owner; replaces a pending offer. Only the owner; refused while locked or
    /// stolen.
    /// @param newOwner Who may accept, not zero.
    /// @param document sha2-256 digest of the document of the transfer, not zero.
    /// @param expiresAt Last second, Unix time, at which it may be accepted.
    /// @return nonce Number of the offer.
    function offerOwnership(address newOwner, bytes32 document, uint256 expiresAt) external returns (uint256 nonce);

    /// @notice {offerOwnership} with the owner's signature. Anyone may call.
    function offerOwnershipBySignature(Offer calldata offer, bytes calldata signer, bytes calldata signature) external;

    /// @notice Withdraws the pending offer; with none pending, makes the number void that a signed but not yet made
    /// offer would carry. Only the owner.
    function cancelOffer() external;

    /// @notice {cancelOffer} with the owner's signature. Anyone may call.
    /// @param nonce Number of the pending offer; with none pending, `offerNonce() + 1`.
    function cancelOfferBySignature(uint256 nonce, bytes calldata signer, bytes calldata signature) external;

    /// @notice Takes the product over: records OWNERSHIP_TRANSFERRED with the new owner as attester. Only the account it
    /// is offered to; refused while locked or stolen.
    /// @param document sha2-256 digest of the offered document.
    /// @param expectedHead `head()` that the new owner has seen.
    /// @return sequence Position of the entry.
    function acceptOwnership(bytes32 document, bytes32 expectedHead) external returns (uint256 sequence);

    /// @notice {acceptOwnership} with the signature of the account it is offered to. Anyone may call.
    function acceptOwnershipBySignature(
        Accept calldata accept,
        bytes calldata signer,
        bytes calldata signature
    ) external returns (uint256 sequence);

    /// @notice Locks the passport for a sale: records LOCKED. Only the owner; refused while locked or stolen.
    /// @param holder Who may release the lock or settle the sale, not zero.
    /// @param until Last second, Unix time; at most 30 days away.
    /// @param document sha2-256 digest of the document of the lock.
    /// @return sequence Position of the entry.
    function lock(address holder, uint256 until, bytes32 document) external returns (uint256 sequence);

    /// @notice {lock} with the owner's signature. Anyone may call.
    function lockBySignature(
        Lock calldata lock_,
        bytes calldata signer,
        bytes calldata signature
    ) external returns (uint256 sequence);

    /// @notice Ends the lock: records RELEASED with the document of the LOCKED entry. The holder at any time, anyone
    /// after the lock's last second.
    /// @return sequence Position of the entry.
    function release() external returns (uint256 sequence);

    /// @notice Ends the lock by handing the product to a new owner: records OWNERSHIP_TRANSFERRED. Only the holder, not
    /// after the lock's last second; refused while stolen. An entry or a cancellation in between makes the acceptance
    /// void, so a sale contract must be able to pay the buyer back.
    /// @param accept What the new owner signed; `offerNonce` is `offerNonce() + 1`.
    /// @return sequence Position of the entry.
    function settle(
        Accept calldata accept,
        bytes calldata signer,
        bytes calldata signature
    ) external returns (uint256 sequence);

    /// @notice Commitment to every entry, in order.
    function head() external view returns (bytes32);

    /// @notice Current owner.
    function owner() external view returns (address);

    /// @notice Condition bits, see {Conditions}.
    function condition() external view returns (uint256);

    /// @notice Condition in words: "ISSUED, IN_SERVICE". Bits of the brand are named by the manager, or are
    /// "0x0100" where it does not answer.
    function conditionInWords() external view returns (string memory);

    /// @notice Number of entries; the next one has the position `entryCount() + 1`.
    function entryCount() external view returns (uint256);

    /// @notice Chain time, Unix seconds, of the last entry.
    function lastRecordedAt() external view returns (uint256);

    /// @notice URL that identifies the product, as its QR code carries it.
    function productId() external view returns (string memory);

    /// @notice `keccak256(bytes(productId()))`: key of the product in the registry.
    function productKey() external view returns (bytes32);

    /// @notice The manufacturer's contract that says who may record what.
    function manager() external view returns (address);

    /// @notice The factory that deployed this passport.
    function factory() external view returns (address);

    /// @notice The pending offer; zeros without one. It may have expired.
    function pendingOffer()
        external
        view
        returns (address newOwner, bytes32 document, uint256 nonce, uint256 expiresAt);

    /// @notice Number of the last offer, cancellation or settlement; never reset.
    function offerNonce() external view returns (uint256);

    /// @notice The lock; zeros without one.
    function currentLock() external view returns (address holder, uint256 until, bytes32 document);

    /// @notice Whether an any-position signature with this EIP-712 digest was recorded.
    function isDigestUsed(bytes32 digest) external view returns (bool);

    /// @notice EIP-712 digest that the attester signs.
    function attestationDigest(Attestation calldata attestation) external view returns (bytes32);

    /// @notice EIP-712 digest that the owner signs to offer.
    function offerDigest(Offer calldata offer) external view returns (bytes32);

    /// @notice EIP-712 digest that the owner signs to cancel an offer.
    function cancelDigest(uint256 nonce) external view returns (bytes32);

    /// @notice EIP-712 digest that the new owner signs to accept.
    function acceptDigest(Accept calldata accept) external view returns (bytes32);

    /// @notice EIP-712 digest that the owner signs to lock.
    function lockDigest(Lock calldata lock_) external view returns (bytes32);
}

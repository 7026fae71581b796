import { TypedDataEncoder } from "ethers";
import type { EventType } from "../primitives/event-type.js";
import { type Address, type Bytes32, bytes32Schema, type Digest } from "../primitives/hex.js";

/** What can be signed for a passport, by the name of its EIP-712 type. */
export interface PassportMessages {
  /** An entry in the attester's name. */
  readonly Attestation: {
    readonly eventType: EventType;
    /** sha2-256 digest of the document. */
    readonly document: Digest;
    readonly attester: Address;
    /** n >= 1: exactly that position; 0: any position, once. */
    readonly sequence: bigint;
    /** Last second, Unix time, at which it may be recorded. */
    readonly deadline: bigint;
  };
  /** An owner's offer of his product. */
  readonly Offer: {
    readonly newOwner: Address;
    readonly document: Digest;
    /** Number of this offer: the passport's `offerNonce` + 1. */
    readonly offerNonce: bigint;
    /** Last second, Unix time, at which the offer may be made or accepted. */
    readonly expiresAt: bigint;
  };
  /** An owner's withdrawal of an offer. */
  readonly Cancel: { readonly offerNonce: bigint };
  /** A new owner's acceptance. */
  readonly Accept: {
    readonly newOwner: Address;
    readonly document: Digest;
    /** Number of the pending offer; for a settlement, the passport's `offerNonce` + 1. */
    readonly offerNonce: bigint;
    /** The history that he has seen; any later entry makes the acceptance void. */
    readonly expectedHead: Bytes32;
    /** Last second, Unix time. */
    readonly deadline: bigint;
  };
  /** An owner's lock of his passport for a sale. */
  readonly Lock: {
    /** Who may release the lock or settle the sale. */
    readonly holder: Address;
    /** Last second, Unix time, of the lock. */
    readonly until: bigint;
    readonly document: Digest;
    /** Exact position of the entry, >= 1. */
    readonly sequence: bigint;
    /** Last second, Unix time, at which the signature may be used. */
    readonly deadline: bigint;
  };
}

/** The name of an EIP-712 type of a passport. */
export type MessageType = keyof PassportMessages;

/** The passport that a message is signed for. */
export interface PassportDomain {
  readonly chainId: bigint;
  /** Address of the passport. */
  readonly passport: Address;
}

/** EIP-712 typed data, as plain data: what a wallet shows and signs. */
export interface TypedData<Type extends MessageType = MessageType> {
  readonly domain: {
    readonly name: "DigitalPassport";
    readonly version: "1";
    readonly chainId: bigint;
    readonly verifyingContract: Address;
  };
  readonly types: Readonly<Record<string, readonly { readonly name: string; readonly type: string }[]>>;
  readonly primaryType: Type;
  readonly message: PassportMessages[Type];
  /** The 32 bytes that are signed. */
  readonly digest: Bytes32;
}

/** The fields of each type in the order in which they are hashed. */
const MESSAGE_FIELDS = {
  Attestation: {
    eventType: "bytes32",
    document: "bytes32",
    attester: "address",
    sequence: "uint256",
    deadline: "uint256",
  },
  Offer: { newOwner: "address", document: "bytes32", offerNonce: "uint256", expiresAt: "uint256" },
  Cancel: { offerNonce: "uint256" },
  Accept: {
    newOwner: "address",
    document: "bytes32",
    offerNonce: "uint256",
    expectedHead: "bytes32",
    deadline: "uint256",
  },
  Lock: { holder: "address", until: "uint256", document: "bytes32", sequence: "uint256", deadline: "uint256" },
} as const satisfies { readonly [Type in MessageType]: Readonly<Record<keyof PassportMessages[Type], string>> };

/**
 * Typed data of an entry to be recorded by somebody else.
 *
 * @param options - the passport, and what is attested
 * @returns what is to be signed
 *
 * @example
 * ```ts
 * const { domain, types, message } = attestationTypedData({
 *   chainId: 42161n, passport, eventType: eventTypeOf("MAINTAINED"), document, attester, sequence: 0n, deadline,
 * });
 * const signature = await wallet.signTypedData(domain, types, message);
 * ```
 */
export function attestationTypedData(
  options: PassportDomain & PassportMessages["Attestation"],
): TypedData<"Attestation"> {
  return typedDataOf("Attestation", options);
}

/**
 * Typed data of an offer.
 *
 * @param options - the passport, and what is offered to whom
 * @returns what the owner is to sign
 */
export function offerTypedData(options: PassportDomain & PassportMessages["Offer"]): TypedData<"Offer"> {
  return typedDataOf("Offer", options);
}

/**
 * Typed data of the withdrawal of an offer.
 *
 * @param options - the passport, and the number of the offer
 * @returns what the owner is to sign
 */
export function cancellationTypedData(options: PassportDomain & PassportMessages["Cancel"]): TypedData<"Cancel"> {
  return typedDataOf("Cancel", options);
}

/**
 * Typed data of an acceptance.
 *
 * @param options - the passport, and what is accepted
 * @returns what the new owner is to sign
 */
export function acceptanceTypedData(options: PassportDomain & PassportMessages["Accept"]): TypedData<"Accept"> {
  return typedDataOf("Accept", options);
}

/**
 * Typed data of a lock.
 *
 * @param options - the passport, and the lock
 * @returns what the owner is to sign
 */
export function lockTypedData(options: PassportDomain & PassportMessages["Lock"]): TypedData<"Lock"> {
  return typedDataOf("Lock", options);
}

/**
 * Typed data of any message of a passport.
 *
 * @param primaryType - its EIP-712 type
 * @param options - the passport, and the message; other properties are left out
 * @returns what is to be signed
 */
export function typedDataOf<Type extends MessageType>(
  primaryType: Type,
  options: PassportDomain & PassportMessages[Type],
): TypedData<Type> {
  const { chainId, passport } = options;
  const fields = Object.entries(MESSAGE_FIELDS[primaryType]).map(([name, type]) => ({ name, type }));
  const domain = { name: "DigitalPassport", version: "1", chainId, verifyingContract: passport } as const;
  const types = { [primaryType]: fields };
  // Safety: MESSAGE_FIELDS has exactly the properties of each message, and `options` has all of them.
  const message = Object.fromEntries(
    fields.map(({ name }) => [name, Reflect.get(options, name)]),
  ) as unknown as PassportMessages[Type];
  const digest = bytes32Schema.parse(TypedDataEncoder.hash(domain, types, { ...message }));
  return { domain, types, primaryType, message, digest };
}

import { concat, keccak256, TypedDataEncoder } from "ethers";
import type { EventType } from "../primitives/event-type.js";
import { type Address, type Bytes27, type Bytes32, bytes32Schema, type Digest } from "../primitives/hex.js";

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

/** What a gateway can sign, by the name of its EIP-712 type. */
export interface GatewayMessages {
  /** Readings, to be anchored by anybody. */
  readonly Batch: {
    readonly gateway: Address;
    /** Position in the gateway's chain, from 1. */
    readonly sequence: bigint;
    /** Head of the gateway's chain before this batch. */
    readonly previousHead: Bytes27;
    /** Root of the Merkle tree of the readings. */
    readonly root: Bytes32;
    /** Number of readings. */
    readonly count: bigint;
    /** Time of the earliest reading, Unix seconds. */
    readonly from: bigint;
    /** Time of the latest reading, Unix seconds. */
    readonly to: bigint;
    readonly document: Digest;
  };
  /** A gateway's word that it measures a product, from the next batch on. */
  readonly Pairing: GatewayPosition;
  /** A gateway's word that it no longer measures a product, from the next batch on. */
  readonly Unpairing: GatewayPosition;
}

/** Which product a gateway speaks of, and where its chain stands while it does. */
export interface GatewayPosition {
  readonly passport: Address;
  readonly gateway: Address;
  /** Position of the gateway's last batch; 0 without one. */
  readonly batchSequence: bigint;
  /** Head of the gateway's chain. */
  readonly batchHead: Bytes27;
}

interface Messages extends PassportMessages, GatewayMessages {}

/** The name of an EIP-712 type of a passport. */
export type MessageType = keyof PassportMessages;

/** The name of an EIP-712 type of a gateway. */
export type GatewayMessageType = keyof GatewayMessages;

/** The passport that a message is signed for. */
export interface PassportDomain {
  readonly chainId: bigint;
  /** Address of the passport. */
  readonly passport: Address;
}

/** The contract that a gateway signs for. */
export interface ReadingsDomain {
  readonly chainId: bigint;
  /** Address of the readings anchor. */
  readonly readingsAnchor: Address;
}

/** EIP-712 typed data, as plain data: what a wallet shows and signs. */
export interface TypedData<Type extends keyof Messages = keyof Messages> {
  readonly domain: {
    readonly name: "DigitalPassport" | "ReadingsAnchor";
    readonly version: "1";
    readonly chainId: bigint;
    readonly verifyingContract: Address;
  };
  readonly types: Readonly<Record<string, readonly { readonly name: string; readonly type: string }[]>>;
  readonly primaryType: Type;
  readonly message: Messages[Type];
  /** The 32 bytes that are signed. */
  readonly digest: Bytes32;
}

const GATEWAY_POSITION_FIELDS = {
  passport: "address",
  gateway: "address",
  batchSequence: "uint256",
  batchHead: "bytes27",
} as const;

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
  Batch: {
    gateway: "address",
    sequence: "uint256",
    previousHead: "bytes27",
    root: "bytes32",
    count: "uint256",
    from: "uint256",
    to: "uint256",
    document: "bytes32",
  },
  Pairing: GATEWAY_POSITION_FIELDS,
  Unpairing: GATEWAY_POSITION_FIELDS,
} as const satisfies { readonly [Type in keyof Messages]: Readonly<Record<keyof Messages[Type], string>> };

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
 * Typed data of a batch of readings.
 *
 * @param options - the readings anchor, and the batch
 * @returns what the gateway is to sign
 */
export function batchTypedData(options: ReadingsDomain & GatewayMessages["Batch"]): TypedData<"Batch"> {
  return gatewayTypedDataOf("Batch", options);
}

/**
 * Typed data of a gateway's pairing with a product.
 *
 * @param options - the readings anchor, the passport, and where the gateway's chain stands
 * @returns what the gateway is to sign
 */
export function pairingTypedData(options: ReadingsDomain & GatewayMessages["Pairing"]): TypedData<"Pairing"> {
  return gatewayTypedDataOf("Pairing", options);
}

/**
 * Typed data of the end of a gateway's pairing with a product.
 *
 * @param options - the readings anchor, the passport, and where the gateway's chain stands
 * @returns what the gateway is to sign
 */
export function unpairingTypedData(options: ReadingsDomain & GatewayMessages["Unpairing"]): TypedData<"Unpairing"> {
  return gatewayTypedDataOf("Unpairing", options);
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
  const domain = { name: "DigitalPassport", version: "1", chainId, verifyingContract: passport } as const;
  return makeTypedData(primaryType, { domain, values: options });
}

/**
 * Typed data of any message of a gateway.
 *
 * @param primaryType - its EIP-712 type
 * @param options - the readings anchor, and the message; other properties are left out
 * @returns what is to be signed
 */
function gatewayTypedDataOf<Type extends GatewayMessageType>(
  primaryType: Type,
  options: ReadingsDomain & GatewayMessages[Type],
): TypedData<Type> {
  const { chainId, readingsAnchor } = options;
  const domain = { name: "ReadingsAnchor", version: "1", chainId, verifyingContract: readingsAnchor } as const;
  return makeTypedData(primaryType, { domain, values: options });
}

/**
 * EIP-712 hashStruct of a batch.
 *
 * @param batch - the batch; other properties are left out
 * @returns the hash, in which neither chain nor contract is
 */
export function hashBatch(batch: GatewayMessages["Batch"]): Bytes32 {
  const { message } = describeMessage("Batch", batch);
  return bytes32Schema.parse(encoderOf("Batch").hash({ ...message }));
}

function makeTypedData<Type extends keyof Messages>(
  primaryType: Type,
  { domain, values }: { readonly domain: TypedData["domain"]; readonly values: object },
): TypedData<Type> {
  const { types, message } = describeMessage(primaryType, values);
  const separator = TypedDataEncoder.hashDomain(domain);
  const digest = bytes32Schema.parse(
    keccak256(concat(["0x1901", separator, encoderOf(primaryType).hash({ ...message })])),
  );
  return { domain, types, primaryType, message, digest };
}

const encoders = new Map<keyof Messages, TypedDataEncoder>();

/** Made once for each type: to find out how a type is hashed takes longer than to hash. */
function encoderOf(primaryType: keyof Messages): TypedDataEncoder {
  const known = encoders.get(primaryType);
  if (known !== undefined) return known;
  const encoder = TypedDataEncoder.from({ [primaryType]: fieldsOf(primaryType) });
  encoders.set(primaryType, encoder);
  return encoder;
}

function fieldsOf(primaryType: keyof Messages): { name: string; type: string }[] {
  return Object.entries(MESSAGE_FIELDS[primaryType]).map(([name, type]) => ({ name, type }));
}

/** The type of a message, and the message without whatever else stands beside it. */
function describeMessage<Type extends keyof Messages>(primaryType: Type, values: object) {
  const fields = fieldsOf(primaryType);
  // Safety: MESSAGE_FIELDS has exactly the properties of each message, and each caller's `values` has all of them.
  const message = Object.fromEntries(
    fields.map(({ name }) => [name, Reflect.get(values, name)]),
  ) as unknown as Messages[Type];
  return { types: { [primaryType]: fields }, message };
}

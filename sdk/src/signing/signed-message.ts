import * as z from "zod";
import { eventTypeSchema } from "../primitives/event-type.js";
import { type Address, addressSchema, bytes32Schema, digestSchema, type Hex, hexSchema } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";
import { type MessageType, type PassportMessages, type TypedData, typedDataOf } from "./typed-data.js";

/** A message as JSON holds it: whole numbers as decimal digits. */
type JsonMessage<Message> = {
  readonly [Field in keyof Message]: Message[Field] extends bigint ? string : Message[Field];
};

/** What somebody signed, with all that is needed to submit it later. Plain JSON: keep it in a file, send it, print it. */
export interface SignedMessage<Type extends MessageType = MessageType> {
  readonly type: Type;
  /** Decimal digits. */
  readonly chainId: string;
  /** Address of the passport. */
  readonly passport: Address;
  /** Who signed. */
  readonly attester: Address;
  readonly message: JsonMessage<PassportMessages[Type]>;
  /** ERC-7913 signer; "0x" for an account or a contract wallet. */
  readonly signer: Hex;
  readonly signature: Hex;
  /** The canonical JSON of the document, where whoever submits has to put it into a store first. */
  readonly content?: string | undefined;
}

/** A signed entry. */
export type SignedAttestation = SignedMessage<"Attestation">;
/** A signed offer. */
export type SignedOffer = SignedMessage<"Offer">;
/** A signed withdrawal of an offer. */
export type SignedCancellation = SignedMessage<"Cancel">;
/** A signed acceptance, of an offer or of a sale under a lock. */
export type SignedAcceptance = SignedMessage<"Accept">;
/** A signed lock. */
export type SignedLock = SignedMessage<"Lock">;

/** At most 77 digits: less than 2^256. */
const decimal = z.string().regex(/^(0|[1-9]\d{0,76})$/, "expected a whole number in decimal digits");

const signedMessageSchemas = {
  Attestation: schemaOf("Attestation", {
    eventType: eventTypeSchema,
    document: digestSchema,
    attester: addressSchema,
    sequence: decimal,
    deadline: decimal,
  }).refine(({ attester, message }) => attester === message.attester, {
    path: ["message", "attester"],
    error: "expected the attester who signed",
  }),
  Offer: schemaOf("Offer", {
    newOwner: addressSchema,
    document: digestSchema,
    offerNonce: decimal,
    expiresAt: decimal,
  }),
  Cancel: schemaOf("Cancel", { offerNonce: decimal }),
  Accept: schemaOf("Accept", {
    newOwner: addressSchema,
    document: digestSchema,
    offerNonce: decimal,
    expectedHead: bytes32Schema,
    deadline: decimal,
  }).refine(({ attester, message }) => attester === message.newOwner, {
    path: ["message", "newOwner"],
    error: "expected the new owner who signed",
  }),
  Lock: schemaOf("Lock", {
    holder: addressSchema,
    until: decimal,
    document: digestSchema,
    sequence: decimal,
    deadline: decimal,
  }),
} as const satisfies { readonly [Type in MessageType]: z.ZodType<SignedMessage<Type>> };

/** A signed entry, as whoever keeps it for later reads it back. */
export const signedAttestationSchema = signedMessageSchemas.Attestation;

/**
 * Parses a signed entry that came from anywhere. Whether the signature is right, the passport says.
 *
 * @param value - the parsed JSON
 * @returns the signed entry
 * @throws PassportError `input.invalid`, naming the field
 */
export function parseSignedAttestation(value: unknown): SignedAttestation {
  return parseInput(signedMessageSchemas.Attestation, value, { field: "signed attestation" });
}

/**
 * Parses a signed offer that came from anywhere.
 *
 * @param value - the parsed JSON
 * @returns the signed offer
 * @throws PassportError `input.invalid`, naming the field
 */
export function parseSignedOffer(value: unknown): SignedOffer {
  return parseInput(signedMessageSchemas.Offer, value, { field: "signed offer" });
}

/**
 * Parses a signed withdrawal of an offer that came from anywhere.
 *
 * @param value - the parsed JSON
 * @returns the signed withdrawal
 * @throws PassportError `input.invalid`, naming the field
 */
export function parseSignedCancellation(value: unknown): SignedCancellation {
  return parseInput(signedMessageSchemas.Cancel, value, { field: "signed cancellation" });
}

/**
 * Parses a signed acceptance that came from anywhere.
 *
 * @param value - the parsed JSON
 * @returns the signed acceptance
 * @throws PassportError `input.invalid`, naming the field
 */
export function parseSignedAcceptance(value: unknown): SignedAcceptance {
  return parseInput(signedMessageSchemas.Accept, value, { field: "signed acceptance" });
}

/**
 * Parses a signed lock that came from anywhere.
 *
 * @param value - the parsed JSON
 * @returns the signed lock
 * @throws PassportError `input.invalid`, naming the field
 */
export function parseSignedLock(value: unknown): SignedLock {
  return parseInput(signedMessageSchemas.Lock, value, { field: "signed lock" });
}

/**
 * The typed data that a signed message is a signature of.
 *
 * @param signed - the signed message
 * @returns the typed data; the contract is called with its `message`
 */
export function typedDataOfSigned<Type extends MessageType>(signed: SignedMessage<Type>): TypedData<Type> {
  const fields = Object.entries(signed.message).map(([name, value]) => [
    name,
    typeof value === "string" && !value.startsWith("0x") ? BigInt(value) : value,
  ]);
  // Safety: JsonMessage turns nothing but bigint into decimal digits; all other fields are hex.
  const message = Object.fromEntries(fields) as PassportMessages[Type];
  return typedDataOf(signed.type, { chainId: BigInt(signed.chainId), passport: signed.passport, ...message });
}

function schemaOf<const Type extends MessageType, const Fields extends z.ZodRawShape>(type: Type, fields: Fields) {
  return z.strictObject({
    type: z.literal(type),
    chainId: decimal,
    passport: addressSchema,
    attester: addressSchema,
    message: z.strictObject(fields),
    signer: hexSchema,
    signature: hexSchema,
    content: z.string().max(262_144).exactOptional(),
  });
}

import * as z from "zod";
import { MAXIMUM_DOCUMENT_BYTES } from "../document/document-size.js";
import { PassportError } from "../errors/passport-error.js";
import { addressSchema, bytes27Schema, bytes32Schema, digestSchema, hexSchema } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";
import type { Attester } from "../signing/attester.js";
import { batchTypedData, type TypedData } from "../signing/typed-data.js";
import type { Batch } from "./batch.js";
import { MAXIMUM_READINGS } from "./batch-document.js";
import type { CreatedBatch } from "./create-batch.js";

/** Longer than any line of a batch's file: the longest fields, each at its longest. */
const MAXIMUM_LINE_BYTES = 1_024;

const decimal = z.string().regex(/^(0|[1-9]\d{0,76})$/, "expected a whole number in decimal digits");

/** A signed batch, as whoever keeps it for later reads it back. */
export const signedBatchSchema = z.strictObject({
  type: z.literal("Batch"),
  /** Decimal digits. */
  chainId: decimal,
  readingsAnchor: addressSchema,
  /** What the gateway has signed; whole numbers as decimal digits. */
  message: z.strictObject({
    gateway: addressSchema,
    sequence: decimal,
    previousHead: bytes27Schema,
    root: bytes32Schema,
    count: decimal,
    from: decimal,
    to: decimal,
    document: digestSchema,
  }),
  /** ERC-7913 signer; "0x" for an account or a contract wallet. */
  signer: hexSchema,
  signature: hexSchema,
  /** The canonical JSON of the document, where whoever submits has to put it into a store first. */
  content: z.string().max(MAXIMUM_DOCUMENT_BYTES).exactOptional(),
  /** The file of the readings, likewise. */
  readings: z
    .string()
    .max(MAXIMUM_READINGS * MAXIMUM_LINE_BYTES)
    .exactOptional(),
});

/** What a gateway signed, with all that is needed to anchor it later. Plain JSON. */
export type SignedBatch = Readonly<z.infer<typeof signedBatchSchema>>;

/**
 * Signs a batch in the name of its gateway. What comes out can be sent anywhere: whoever anchors it can change nothing.
 *
 * @param gateway - who signs: the gateway of the batch
 * @param options - `created`: what `createBatch` has made
 * @returns plain JSON, with document and file; whoever has stored them already leaves `content` and `readings` out
 * @throws PassportError `input.invalid` if it is another gateway's batch, `signer.refused`
 */
export async function signBatch(
  gateway: Attester,
  { created }: { readonly created: Pick<CreatedBatch, "batch" | "document" | "bytes" | "file"> },
): Promise<SignedBatch> {
  const { batch, document, bytes, file } = created;
  if (batch.gateway !== gateway.address) {
    const problem = `the batch is of the gateway ${batch.gateway}`;
    throw new PassportError("input.invalid", { field: "gateway", problem, value: gateway.address });
  }
  const { chainId, readingsAnchor } = document;
  const signature = await gateway.sign(batchTypedData({ chainId: BigInt(chainId), readingsAnchor, ...batch }));
  const { sequence, count, from, to } = batch;
  const decoder = new TextDecoder();
  return {
    type: "Batch",
    chainId,
    readingsAnchor,
    message: { ...batch, sequence: `${sequence}`, count: `${count}`, from: `${from}`, to: `${to}` },
    signer: gateway.signer,
    signature,
    content: decoder.decode(bytes),
    readings: decoder.decode(file),
  };
}

/**
 * Parses a signed batch that came from anywhere. Whether the signature is right, the contract says.
 *
 * @param value - the parsed JSON
 * @returns the signed batch
 * @throws PassportError `input.invalid`, naming the field
 */
export function parseSignedBatch(value: unknown): SignedBatch {
  return parseInput(signedBatchSchema, value, { field: "signed batch" });
}

/**
 * The typed data that a signed batch is a signature of.
 *
 * @param signed - the signed batch
 * @returns the typed data; the contract is called with its `message`
 */
export function typedDataOfBatch({ chainId, readingsAnchor, message }: SignedBatch): TypedData<"Batch"> {
  return batchTypedData({ chainId: BigInt(chainId), readingsAnchor, ...batchOf({ message }) });
}

/**
 * The batch that was signed, as the contract takes it.
 *
 * @param signed - the signed batch
 * @returns the batch
 */
export function batchOf({ message }: Pick<SignedBatch, "message">): Batch {
  const { sequence, count, from, to } = message;
  return { ...message, sequence: BigInt(sequence), count: BigInt(count), from: BigInt(from), to: BigInt(to) };
}

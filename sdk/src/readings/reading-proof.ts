import * as z from "zod";
import { addressSchema, bytes32Schema } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";
import { readingSchema } from "./reading.js";
import { signedBatchSchema } from "./signed-batch.js";

/** The format of a file that proves a reading. */
export const READING_PROOF_FORMAT = "digital-product-passport/reading-proof/1";

/** A tree of 4,096 readings is 12 levels deep. */
const MAXIMUM_PROOF_HASHES = 12;

const { chainId, readingsAnchor, message, signer, signature } = signedBatchSchema.shape;

/** A file that proves a reading, as it is parsed. */
const readingProofSchema = z.strictObject({
  schema: z.literal(READING_PROOF_FORMAT),
  chainId,
  readingsAnchor,
  /** The registry that knows the passport, for whoever relies on it. */
  registry: addressSchema.exactOptional(),
  reading: readingSchema,
  /** From the reading to the root. */
  proof: z.array(bytes32Schema).max(MAXIMUM_PROOF_HASHES),
  /** What the gateway has signed; whole numbers as decimal digits. */
  batch: message,
  /** The gateway's ERC-7913 signer and signature, where the transaction shows them. */
  signer: signer.exactOptional(),
  signature: signature.exactOptional(),
});

/** A file that proves a reading. Plain JSON. */
export type ReadingProof = Readonly<z.infer<typeof readingProofSchema>>;

/**
 * Parses a file that proves a reading. What it is worth, `verifyReading` says.
 *
 * @param value - the parsed JSON
 * @returns the proof
 * @throws PassportError `input.invalid`, naming the field
 */
export function parseReadingProof(value: unknown): ReadingProof {
  return parseInput(readingProofSchema, value, { field: "reading proof" });
}

import * as z from "zod";
import { attachmentSchema } from "../document/schemas/envelope.js";
import { count } from "../document/schemas/fields.js";
import { addressSchema, bytes27Schema, bytes32Schema } from "../primitives/hex.js";
import { readingSchema } from "./reading.js";

/** The format of the document of a batch. */
export const BATCH_DOCUMENT_FORMAT = "digital-product-passport/readings-batch/1";

/** Most readings of a batch. */
export const MAXIMUM_READINGS = 4_096;

/** Most bytes of the file of a batch: of the longest readings it takes a third. */
const MAXIMUM_FILE_BYTES = MAXIMUM_READINGS * 2_048;

/** Most series of a batch, so that its document keeps within 256 KiB. */
export const MAXIMUM_SERIES = 400;

const { product, sensor, sequence, quantity, unit, value, time } = readingSchema.shape;

const seriesSchema = z.strictObject({
  product,
  sensor,
  quantity,
  unit,
  count: sequence,
  firstSequence: sequence,
  lastSequence: sequence,
  minimum: value,
  mean: value,
  maximum: value,
  from: time,
  until: time,
});

/** What the chain knows a batch of readings by, and what is in it. */
export const batchDocumentSchema = z.strictObject({
  schema: z.literal(BATCH_DOCUMENT_FORMAT),
  /** Decimal digits. */
  chainId: z.string().regex(/^[1-9]\d{0,76}$/, "expected a whole number in decimal digits"),
  readingsAnchor: addressSchema,
  gateway: addressSchema,
  /** Position in the gateway's chain, from 1. */
  sequence: count.min(1),
  /** Head of the gateway's chain before this batch. */
  previousHead: bytes27Schema,
  /** Root of the Merkle tree of the readings. */
  root: bytes32Schema,
  /** Number of readings. */
  count: z.int().min(1).max(MAXIMUM_READINGS),
  /** Time of the earliest reading, Unix seconds. */
  from: count,
  /** Time of the latest reading, Unix seconds. */
  to: count,
  /** 16 random bytes as hex: the digest tells nobody what was measured. */
  salt: z.string().regex(/^[0-9a-f]{32}$/, "expected 16 bytes as 32 lower-case hex digits"),
  /** By product, sensor and quantity. */
  series: z.array(seriesSchema).min(1).max(MAXIMUM_SERIES),
  /** The file of the readings: one a line, in the order of the tree's leaves. */
  readings: attachmentSchema.refine(
    // Whoever reads it reserves as much memory as it says.
    ({ size }) => size <= MAXIMUM_FILE_BYTES,
    `expected at most ${MAXIMUM_FILE_BYTES} bytes`,
  ),
});

/** The document of a batch of readings. */
export type BatchDocument = Readonly<z.infer<typeof batchDocumentSchema>>;

/** The document as JSON Schema (draft 2020-12). */
export function batchDocumentJsonSchema(): z.core.JSONSchema.BaseSchema {
  return { title: "Batch of readings", ...z.toJSONSchema(batchDocumentSchema, { io: "input" }) };
}

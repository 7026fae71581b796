import { type Bytes27, parseBytes27 } from "@digital-product-passport/sdk";
import * as z from "zod";

const bytes27Schema = z.string().transform((text): Bytes27 => parseBytes27(text));
const count = z.int().min(0);
const positive = z.int().min(1);

/** A batch as it was cut: made again from these and the journal of readings, it has the same bytes. */
export const cutSchema = z.strictObject({
  /** Position in the gateway's chain. */
  sequence: positive,
  previousHead: bytes27Schema,
  /** Head of the gateway's chain after it. */
  head: bytes27Schema,
  /** Positions of its readings in the journal, both included. */
  first: positive,
  last: positive,
  /** Of the document, 16 bytes as hex. */
  salt: z.string().regex(/^[0-9a-f]{32}$/),
});

const changesSchema = z.array(z.tuple([z.string(), z.json()]).readonly()).readonly();

/** What the batches' journal holds. */
export const batchRecordSchema = z.discriminatedUnion("type", [
  /** What the journal is for; the first record. */
  z.strictObject({
    type: z.literal("opened"),
    version: z.literal(1),
    /** Chain, contract and gateway. */
    chain: z.string(),
  }),
  /** A batch was cut, or a summary was due, or both. */
  z.strictObject({
    type: z.literal("step"),
    step: positive,
    batch: cutSchema.exactOptional(),
    /** Entries that it leads to. */
    drafts: z.array(z.json()).readonly(),
    /** What has to be remembered from here on. */
    changes: changesSchema,
  }),
  /** The batches up to here are final on chain. */
  z.strictObject({ type: z.literal("anchored"), sequence: positive }),
  /** Everything up to here, so that earlier records can be forgotten. */
  z.strictObject({
    type: z.literal("state"),
    step: count,
    sequence: count,
    head: bytes27Schema,
    /** Last position of the journal that is in a batch. */
    position: count,
    anchored: count,
    remembered: changesSchema,
  }),
]);

/** A batch as it was cut. */
export type Cut = z.infer<typeof cutSchema>;
/** What the batches' journal holds. */
export type BatchRecord = z.infer<typeof batchRecordSchema>;
/** A batch was cut, or a summary was due, or both. */
export type Step = Extract<BatchRecord, { readonly type: "step" }>;

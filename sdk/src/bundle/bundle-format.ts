import * as z from "zod";
import { MAXIMUM_DOCUMENT_BYTES } from "../document/document-size.js";
import { eventTypeSchema } from "../primitives/event-type.js";
import { addressSchema, digestSchema, hexSchema } from "../primitives/hex.js";

/** What a bundle calls its format; another one is another format. */
export const BUNDLE_FORMAT = "digital-product-passport/bundle/1";

/** The largest bundle. A motor's has some tens of kilobytes; each document may add 256 KiB. */
export const MAXIMUM_BUNDLE_BYTES = 33_554_432;

const MAXIMUM_ITEMS = 65_536;
/** The largest header has some 700 bytes, and no field of a later fork will make it ten times as long. */
const MAXIMUM_HEADER_DIGITS = 16_384;

const LAST_WORD = 2n ** 256n - 1n;

/** A number as the chain holds it. JSON's own numbers end at 53 bits. */
const decimalSchema = z
  .string()
  .regex(/^(?:0|[1-9][0-9]{0,77})$/, "expected a decimal number without leading zeros")
  .transform(BigInt)
  .refine((value) => value <= LAST_WORD, "expected at most 256 bits");

/** One order only, so that there is one file only of the same content. */
const sortedSchema = <Item extends z.ZodType<string>>(item: Item) =>
  z
    .array(item)
    .max(MAXIMUM_ITEMS)
    .refine(
      (items) => items.every((text, index) => index === 0 || String(items[index - 1]) < text),
      "expected ascending order, nothing twice",
    );

const entrySchema = z.strictObject({
  attester: addressSchema,
  condition: decimalSchema,
  document: digestSchema,
  eventType: eventTypeSchema,
  owner: addressSchema,
  recordedAt: decimalSchema,
  roles: decimalSchema,
});

const historySchema = z.strictObject({
  entries: z.array(entrySchema).max(MAXIMUM_ITEMS),
  passport: addressSchema,
});

/**
 * A passport with all that proves it, in one file. Nothing in it need be believed but that the header is that of a block
 * of the chain; nothing is in it that is not proven by that.
 */
export const bundleSchema = z.strictObject({
  format: z.literal(BUNDLE_FORMAT),
  chainId: decimalSchema,
  registry: addressSchema,
  passport: addressSchema,
  /** Header of a block, RLP. */
  header: hexSchema.refine(({ length }) => length <= MAXIMUM_HEADER_DIGITS, "expected a header"),
  /** Nodes of the tries of accounts and storage, RLP. */
  nodes: sortedSchema(hexSchema),
  /** Code of contracts. */
  codes: sortedSchema(hexSchema),
  /** Of the passport first, then of its predecessor and successor. */
  histories: z.array(historySchema).min(1).max(3),
  /** Canonical JSON of the documents. */
  documents: sortedSchema(z.string().max(MAXIMUM_DOCUMENT_BYTES)),
});

/** A bundle, parsed. */
export type Bundle = z.infer<typeof bundleSchema>;

/** A bundle, as JSON has it. */
export type BundleJson = z.input<typeof bundleSchema>;

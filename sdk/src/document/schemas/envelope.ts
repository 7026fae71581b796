import * as z from "zod";
import { addressSchema, digestSchema } from "../../primitives/hex.js";
import { httpsUrlSchema } from "../../primitives/https-url.js";
import { timestampSchema } from "../../primitives/timestamp.js";
import { cidOf, cidSchema, isRawCid } from "../cid.js";
import { count, label, organisation } from "./fields.js";

/** The format of all documents; a later one gets a new number, and old documents keep theirs. */
export const DOCUMENT_FORMAT = "digital-product-passport/1";

/** A file too large or too special to be part of the document: a certificate, a drawing, raw readings. */
export const attachmentSchema = z
  .strictObject({
    name: label,
    mediaType: z
      .string()
      .max(127)
      .regex(/^[a-z]+\/[a-z0-9][a-z0-9.+-]*$/, "expected a media type, such as application/pdf"),
    /** In bytes. */
    size: count,
    /** sha2-256 of the whole file. */
    sha256: digestSchema,
    /** Where the file is: UnixFS, CIDv1, as Kubo makes it by default for CIDv1. */
    cid: cidSchema,
  })
  .refine(({ cid, sha256 }) => !isRawCid(cid) || cid === cidOf(sha256), "cid and sha256 name different files");

/** What every document says, whatever the event. */
export const envelopeSchema = z.strictObject({
  schema: z.literal(DOCUMENT_FORMAT),
  productId: httpsUrlSchema,
  eventType: z.string(),
  /** Who records the event on chain; of MANUFACTURED the manager contract, of OWNERSHIP_TRANSFERRED the new owner. */
  attester: addressSchema,
  /** The attester in words. */
  recordedBy: organisation.exactOptional(),
  issuedAt: timestampSchema,
  /** When it happened, if not when the document was issued. */
  occurredAt: timestampSchema.exactOptional(),
  /** 16 random bytes: no two documents are alike, and none can be guessed from its digest. */
  salt: z.string().regex(/^[0-9a-f]{32}$/, "expected 16 bytes as 32 lower-case hex digits"),
  data: z.record(z.string(), z.unknown()),
  attachments: z.array(attachmentSchema).max(100).exactOptional(),
});

/** What every document says, whatever the event. */
export type Envelope = z.infer<typeof envelopeSchema>;

/** A file that a document refers to. */
export type Attachment = z.infer<typeof attachmentSchema>;

/** The schema of the documents of one event type. */
export type DocumentSchema = z.ZodType<Envelope>;

/** Schemas by the name of their event type. */
export type DocumentSchemas = Readonly<Record<string, DocumentSchema>>;

/**
 * The schema of the documents of one event type. A brand makes its own with it.
 *
 * @param eventType - its name
 * @param options - `data`: what this event says beyond the envelope
 * @returns the whole schema
 */
export function defineDocument<const EventType extends string, Data extends z.ZodType<Record<string, unknown>>>(
  eventType: EventType,
  options: { readonly data: Data },
) {
  return envelopeSchema.extend({ eventType: z.literal(eventType), data: options.data });
}

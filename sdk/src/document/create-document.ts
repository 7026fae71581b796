import { hexlify, randomBytes as secureRandomBytes } from "ethers";
import type * as z from "zod";
import type { Digest } from "../primitives/hex.js";
import { canonicalise } from "./canonicalise.js";
import { checkSchema, findSchema } from "./check-schema.js";
import { type Cid, cidOf } from "./cid.js";
import { digestOf } from "./digest-of.js";
import { checkDocumentSize } from "./document-size.js";
import { documentSchemas } from "./schemas/document-schemas.js";
import { DOCUMENT_FORMAT, type DocumentSchema, type DocumentSchemas } from "./schemas/envelope.js";

const SALT_BYTES = 16;

/** What the caller says; format, event type and salt are added. */
export type DocumentContent<Schema extends DocumentSchema> = Omit<z.input<Schema>, "schema" | "eventType" | "salt">;

/** What a document is made of, and how. */
export type CreateDocumentOptions<Schemas extends DocumentSchemas, Type extends keyof Schemas> = DocumentContent<
  Schemas[Type]
> & {
  /** The schemas to use; the suite's own if left out. A brand passes `{ ...documentSchemas, ...its own }`. */
  readonly schemas?: Schemas;
  /** Returns that many random bytes; the platform's secure source if left out. */
  readonly randomBytes?: (length: number) => Uint8Array;
};

/** A document, its one byte form, and what the chain and IPFS know it by. */
export interface CreatedDocument<Document> {
  readonly document: Document;
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  readonly cid: Cid;
}

/**
 * Makes the document of an event: checks it against the schema, salts it and writes it in canonical form.
 *
 * @param eventType - the name of the event type
 * @param options - what the document says, and optionally other schemas or another source of randomness
 * @returns the document with its bytes, digest and CID; nothing is stored yet
 * @throws PassportError `event-type.unknown`, `document.schema`, `document.not-canonicalisable`, `document.too-large`
 *
 * @example
 * ```ts
 * const { bytes, digest } = createDocument("RECALLED", {
 *   productId: "https://id.weg.example/01/09521234543213/21/W22-000001",
 *   attester: "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
 *   issuedAt: "2026-11-22T13:08:00Z",
 *   data: { campaign: "2026-07", reason: "Terminal box seal", remedy: "Replace the seal" },
 * });
 * ```
 */
export function createDocument<
  Type extends keyof Schemas & string,
  Schemas extends DocumentSchemas = typeof documentSchemas,
>(eventType: Type, options: CreateDocumentOptions<Schemas, Type>): CreatedDocument<z.infer<Schemas[Type]>> {
  const { schemas, randomBytes = secureRandomBytes, ...content } = options;
  // Safety: Schemas is inferred from `schemas`; where the caller passes none, it is the type of documentSchemas.
  const schema = findSchema(schemas ?? (documentSchemas as DocumentSchemas as Schemas), { eventType });
  const document = {
    ...content,
    schema: DOCUMENT_FORMAT,
    eventType,
    salt: hexlify(randomBytes(SALT_BYTES)).slice(2),
  };
  // First the canonical form: it names what JSON cannot hold more plainly than a schema does.
  const bytes = canonicalise(document);
  checkDocumentSize(bytes);
  const digest = digestOf(bytes);
  return { document: checkSchema(document, { eventType, schema }), bytes, digest, cid: cidOf(digest) };
}

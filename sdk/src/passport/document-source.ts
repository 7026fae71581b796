import type * as z from "zod";
import { type CreatedDocument, createDocument } from "../document/create-document.js";
import { digestOf } from "../document/digest-of.js";
import { type DocumentType, documentSchemas } from "../document/schemas/document-schemas.js";
import type { Envelope } from "../document/schemas/envelope.js";
import type { DocumentStore } from "../document/stores/document-store.js";
import { verifiedGet } from "../document/stores/verified-get.js";
import { PassportError } from "../errors/passport-error.js";
import { type Address, type Digest, parseDigest } from "../primitives/hex.js";
import { timestampOf } from "../primitives/timestamp.js";
import type { WritingContext } from "./context.js";

/** What a document says beyond what the action knows by itself: product, event type, attester, time and salt. */
export type DocumentInput<Type extends DocumentType> = Pick<
  z.input<(typeof documentSchemas)[Type]>,
  "data" | "attachments" | "recordedBy" | "occurredAt"
>;

/**
 * A document, in whichever form the caller has it: what it says, so that the action makes and stores it; a document made
 * by `createDocument`, which the action stores; or the digest of one that is stored already.
 */
export type DocumentSource<Type extends DocumentType> = DocumentInput<Type> | CreatedDocument<Envelope> | string;

/** The entry that a document belongs to. */
export interface DocumentSubject {
  readonly eventType: string;
  readonly productId: string;
  readonly attester: Address;
}

/** A document that an entry can name. */
export interface ReadyDocument {
  readonly digest: Digest;
  /** Its canonical bytes; undefined if the caller has only its digest. */
  readonly bytes: Uint8Array | undefined;
}

/**
 * Makes of a document in any form what an entry can name. Nothing is stored.
 *
 * @param context - `clock`, `randomBytes`
 * @param options - the document and the entry that it belongs to
 * @returns digest and bytes
 * @throws PassportError `input.invalid`, `event-type.unknown`, `document.*`
 */
export function readyDocument(
  context: Pick<WritingContext, "clock" | "randomBytes">,
  options: DocumentSubject & { readonly document: DocumentSource<DocumentType> },
): ReadyDocument {
  const { document, eventType, productId, attester } = options;
  if (typeof document === "string") return { digest: parseDigest(document, { field: "document" }), bytes: undefined };
  if ("digest" in document) {
    requireSubject(document.document, options);
    return document;
  }
  if (!isDocumentType(eventType)) throw new PassportError("event-type.unknown", { eventType });
  const { clock, randomBytes } = context;
  const content = { ...document, productId, attester, issuedAt: timestampOf(clock()), randomBytes };
  // Safety: the schema of the event type checks the content; the callers' types have tied the two together before.
  return createDocument(eventType, content as never);
}

/**
 * Puts a document into the store and makes sure that it can be fetched again: an entry whose document nobody has is
 * worth little, and cannot be taken back.
 *
 * @param context - `store`
 * @param document - with its bytes; one that comes as a digest only is taken to be stored
 * @returns its digest
 * @throws PassportError `input.invalid`, `store.unreachable`, `document.*`
 */
export async function storeDocument(
  { store }: { readonly store?: DocumentStore | undefined },
  document: ReadyDocument,
): Promise<Digest> {
  const { digest, bytes } = document;
  if (bytes === undefined) return digest;
  if (store === undefined) {
    throw new PassportError("input.invalid", {
      field: "store",
      problem: "to record a document, a document store is needed",
      value: undefined,
    });
  }
  const { digest: actual } = await store.put(bytes);
  if (actual !== digest) throw new PassportError("document.digest-mismatch", { actual, expected: digest });
  await verifiedGet(store, digest);
  return digest;
}

/**
 * A document as it travels with a signature.
 *
 * @param document - with or without its bytes
 * @returns its canonical JSON; undefined if the caller has only its digest
 */
export function contentOf({ bytes }: ReadyDocument): string | undefined {
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

/**
 * The content of a signed message as a document.
 *
 * @param content - canonical JSON that came with a signature, if it did
 * @param options - `digest`: what was signed
 * @returns the document
 * @throws PassportError `document.digest-mismatch`
 */
export function documentOfContent(content: string | undefined, options: { readonly digest: Digest }): ReadyDocument {
  const { digest } = options;
  if (content === undefined) return { digest, bytes: undefined };
  const bytes = new TextEncoder().encode(content);
  const actual = digestOf(bytes);
  if (actual !== digest) throw new PassportError("document.digest-mismatch", { actual, expected: digest });
  return { digest, bytes };
}

/** A verifier would call the entry's document invalid for ever. */
function requireSubject(document: Envelope, { productId, eventType, attester }: DocumentSubject): void {
  const comparisons = [
    ["document.other-product", document.productId, productId],
    ["document.other-event", document.eventType, eventType],
    ["document.other-attester", document.attester, attester],
  ] as const;
  for (const [code, actual, expected] of comparisons) {
    if (actual !== expected) throw new PassportError(code, { actual, expected });
  }
}

function isDocumentType(eventType: string): eventType is DocumentType {
  return Object.hasOwn(documentSchemas, eventType);
}

import * as z from "zod";
import type { ErrorCode } from "../errors/error-catalogue.js";
import { isPassportError, PassportError } from "../errors/passport-error.js";
import { type EventType, eventTypeName } from "../primitives/event-type.js";
import type { Address, Digest } from "../primitives/hex.js";
import { canonicalise } from "./canonicalise.js";
import { checkSchema, findSchema } from "./check-schema.js";
import { digestOf } from "./digest-of.js";
import { checkDocumentSize } from "./document-size.js";
import { parseJson } from "./parse-json.js";
import { documentSchemas } from "./schemas/document-schemas.js";
import { DOCUMENT_FORMAT, type DocumentSchemas, type Envelope, envelopeSchema } from "./schemas/envelope.js";

/** The chain's entry that a document belongs to. */
export interface ReadDocumentOptions<Schemas extends DocumentSchemas = typeof documentSchemas> {
  readonly digest: Digest;
  readonly productId: string;
  readonly eventType: EventType;
  readonly attester: Address;
  /** The schemas to use; the suite's own if left out. A brand passes `{ ...documentSchemas, ...its own }`. */
  readonly schemas?: Schemas;
}

/**
 * What a document is worth. `unknown`: its bytes are what was recorded, but this version, or these schemas, cannot say
 * whether its content is complete.
 */
export type DocumentVerdict<Document = Envelope> =
  | { readonly status: "valid"; readonly document: Document }
  | { readonly status: "invalid" | "unknown"; readonly reason: ErrorCode; readonly message: string };

const CANNOT_SAY: ReadonlySet<ErrorCode> = new Set(["event-type.unknown", "document.unknown-format"]);

/**
 * Judges a document that came from anywhere: the digest is the recorded one, the bytes can be read in one way only, the
 * content fits the schema and speaks of the same product, event and attester as the entry.
 *
 * @param bytes - what a store returned
 * @param options - the entry the document belongs to, and optionally other schemas
 * @returns the verdict; a bad document is never thrown
 */
export function readDocument<Schemas extends DocumentSchemas = typeof documentSchemas>(
  bytes: Uint8Array,
  options: ReadDocumentOptions<Schemas>,
): DocumentVerdict<z.infer<Schemas[keyof Schemas]>> {
  try {
    return { status: "valid", document: openDocument(bytes, options) };
  } catch (error) {
    if (!isPassportError(error)) throw error;
    const status = CANNOT_SAY.has(error.code) ? "unknown" : "invalid";
    return { status, reason: error.code, message: error.message };
  }
}

function openDocument<Schemas extends DocumentSchemas>(
  bytes: Uint8Array,
  options: ReadDocumentOptions<Schemas>,
): z.infer<Schemas[keyof Schemas]> {
  const value = openBytes(bytes, options.digest);
  const { eventType } = checkEnvelope(value, options);
  // Safety: Schemas is inferred from `schemas`; where the caller passes none, it is the type of documentSchemas.
  const schemas = options.schemas ?? (documentSchemas as DocumentSchemas as Schemas);
  return checkSchema(value, { eventType, schema: findSchema(schemas, { eventType }) });
}

function openBytes(bytes: Uint8Array, digest: Digest): unknown {
  checkDocumentSize(bytes);
  const actual = digestOf(bytes);
  if (actual !== digest) throw new PassportError("document.digest-mismatch", { actual, expected: digest });
  const value = parseJson(decodeUtf8(bytes));
  if (digestOf(canonicalise(value)) !== digest) throw new PassportError("document.not-canonical", { digest });
  return value;
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    // A byte order mark is kept, for the parser to refuse.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new PassportError("document.not-json", { problem: "it is not UTF-8" }, { cause });
  }
}

function checkEnvelope(value: unknown, expected: ReadDocumentOptions<DocumentSchemas>): Envelope {
  const format = z.looseObject({ schema: z.string() }).safeParse(value).data?.schema;
  if (format !== undefined && format !== DOCUMENT_FORMAT)
    throw new PassportError("document.unknown-format", { format });

  const recordedType = eventTypeName(expected.eventType);
  const document = checkSchema(value, { eventType: recordedType, schema: envelopeSchema });
  // The contract records RELEASED with the document of the LOCKED entry, whoever ends the lock.
  const isRelease = recordedType === "RELEASED";
  compare("document.other-product", document.productId, expected.productId);
  compare("document.other-event", document.eventType, isRelease ? "LOCKED" : recordedType);
  if (!isRelease) compare("document.other-attester", document.attester, expected.attester);
  return document;
}

function compare(
  code: "document.other-product" | "document.other-event" | "document.other-attester",
  actual: string,
  expected: string,
): void {
  if (actual !== expected) throw new PassportError(code, { actual, expected });
}

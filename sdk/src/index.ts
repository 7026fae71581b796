export { canonicalise } from "./document/canonicalise.js";
export { type Cid, cidOf, digestOfCid, parseCid } from "./document/cid.js";
export {
  type CreateDocumentOptions,
  type CreatedDocument,
  createDocument,
  type DocumentContent,
} from "./document/create-document.js";
export { describeFile, type FileDescription } from "./document/describe-file.js";
export { digestOf } from "./document/digest-of.js";
export { documentJsonSchemas } from "./document/document-json-schemas.js";
export { MAXIMUM_DOCUMENT_BYTES } from "./document/document-size.js";
export { parseJson } from "./document/parse-json.js";
export { readAttachment } from "./document/read-attachment.js";
export { type DocumentVerdict, type ReadDocumentOptions, readDocument } from "./document/read-document.js";
export { type DocumentType, documentSchemas, type PassportDocument } from "./document/schemas/document-schemas.js";
export {
  type Attachment,
  type DocumentSchema,
  type DocumentSchemas,
  defineDocument,
  type Envelope,
} from "./document/schemas/envelope.js";
export { type ContentBackend, createContentStore } from "./document/stores/content-store.js";
export type { DocumentStore, FullDocumentStore } from "./document/stores/document-store.js";
export { createMemoryStore } from "./document/stores/memory-store.js";
export { verifiedGet } from "./document/stores/verified-get.js";
export { type ErrorCode, type ErrorDetails, errorCatalogue } from "./errors/error-catalogue.js";
export { isPassportError, PassportError } from "./errors/passport-error.js";
export { type Namespace, parseNamespace } from "./identifier/parse-namespace.js";
export {
  type Granularity,
  normaliseProductId,
  type ParsedProductId,
  type ProductId,
  parseProductId,
} from "./identifier/parse-product-id.js";
export { type ProductKey, productKey } from "./identifier/product-key.js";
export { type EventType, eventTypeName, eventTypeOf } from "./primitives/event-type.js";
export { gs1CheckDigit, hasGs1CheckDigit } from "./primitives/gs1-check-digit.js";
export {
  type Address,
  type Bytes32,
  type Digest,
  type Hex,
  parseAddress,
  parseBytes32,
  parseDigest,
  parseHex,
} from "./primitives/hex.js";
export { parseTimestamp, type Timestamp, timestampOf, unixSecondsOf } from "./primitives/timestamp.js";

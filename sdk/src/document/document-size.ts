import { PassportError } from "../errors/passport-error.js";

/** The largest document: 256 KiB, which is one block in IPFS. */
export const MAXIMUM_DOCUMENT_BYTES = 262_144;

/**
 * Refuses bytes that are too many for a document.
 *
 * @param bytes - a document, or what is there of it so far
 * @throws PassportError `document.too-large`
 */
export function checkDocumentSize(bytes: { readonly length: number }): void {
  if (bytes.length > MAXIMUM_DOCUMENT_BYTES) {
    throw new PassportError("document.too-large", {
      maximumBytes: MAXIMUM_DOCUMENT_BYTES,
      actualBytes: bytes.length,
    });
  }
}

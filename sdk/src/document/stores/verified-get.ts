import { PassportError } from "../../errors/passport-error.js";
import type { Digest } from "../../primitives/hex.js";
import { digestOf } from "../digest-of.js";
import { checkDocumentSize } from "../document-size.js";
import type { DocumentStore } from "./document-store.js";

/**
 * Fetches a document and compares it with its digest: a store can be unreachable, but it cannot lie.
 *
 * @param store - any store, or its `get` alone
 * @param digest - the document's, from the chain
 * @returns the very bytes that were recorded
 * @throws PassportError `document.not-found`, `store.unreachable`, `document.too-large`, `document.digest-mismatch`
 */
export async function verifiedGet(store: Pick<DocumentStore, "get">, digest: Digest): Promise<Uint8Array> {
  const bytes = await store.get(digest);
  checkDocumentSize(bytes);
  const actual = digestOf(bytes);
  if (actual !== digest) throw new PassportError("document.digest-mismatch", { actual, expected: digest });
  return bytes;
}

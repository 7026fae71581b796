import { sha256 } from "@noble/hashes/sha2.js";
import { hexlify } from "ethers";
import { PassportError } from "../errors/passport-error.js";
import type { Attachment } from "./schemas/envelope.js";
import type { FullDocumentStore } from "./stores/document-store.js";

/**
 * Streams an attachment and compares it with what its document says. Do not rely on the beginning before the end has
 * come: the digest is that of the whole.
 *
 * @param store - any store that has files, or its `getFile` alone
 * @param attachment - from a document that was verified
 * @returns the file's bytes; the stream fails at its end, or as soon as it is too long, if they are others
 * @throws PassportError `document.not-found`, `store.unreachable`, `store.incomplete`, `document.digest-mismatch`
 */
export async function* readAttachment(
  store: Pick<FullDocumentStore, "getFile">,
  attachment: Pick<Attachment, "cid" | "size" | "sha256">,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { cid, size, sha256: expected } = attachment;
  const hash = sha256.create();
  let actualBytes = 0;
  for await (const chunk of store.getFile(cid)) {
    actualBytes += chunk.length;
    hash.update(chunk);
    if (actualBytes > size) throw mismatch(`of more than ${size} bytes`, expected);
    yield chunk;
  }
  if (actualBytes < size) throw new PassportError("store.incomplete", { actualBytes, expectedBytes: size, cid });
  const actual = hexlify(hash.digest());
  if (actual !== expected) throw mismatch(actual, expected);
}

function mismatch(actual: string, expected: string): PassportError {
  return new PassportError("document.digest-mismatch", { actual, expected });
}

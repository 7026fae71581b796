import { PassportError } from "../../errors/passport-error.js";
import { type Cid, digestOfBlock } from "../cid.js";
import { digestOf } from "../digest-of.js";

/** The largest block that IPFS passes on: 2 MiB. */
const MAXIMUM_BLOCK_BYTES = 2_097_152;

/**
 * Collects a block and compares it with its CID. Whoever sends cannot fill the memory: it stops at the first chunk too
 * many.
 *
 * @param cid - the block's
 * @param chunks - what came for it
 * @returns the block
 * @throws PassportError `document.digest-mismatch`, and what the chunks throw
 */
export async function readBlock(cid: Cid, chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const expected = digestOfBlock(cid);
  const collected: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > MAXIMUM_BLOCK_BYTES) {
      throw new PassportError("document.digest-mismatch", {
        actual: `of more than ${MAXIMUM_BLOCK_BYTES} bytes`,
        expected,
      });
    }
    collected.push(Uint8Array.from(chunk));
  }
  const block = new Uint8Array(await new Blob(collected).arrayBuffer());
  const actual = digestOf(block);
  if (actual !== expected) throw new PassportError("document.digest-mismatch", { actual, expected });
  return block;
}

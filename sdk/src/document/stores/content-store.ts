import { concat, getBytes } from "ethers";
import { parseDigest } from "../../primitives/hex.js";
import { type Cid, cidOf, parseCid } from "../cid.js";
import { describeFile } from "../describe-file.js";
import { digestOf } from "../digest-of.js";
import { checkDocumentSize } from "../document-size.js";
import type { FullDocumentStore, ReadableDocumentStore } from "./document-store.js";
import { verifiedGet } from "./verified-get.js";

/** The part of a store that differs from place to place: it keeps content under the CID it is told. */
export interface ContentBackend {
  /** Keeps content; it is durable and pinned when the promise is fulfilled. */
  readonly write: (cid: Cid, content: Blob) => Promise<void>;
  /** Streams content, or throws PassportError `document.not-found` or `store.unreachable`. */
  readonly read: (cid: Cid) => AsyncIterable<Uint8Array>;
  /** Gives up content; content that is not there is no error. */
  readonly unpin: (cid: Cid) => Promise<void>;
  /** Lists all content that is kept. */
  readonly list: () => AsyncIterable<Cid>;
}

/**
 * Makes a document store of anything that keeps bytes under a name. Sizes, digests and CIDs are the business of this
 * function, once for all stores.
 *
 * @param backend - where the bytes are kept
 * @returns the store
 */
export function createContentStore(backend: ContentBackend): FullDocumentStore {
  const { write, read, unpin, list } = backend;
  return {
    put: async (bytes) => {
      checkDocumentSize(bytes);
      const digest = digestOf(bytes);
      const cid = cidOf(digest);
      await write(cid, new Blob([Uint8Array.from(bytes)]));
      return { digest, cid };
    },
    putFile: async (file) => {
      const description = await describeFile(file);
      await write(description.cid, file);
      return description;
    },
    unpin: async (cid) => unpin(parseCid(cid)),
    list,
    ...createContentReader({ read }),
  };
}

/**
 * Makes a store that can only be read of anything that finds bytes by a name.
 *
 * @param backend - where the bytes are
 * @returns the store
 */
export function createContentReader(backend: Pick<ContentBackend, "read">): ReadableDocumentStore {
  const { read } = backend;
  return {
    get: async (digest) => {
      const cid = cidOf(parseDigest(digest));
      return verifiedGet({ get: () => collect(read(cid)) }, digest);
    },
    getFile: async function* (cid) {
      yield* read(parseCid(cid));
    },
  };
}

/** Stops at the first chunk too many: a store must not be able to fill the memory. */
async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const collected: Uint8Array[] = [];
  for await (const chunk of chunks) {
    collected.push(chunk);
    checkDocumentSize({ length: collected.reduce((length, { length: more }) => length + more, 0) });
  }
  return getBytes(concat(collected));
}

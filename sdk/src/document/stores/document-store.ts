import type { Digest } from "../../primitives/hex.js";
import type { Cid } from "../cid.js";
import type { FileDescription } from "../describe-file.js";

/**
 * Where documents are kept. A store is not trusted: read it through `verifiedGet` and `readAttachment`.
 *
 * `put` and `get` are what a store must do; the rest are capabilities that not every store has.
 */
export interface DocumentStore {
  /**
   * Keeps a document. It is durable and pinned when the promise is fulfilled; the same document again is no error.
   *
   * @throws PassportError `document.too-large`, `store.unreachable`, `document.digest-mismatch`
   */
  readonly put: (bytes: Uint8Array) => Promise<{ readonly digest: Digest; readonly cid: Cid }>;

  /**
   * Fetches a document.
   *
   * @throws PassportError `document.not-found`, `store.unreachable`, `document.digest-mismatch`
   */
  readonly get: (digest: Digest) => Promise<Uint8Array>;

  /**
   * Keeps a file of any size, as `put` does a document.
   *
   * @throws PassportError `store.unreachable`, `document.digest-mismatch`
   */
  readonly putFile?: (file: Blob) => Promise<FileDescription>;

  /**
   * Streams a file; fails while it streams as `get` does, except that the whole is not compared with a digest.
   */
  readonly getFile?: (cid: Cid) => AsyncIterable<Uint8Array>;

  /** Gives up content; the store may forget it at any time. Content it does not have is no error. */
  readonly unpin?: (cid: Cid) => Promise<void>;

  /** Lists what the store keeps. */
  readonly list?: () => AsyncIterable<Cid>;
}

/** A store with every capability. */
export type FullDocumentStore = Required<DocumentStore>;

/** A store that can only be read, such as a gateway. */
export type ReadableDocumentStore = Pick<FullDocumentStore, "get" | "getFile">;

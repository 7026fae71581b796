import { create } from "kubo-rpc-client";
import { CID } from "multiformats/cid";
import { PassportError } from "../../errors/passport-error.js";
import { type Cid, cidSchema } from "../cid.js";
import { FILE_BLOCK_BYTES, FILE_BLOCK_LINKS } from "../describe-file.js";
import { createContentStore } from "./content-store.js";
import type { FullDocumentStore } from "./document-store.js";
import { parseStoreUrl } from "./parse-store-url.js";
import { unreachableStore } from "./unreachable-store.js";

/** How to reach a Kubo node. */
export interface KuboStoreOptions {
  /** Its RPC, such as `http://127.0.0.1:5001`. */
  readonly url: string;
  /** Longest time for one request, the whole transfer included, in milliseconds; 30 000 if left out. */
  readonly timeoutMs?: number;
  /** Sent with every request, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Every option is given, so that the CID does not depend on the node's configuration. */
const ADD_OPTIONS = {
  cidVersion: 1,
  rawLeaves: true,
  chunker: `size-${FILE_BLOCK_BYTES}`,
  trickle: false,
  hashAlg: "sha2-256",
  pin: true,
  // Kubo's `max-file-links`, which the client passes on though its types do not know it.
  maxFileLinks: FILE_BLOCK_LINKS,
} as const;

/**
 * Makes a store of a Kubo node, over its RPC. Content is added and pinned there in one request; what comes back is
 * fetched from the IPFS network if the node does not have it.
 *
 * @param options - where the node is
 * @returns the store
 * @throws PassportError `input.invalid` for a URL that is none
 */
export function createKuboStore(options: KuboStoreOptions): FullDocumentStore {
  const { timeoutMs = 30_000, headers = {} } = options;
  const url = parseStoreUrl(options.url);
  const client = create({ url, headers });
  const explain = (error: unknown, cid?: Cid): PassportError => kuboError(error, { store: url.host, timeoutMs, cid });

  return createContentStore({
    write: async (cid, content) => {
      const signal = AbortSignal.timeout(timeoutMs);
      const added = await client.add(content, { ...ADD_OPTIONS, signal }).catch((error: unknown) => {
        throw explain(error);
      });
      const actual = added.cid.toString();
      if (actual !== cid) throw new PassportError("document.digest-mismatch", { actual, expected: cid });
    },
    read: async function* (cid) {
      const reader = new AbortController();
      const signal = AbortSignal.any([reader.signal, AbortSignal.timeout(timeoutMs)]);
      try {
        yield* client.cat(CID.parse(cid), { signal });
      } catch (error) {
        throw explain(error, cid);
      } finally {
        // Whoever stops reading does not want the rest sent.
        reader.abort();
      }
    },
    unpin: async (cid) => {
      const signal = AbortSignal.timeout(timeoutMs);
      await client.pin.rm(CID.parse(cid), { signal }).catch((error: unknown) => {
        if (!isAnswer(error, /not pinned/)) throw explain(error, cid);
      });
    },
    list: async function* () {
      try {
        for await (const pin of client.pin.ls({ type: "recursive", signal: AbortSignal.timeout(timeoutMs) })) {
          const cid = cidSchema.safeParse(pin.cid.toString());
          if (cid.success) yield cid.data;
        }
      } catch (error) {
        throw explain(error);
      }
    },
  });
}

function kuboError(
  error: unknown,
  context: { readonly store: string; readonly timeoutMs: number; readonly cid: Cid | undefined },
): PassportError {
  const { store, timeoutMs, cid } = context;
  if (cid !== undefined && isAnswer(error, /could not find|not found/)) {
    return new PassportError("document.not-found", { cid }, { cause: error });
  }
  return unreachableStore(error, { store, timeoutMs });
}

/** Whether Kubo itself answered with this; a 404 is somebody else's answer, such as a proxy's. */
function isAnswer(error: unknown, message: RegExp): boolean {
  return (
    error instanceof Error &&
    error.name === "HTTPError" &&
    "response" in error &&
    error.response instanceof Response &&
    error.response.status === 500 &&
    message.test(error.message)
  );
}

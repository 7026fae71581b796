import { isPassportError, PassportError } from "../../errors/passport-error.js";
import type { Cid } from "../cid.js";
import { readBlock } from "./read-block.js";
import { unreachableStore } from "./unreachable-store.js";

const RAW_BLOCK = "application/vnd.ipld.raw";

/** How to ask a gateway for a block. */
export interface FetchBlockOptions {
  readonly gateway: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Longest time for the request, to its last byte, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Fetches one block from a gateway and compares it with its CID.
 *
 * @param cid - the block's
 * @param options - which gateway, and how long to wait
 * @returns the block
 * @throws PassportError `document.not-found`, `store.unreachable`, `document.digest-mismatch`
 */
export async function fetchBlock(cid: Cid, options: FetchBlockOptions): Promise<Uint8Array> {
  const { gateway, headers, timeoutMs } = options;
  const request = new AbortController();
  try {
    const response = await fetch(urlOf(cid, gateway), {
      headers: { ...headers, accept: RAW_BLOCK },
      // Whoever redirects could send us anywhere, also into the network that we are in.
      redirect: "error",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]),
    });
    checkAnswer(response, { cid, store: gateway.host });
    return await readBlock(cid, chunksOf(response));
  } catch (error) {
    throw isPassportError(error) ? error : unreachableStore(error, { store: gateway.host, timeoutMs });
  } finally {
    // Whatever is still on its way is not wanted any more.
    request.abort();
  }
}

/** Keeps the path and the query that the gateway's own URL has. */
function urlOf(cid: Cid, gateway: URL): URL {
  const url = new URL(gateway);
  url.pathname = `${gateway.pathname.replace(/\/$/, "")}/ipfs/${cid}`;
  url.searchParams.set("format", "raw");
  return url;
}

function checkAnswer({ status, headers }: Response, options: { readonly cid: Cid; readonly store: string }): void {
  const { cid, store } = options;
  if (status === 404 || status === 410) throw new PassportError("document.not-found", { cid, store });
  if (status !== 200) throw new PassportError("store.unreachable", { store, problem: `it answered ${status}` });
  // A page of a proxy or of a hotel's network is no forgery.
  const mediaType = headers.get("content-type")?.split(";")[0]?.trim() ?? "nothing that is named";
  if (mediaType === RAW_BLOCK) return;
  throw new PassportError("store.unreachable", { store, problem: `it answered with ${mediaType}, not a raw block` });
}

/** Not the stream itself: not every browser's can be iterated. */
async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) yield part.value;
}

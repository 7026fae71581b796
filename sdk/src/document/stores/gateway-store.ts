import * as z from "zod";
import { parseInput } from "../../primitives/parse-input.js";
import { readUnixFsFile } from "../read-unixfs-file.js";
import { createContentReader } from "./content-store.js";
import type { ReadableDocumentStore } from "./document-store.js";
import { fetchBlock } from "./fetch-block.js";
import { parseStoreUrl } from "./parse-store-url.js";

/** How to reach a gateway of IPFS. */
export interface GatewayStoreOptions {
  /** Such as `https://trustless-gateway.link`; the gateway must answer there itself, and not redirect. */
  readonly url: string;
  /** Longest time for one block, to its last byte, in milliseconds; 30 000 if left out. */
  readonly timeoutMs?: number;
  /** Larger files are refused; 1 GiB if left out. */
  readonly maximumFileBytes?: number;
  /** Sent with every request, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
}

const limitSchema = z.int().positive();

/**
 * Makes a store of any gateway of IPFS. It can only be read, and need not be trusted: documents and files come as raw
 * blocks, each of which is hashed before a byte of it is handed on. Redirects, blocks of more than 2 MiB and whatever
 * takes too long are refused.
 *
 * @param options - where the gateway is, and limits
 * @returns the store
 * @throws PassportError `input.invalid` for a URL or a limit that is none
 */
export function createGatewayStore(options: GatewayStoreOptions): ReadableDocumentStore {
  const { headers = {} } = options;
  const gateway = parseStoreUrl(options.url);
  const timeoutMs = parseInput(limitSchema, options.timeoutMs ?? 30_000, { field: "timeoutMs" });
  const maximumFileBytes = parseInput(limitSchema, options.maximumFileBytes ?? 1_073_741_824, {
    field: "maximumFileBytes",
  });
  return createContentReader({
    read: (cid) =>
      readUnixFsFile(cid, {
        readBlock: (block) => fetchBlock(block, { gateway, headers, timeoutMs }),
        maximumFileBytes,
      }),
  });
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMemoryStore, type DocumentStore } from "@digital-product-passport/sdk";
import { createDiskStore } from "@digital-product-passport/sdk/node";
import { alternate, type Side } from "./alternate.js";

const IN_A_ROUND = 50;
const DOCUMENT_BYTES = 2_000;

/** Documents per second: put and read back with its digest compared, as every write does. */
export interface StoreFigures {
  readonly memory: number;
  readonly disk: number;
}

/**
 * Measures document stores.
 *
 * @param options - `rounds`
 * @returns documents per second
 */
export async function measureStores({ rounds }: { readonly rounds: number }): Promise<StoreFigures> {
  const folder = await mkdtemp(join(tmpdir(), "bench-store-"));
  try {
    const sides = { memory: putAndGet(createMemoryStore()), disk: putAndGet(createDiskStore(folder)) };
    return await alternate(sides, { rounds });
  } finally {
    await rm(folder, { recursive: true });
  }
}

function putAndGet(store: DocumentStore): Side {
  let serial = 0;
  return async () => {
    for (let count = 0; count < IN_A_ROUND; count++) {
      const { digest } = await store.put(new TextEncoder().encode(String(++serial).padEnd(DOCUMENT_BYTES)));
      await store.get(digest);
    }
    return IN_A_ROUND;
  };
}

import type { FullDocumentStore } from "@digital-product-passport/sdk";
import { createDiskStore } from "@digital-product-passport/sdk/node";
import { type Command, Option } from "commander";

/** Options that say where documents are. */
export interface StoreOptions {
  readonly store: string;
  readonly ipfs?: string;
}

/**
 * Adds the options that say where documents are.
 *
 * @param command - a command that reads or writes documents
 * @returns the same command
 */
export function withStore(command: Command): Command {
  return command
    .option("--store <folder>", "folder of the documents", ".passport/documents")
    .addOption(new Option("--ipfs <url>", "documents are in Kubo, at this RPC"));
}

/**
 * Opens the document store.
 *
 * @param options - of the command line
 * @returns the store
 * @throws PassportError `input.invalid`
 */
export async function openStore({ ipfs, store }: StoreOptions): Promise<FullDocumentStore> {
  if (ipfs === undefined) return createDiskStore(store);
  // Kubo's client takes as long to load as everything else together.
  const { createKuboStore } = await import("@digital-product-passport/sdk/kubo");
  return createKuboStore({ url: ipfs });
}

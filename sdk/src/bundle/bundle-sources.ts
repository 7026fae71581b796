import { keccak256 } from "ethers";
import { cidOf } from "../document/cid.js";
import { digestOf } from "../document/digest-of.js";
import type { DocumentStore } from "../document/stores/document-store.js";
import { PassportError } from "../errors/passport-error.js";
import type { Address, Bytes32, Digest, Hex } from "../primitives/hex.js";
import { bytes32Schema } from "../primitives/hex.js";
import type { PassportEntry } from "../signing/passport-hashing.js";
import type { EntriesQuery } from "../verify/chain-view.js";
import { type ProofSource, recordUse } from "../verify/proven-state.js";
import type { Bundle } from "./bundle-format.js";

/** What a bundle holds, found as a node and a store find it. */
export interface BundleSources {
  readonly proofs: ProofSource;
  readonly readEntries: (query: EntriesQuery) => Promise<readonly PassportEntry[]>;
  readonly store: Pick<DocumentStore, "get">;
  /** Whether there is anything in the bundle that nobody has asked for. */
  readonly hasSurplus: () => boolean;
}

/**
 * Finds what a bundle holds by its hash.
 *
 * @param bundle - parsed
 * @returns the sources; they remember what was asked for
 */
export function sourcesOf(bundle: Bundle): BundleSources {
  const nodes = byHash(bundle.nodes);
  const codes = byHash(bundle.codes);
  const documents = byDigest(bundle.documents);
  const histories = new Map<Address, readonly PassportEntry[]>(
    bundle.histories.map(({ passport, entries }) => [
      passport,
      entries.map((entry, index) => ({ ...entry, sequence: BigInt(index + 1) })),
    ]),
  );
  const nothing = async (): Promise<void> => undefined;
  const proofs = recordUse({
    findNode: (hash) => nodes.get(hash),
    findCode: (hash) => codes.get(hash),
    fetchNodes: nothing,
    fetchCode: nothing,
  });
  const readHistories = new Set<Address>();
  const readDocuments = new Set<Digest>();
  return {
    proofs,
    readEntries: async ({ passport }) => {
      const entries = histories.get(passport);
      if (entries === undefined) throw new PassportError("proof.incomplete", { missing: `the entries of ${passport}` });
      readHistories.add(passport);
      return entries;
    },
    store: {
      get: async (digest) => {
        const bytes = documents.get(digest);
        if (bytes === undefined) throw new PassportError("document.not-found", { cid: cidOf(digest) });
        readDocuments.add(digest);
        return bytes;
      },
    },
    hasSurplus: () =>
      proofs.usedNodes.size < bundle.nodes.length ||
      proofs.usedCodes.size < bundle.codes.length ||
      readHistories.size < bundle.histories.length ||
      readDocuments.size < bundle.documents.length,
  };
}

function byHash(items: readonly Hex[]): ReadonlyMap<Bytes32, Hex> {
  return new Map(items.map((item) => [bytes32Schema.parse(keccak256(item)), item]));
}

function byDigest(texts: readonly string[]): ReadonlyMap<Digest, Uint8Array> {
  return new Map(
    texts.map((text) => {
      const bytes = new TextEncoder().encode(text);
      return [digestOf(bytes), bytes];
    }),
  );
}

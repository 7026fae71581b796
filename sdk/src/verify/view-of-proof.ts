import type { Hex } from "../primitives/hex.js";
import type { PassportEntry } from "../signing/passport-hashing.js";
import type { ChainView, EntriesQuery } from "./chain-view.js";
import { proveManager } from "./prove-manager.js";
import { provePassportState } from "./prove-passport-state.js";
import { provePassportOf, proveRegistration } from "./prove-registration.js";
import type { ProvenState } from "./proven-state.js";

/** What is shown beside the state, and what the view says of itself. */
export interface ProofViewOptions {
  /** Whether the caller himself says that the block is of the chain. */
  readonly isTrusted: boolean;
  /** Finds the entries of a passport; they need not be believed, because its head is proven. */
  readonly readEntries: (query: EntriesQuery) => Promise<readonly PassportEntry[]>;
}

/** A view by proofs, and the header that they rest on. */
export interface ProofView extends ChainView {
  /** RLP of the block's header. */
  readonly header: Hex;
}

/**
 * The chain at one block, by proofs under the hash of that block.
 *
 * @param state - what is proven
 * @param options - where entries come from, and whether the block is trusted
 * @returns the view
 */
export function viewOfProof(state: ProvenState, options: ProofViewOptions): ProofView {
  const { hash, number, timestamp, rlp } = state.header;
  return {
    header: rlp,
    block: { hash, number, timestamp },
    level: undefined,
    basis: () => ({ kind: "proof", blockHash: hash, isTrusted: options.isTrusted }),
    findPassport: (query) => provePassportOf(state, query),
    readCode: (address) => state.readCode(address),
    readRegistration: (query) => proveRegistration(state, query),
    readState: (passport) => provePassportState(state, passport),
    readEntries: options.readEntries,
    readManager: (query) => proveManager(state, query),
    // How far the chain had settled at that time cannot be proven by one block.
    readFinality: async () => ({ safe: undefined, finalized: undefined }),
  };
}

import type { Provider } from "ethers";
import { findPassport } from "../passport/find-passport.js";
import { type BlockLevel, type ReadBlock, readBlock } from "../passport/read-at-block.js";
import { readCode } from "../passport/read-code.js";
import { readEntries } from "../passport/read-entries.js";
import { readPassportState } from "../passport/read-passport-state.js";
import type { Basis } from "./basis.js";
import type { ChainView } from "./chain-view.js";
import type { FinalityEvidence } from "./evidence.js";
import { gather } from "./gather.js";
import { gatherManager } from "./gather-manager.js";
import { gatherRegistration } from "./gather-registration.js";
import type { Gathered } from "./verdict.js";

/** What a node is asked about. */
export interface NodeViewOptions {
  /** Block at which everything is read. */
  readonly block: ReadBlock;
  /** How settled the reader wanted that block to be. */
  readonly level: BlockLevel;
  /** First block that is searched for entries. */
  readonly fromBlock: bigint;
  /** On whose word the answers rest. */
  readonly basis: () => Basis;
}

/**
 * The chain at one block, as a node shows it.
 *
 * @param provider - any ethers provider
 * @param options - the block, how settled it had to be, first block that is searched
 * @returns the view; nothing is asked yet
 */
export function viewOfNode(provider: Provider, options: NodeViewOptions): ChainView {
  const { block, level, fromBlock, basis } = options;
  const { number } = block;
  return {
    block,
    level,
    basis,
    findPassport: ({ registry, productId }) => findPassport({ provider, registry }, { productId, block: number }),
    readCode: (address) => readCode(provider, { address, block: number }),
    readRegistration: (query) => gatherRegistration(provider, { ...query, block: number }),
    readState: (passport) => readPassportState(provider, { passport, block: number }),
    readEntries: (query) => readEntries(provider, { ...query, fromBlock, toBlock: number }),
    readManager: (query) => gatherManager(provider, { ...query, block: number }),
    readFinality: () => readFinality(provider),
  };
}

/** Not every node knows how far the parent chain has got. */
async function readFinality(provider: Provider): Promise<FinalityEvidence> {
  const [safe, finalized] = await Promise.all(
    ["safe", "finalized"].map((tag) => gather(() => readBlock(provider, { tag }))),
  );
  const numberOf = (block: Gathered<ReadBlock> | undefined) =>
    block?.status === "gathered" ? block.value.number : undefined;
  return { safe: numberOf(safe), finalized: numberOf(finalized) };
}

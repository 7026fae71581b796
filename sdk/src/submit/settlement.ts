import type { Provider } from "ethers";
import { askNode } from "../chain/ask-node.js";
import { parseBytes32 } from "../primitives/hex.js";
import type { BlockReference, SignedTransaction } from "./deliver-transaction.js";

/** Something that can be seen in a block; if the block goes away, it has to be done again. */
export interface Settlement {
  readonly block: BlockReference;
  /** Items that stand on the chain by it. */
  readonly ids: readonly string[];
  /** Undefined if somebody else has recorded them. */
  readonly transaction: SignedTransaction | undefined;
  /** Whether its items have been told to be safe. */
  isSafe: boolean;
}

/** The newest blocks of the two levels, by number. */
export interface ConfirmedBlocks {
  readonly safe: number;
  readonly finalized: number;
}

/** What has come of settlements that have reached a level. */
export interface Confirmations {
  readonly vanished: readonly Settlement[];
  readonly safe: readonly Settlement[];
  readonly final: readonly Settlement[];
}

/**
 * Reads the block of a number.
 *
 * @param provider - any ethers provider
 * @param number - of the block
 * @returns number and hash; undefined if the node has none
 * @throws PassportError `chain.*`
 */
export async function readBlockReference(provider: Provider, number: number): Promise<BlockReference | undefined> {
  const block = await askNode(provider, () => provider.getBlock(number));
  return block?.hash == null ? undefined : { number, hash: parseBytes32(block.hash) };
}

/**
 * Finds what a reorganisation has thrown out. A block stands for all before it, so the newest is asked first, and one
 * question is enough as long as nothing has happened.
 *
 * @param provider - any ethers provider
 * @param settlements - in any order
 * @returns those whose block is no longer in the chain
 * @throws PassportError `chain.*`
 */
export async function findVanished(
  provider: Provider,
  settlements: readonly Settlement[],
): Promise<readonly Settlement[]> {
  const vanished: Settlement[] = [];
  for (const settlement of settlements.toSorted((left, right) => right.block.number - left.block.number)) {
    if (await isCanonical(provider, settlement.block)) break;
    vanished.push(settlement);
  }
  return vanished;
}

/**
 * Looks at the settlements that have reached a level since the last time. Each block is asked for by itself: what is
 * final is forgotten, and must not rest on a conclusion.
 *
 * @param provider - any ethers provider
 * @param settlements - in any order
 * @param blocks - the newest of each level
 * @returns what is safe now, what is final, and what is no longer in the chain
 * @throws PassportError `chain.*`
 */
export async function findConfirmed(
  provider: Provider,
  settlements: readonly Settlement[],
  blocks: ConfirmedBlocks,
): Promise<Confirmations> {
  const reached = settlements.filter(
    ({ block, isSafe }) => block.number <= (isSafe ? blocks.finalized : Math.max(blocks.safe, blocks.finalized)),
  );
  const vanished: Settlement[] = [];
  for (const settlement of reached) {
    if (!(await isCanonical(provider, settlement.block))) vanished.push(settlement);
  }
  const standing = reached.filter((settlement) => !vanished.includes(settlement));
  return {
    vanished,
    safe: standing.filter(({ block }) => block.number > blocks.finalized),
    final: standing.filter(({ block }) => block.number <= blocks.finalized),
  };
}

async function isCanonical(provider: Provider, { number, hash }: BlockReference): Promise<boolean> {
  return (await readBlockReference(provider, number))?.hash === hash;
}

import type { Provider } from "ethers";
import { askNode } from "../chain/ask-node.js";
import { endpointOf } from "../chain/endpoint-of.js";
import { PassportError } from "../errors/passport-error.js";
import { type Bytes32, parseBytes32 } from "../primitives/hex.js";

/**
 * How settled a block is. `sequenced`: the sequencer has promised it; `safe`: it is on the parent chain; `finalized`:
 * the parent chain cannot take it back any more.
 */
export type BlockLevel = "sequenced" | "safe" | "finalized";

/** A block that something was read at. */
export interface ReadBlock {
  readonly number: bigint;
  readonly hash: Bytes32;
  /** Unix seconds. */
  readonly timestamp: bigint;
}

/** What nodes call the last block of each level. */
export const BLOCK_TAGS = { sequenced: "latest", safe: "safe", finalized: "finalized" } as const satisfies Record<
  BlockLevel,
  string
>;

const MAXIMUM_ATTEMPTS = 3;

/**
 * Reads several things at one block, so that they fit each other. If the chain was reorganised meanwhile, all is read
 * again.
 *
 * @param provider - any ethers provider
 * @param options - `level`: how settled the block must be, `sequenced` if left out; `read`: reads at the given block
 * @returns what `read` returned
 * @throws PassportError `chain.unreachable`, `chain.answer-invalid`, and what `read` throws
 */
export async function readAtBlock<Result>(
  provider: Provider,
  options: { readonly level?: BlockLevel | undefined; readonly read: (block: ReadBlock) => Promise<Result> },
): Promise<Result> {
  for (let attempt = 1; attempt <= MAXIMUM_ATTEMPTS; attempt++) {
    const block = await readBlock(provider, { tag: BLOCK_TAGS[options.level ?? "sequenced"] });
    const result = await options.read(block);
    const again = await readBlock(provider, { tag: block.number });
    if (again.hash === block.hash) return result;
  }
  throw new PassportError("chain.unreachable", {
    endpoint: endpointOf(provider),
    problem: `the chain was reorganised ${MAXIMUM_ATTEMPTS} times while it was read`,
  });
}

/**
 * Reads the head of a block.
 *
 * @param provider - any ethers provider
 * @param options - `tag`: its number or a tag that the node knows
 * @returns number, hash and time
 * @throws PassportError `chain.unreachable`, `chain.answer-invalid`
 */
export async function readBlock(provider: Provider, options: { readonly tag: bigint | string }): Promise<ReadBlock> {
  const block = await askNode(provider, () => provider.getBlock(options.tag));
  if (block === null || block.hash === null) {
    throw new PassportError("chain.unreachable", {
      endpoint: endpointOf(provider),
      problem: `it has no block ${options.tag}`,
    });
  }
  return { number: BigInt(block.number), hash: parseBytes32(block.hash), timestamp: BigInt(block.timestamp) };
}

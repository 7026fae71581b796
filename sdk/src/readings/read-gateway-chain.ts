import { endpointOf } from "../chain/endpoint-of.js";
import { PassportError } from "../errors/passport-error.js";
import { type ReadingContext, requireReadingsAnchor } from "../passport/context.js";
import { type BlockLevel, type ReadBlock, readAtBlock } from "../passport/read-at-block.js";
import type { Address, Bytes27 } from "../primitives/hex.js";
import { gatewayHeadAfter, initialGatewayHead } from "../signing/passport-hashing.js";
import type { RecordedBatch } from "./decode-anchored.js";
import { findBatches } from "./find-batch.js";
import { type GatewayState, readGatewayPosition } from "./read-gateway-position.js";

/** Whose chain, and when. */
export interface ReadGatewayChainOptions {
  readonly gateway: Address;
  /** How settled the block must be that is read; `sequenced` if left out. */
  readonly level?: BlockLevel | undefined;
  /** First block that is searched; 0 if left out. It must be before the gateway's first batch. */
  readonly fromBlock?: bigint | undefined;
}

/** All batches of a gateway, each following from the one before it. */
export interface GatewayChain extends GatewayState {
  readonly gateway: Address;
  readonly batches: readonly RecordedBatch[];
  /** Block at which it was read. */
  readonly block: ReadBlock;
}

/**
 * Reads a gateway's chain of batches, and proves it: each batch names the head before it, and the last one leads to the
 * head that the contract holds. A node that leaves out, adds or changes a batch is found out.
 *
 * @param context - `provider`, `chainId`, `readingsAnchor`
 * @param options - the gateway
 * @returns the batches from the first to the last
 * @throws PassportError `input.invalid`; `chain.answer-invalid` for a node whose events do not lead to the head;
 *   `chain.unreachable`
 */
export async function readGatewayChain(
  context: Pick<ReadingContext, "provider" | "chainId" | "readingsAnchor">,
  options: ReadGatewayChainOptions,
): Promise<GatewayChain> {
  const { provider, chainId } = context;
  const { gateway, level, fromBlock } = options;
  const readingsAnchor = requireReadingsAnchor(context);
  return await readAtBlock(provider, {
    level,
    read: async (block) => {
      const state = await readGatewayPosition(context, { gateway, block: block.number });
      const batches: RecordedBatch[] = [];
      const wanted = { gateway, fromBlock, toBlock: block.number, expectedBatches: state.sequence };
      const pages = state.sequence === 0n ? [] : findBatches(context, wanted);
      for await (const page of pages) batches.push(...page);
      const problem = findBreak(batches, { ...state, start: initialGatewayHead({ chainId, readingsAnchor, gateway }) });
      if (problem === undefined) return { ...state, gateway, batches, block };
      throw new PassportError("chain.answer-invalid", {
        endpoint: endpointOf(provider),
        problem: `of the batches of the gateway ${gateway}, ${problem}`,
      });
    },
  });
}

/** What keeps batches from being the gateway's chain; undefined if they are. */
function findBreak(
  batches: readonly RecordedBatch[],
  expected: GatewayState & { readonly start: Bytes27 },
): string | undefined {
  let head = expected.start;
  for (const [index, batch] of batches.entries()) {
    if (batch.sequence !== BigInt(index + 1)) return `number ${batch.sequence} stands where ${index + 1} belongs`;
    if (batch.previousHead !== head) return `number ${batch.sequence} does not follow from the one before it`;
    head = gatewayHeadAfter(batch);
  }
  const isComplete = head === expected.head && BigInt(batches.length) === expected.sequence;
  return isComplete ? undefined : `the ${batches.length} that it shows do not lead to the head ${expected.head}`;
}

import { toBeHex, zeroPadValue } from "ethers";
import { askNode } from "../chain/ask-node.js";
import { type ReadingContext, requireReadingsAnchor } from "../passport/context.js";
import { readLogs } from "../passport/read-logs.js";
import type { Address } from "../primitives/hex.js";
import { ANCHORED_TOPIC, decodeAnchored, type RecordedBatch } from "./decode-anchored.js";

/** Which batches. */
export interface BatchQuery {
  readonly gateway: Address;
  /** One of them; all if left out. */
  readonly sequence?: bigint | undefined;
  /** First and last block; all of the chain if left out. */
  readonly fromBlock?: bigint | undefined;
  readonly toBlock?: bigint | undefined;
  /** How many there should be: many are asked for in pages that fit into memory, and into what a provider takes. */
  readonly expectedBatches?: bigint | undefined;
}

/**
 * Finds a batch by its place in the gateway's chain. Whether it is the true one, only the gateway's head tells.
 *
 * @param context - `provider`, `readingsAnchor`
 * @param query - gateway and position
 * @returns the batch; undefined if the node shows none
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function findBatch(
  context: Pick<ReadingContext, "provider" | "readingsAnchor">,
  query: BatchQuery & { readonly sequence: bigint },
): Promise<RecordedBatch | undefined> {
  for await (const batches of findBatches(context, query)) {
    const found = batches.find(({ sequence }) => sequence === query.sequence);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Finds the batches of a gateway, as the node shows them.
 *
 * @param context - `provider`, `readingsAnchor`
 * @param query - which
 * @returns page by page, the oldest first; nothing of them has been checked but that the anchor emitted them
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function* findBatches(
  context: Pick<ReadingContext, "provider" | "readingsAnchor">,
  { gateway, sequence, fromBlock = 0n, toBlock, expectedBatches }: BatchQuery,
): AsyncGenerator<readonly RecordedBatch[]> {
  const { provider } = context;
  const address = requireReadingsAnchor(context);
  const indexed = [zeroPadValue(gateway, 32), ...(sequence === undefined ? [] : [toBeHex(sequence, 32)])];
  const lastBlock = toBlock ?? BigInt(await askNode(provider, () => provider.getBlockNumber()));
  for await (const { logs } of readLogs(provider, {
    address,
    topic: ANCHORED_TOPIC,
    indexed,
    fromBlock,
    toBlock: lastBlock,
    expectedLogs: expectedBatches,
  })) {
    const own = logs.filter((log) => log.address === address);
    yield own.flatMap((log) => decodeAnchored(log) ?? []).filter((batch) => batch.gateway === gateway);
  }
}

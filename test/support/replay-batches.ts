import { concat, dataSlice, id, keccak256, toBeHex, zeroPadBytes, zeroPadValue } from "ethers";
import type { ReadingsAnchor } from "../../types/ethers-contracts/index.js";
import type { Messages } from "./signing.js";

/**
 * The chain of a gateway, a second time: from its events alone, word by word as the specification says, and without the
 * SDK, so that an error in either shows.
 */

/** A batch, as its `Anchored` event tells it. */
export interface AnchoredBatch extends Readonly<Messages["Batch"]> {
  /** Chain time, Unix seconds. */
  readonly recordedAt: bigint;
}

const BATCH_TYPE =
  "Batch(address gateway,uint256 sequence,bytes27 previousHead,bytes32 root,uint256 count,uint256 from,uint256 to,bytes32 document)";

/**
 * Head of a gateway without batches.
 *
 * @param gateway - the gateway
 * @param options - chain and address of the anchor
 */
export const initialGatewayHead = (
  gateway: string,
  { chainId, anchor }: { readonly chainId: bigint; readonly anchor: string },
): string => {
  const words = [toBeHex(chainId, 32), zeroPadValue(anchor, 32), zeroPadValue(gateway, 32)];
  return headOf(keccak256(concat([id("ReadingsAnchor.head.v1"), ...words])));
};

/**
 * Head of a gateway after a batch.
 *
 * @param batch - the batch
 */
export const headAfter = (batch: Messages["Batch"]): string =>
  headOf(
    keccak256(
      concat([
        id(BATCH_TYPE),
        zeroPadValue(batch.gateway, 32),
        toBeHex(batch.sequence, 32),
        zeroPadBytes(batch.previousHead, 32),
        batch.root,
        toBeHex(batch.count, 32),
        toBeHex(batch.from, 32),
        toBeHex(batch.to, 32),
        batch.document,
      ]),
    ),
  );

const headOf = (hash: string): string => dataSlice(hash, 0, 27);

/**
 * All batches of a gateway, as the anchor has emitted them.
 *
 * @param anchor - the anchor
 * @param gateway - the gateway
 */
export async function readBatches(anchor: ReadingsAnchor, gateway: string): Promise<readonly AnchoredBatch[]> {
  const events = await anchor.queryFilter(anchor.filters.Anchored(gateway));
  return events.map(({ args }) => ({
    gateway: args.gateway,
    sequence: args.sequence,
    previousHead: args.previousHead,
    root: args.root,
    count: args.count,
    from: args.from,
    to: args.to,
    document: args.document,
    recordedAt: args.recordedAt,
  }));
}

/**
 * What the batches alone say about a gateway's chain.
 *
 * @param batches - all of them, in their order
 * @param options - the gateway, chain and address of the anchor
 * @throws Error if one is missing, or continues another chain
 */
export function replayBatches(
  batches: readonly AnchoredBatch[],
  options: { readonly gateway: string; readonly chainId: bigint; readonly anchor: string },
): { readonly sequence: bigint; readonly head: string } {
  let head = initialGatewayHead(options.gateway, options);
  for (const [index, batch] of batches.entries()) {
    if (batch.sequence !== BigInt(index + 1)) throw new Error(`Batch ${index + 1} is missing.`);
    if (batch.previousHead !== head) throw new Error(`Batch ${index + 1} continues another chain.`);
    head = headAfter(batch);
  }
  return { sequence: BigInt(batches.length), head };
}

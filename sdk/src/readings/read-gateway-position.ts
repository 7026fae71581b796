import { askNode } from "../chain/ask-node.js";
import { ReadingsAnchor__factory } from "../contracts/index.js";
import { type ReadingContext, requireReadingsAnchor } from "../passport/context.js";
import { BLOCK_TAGS, type BlockLevel } from "../passport/read-at-block.js";
import { type Address, type Bytes27, parseBytes27 } from "../primitives/hex.js";

/** Where a gateway's chain stands. */
export interface GatewayState {
  /** Position of the last batch; 0 without one. */
  readonly sequence: bigint;
  readonly head: Bytes27;
}

/** Whose chain, and when. */
export interface ReadGatewayPositionOptions {
  readonly gateway: Address;
  /** How settled the block must be that is read, or its number; `sequenced` if left out. */
  readonly block?: BlockLevel | bigint | undefined;
}

/**
 * Reads where a gateway's chain of batches stands: what its next batch, or a pairing, is signed for.
 *
 * @param context - `provider`, `readingsAnchor`
 * @param options - the gateway
 * @returns position and head
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function readGatewayPosition(
  context: Pick<ReadingContext, "provider" | "readingsAnchor">,
  { gateway, block = "sequenced" }: ReadGatewayPositionOptions,
): Promise<GatewayState> {
  const { provider } = context;
  const contract = ReadingsAnchor__factory.connect(requireReadingsAnchor(context), provider);
  const blockTag = typeof block === "bigint" ? block : BLOCK_TAGS[block];
  return await askNode(provider, async () => {
    const { sequence, head } = await contract.chainOf(gateway, { blockTag });
    return { sequence, head: parseBytes27(head) };
  });
}

import type { NetworkConnection } from "hardhat/types/network";

/**
 * Fixes the time of the next block, so that a test can name it in advance.
 *
 * @param connection - an in-process network
 * @param after - seconds from the last block to the next
 * @returns Unix seconds of the next block
 */
export async function nextSecond({ networkHelpers }: NetworkConnection, after = 10n): Promise<bigint> {
  const next = BigInt(await networkHelpers.time.latest()) + after;
  await networkHelpers.time.setNextBlockTimestamp(next);
  return next;
}

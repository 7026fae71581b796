/** A range of blocks, both ends included. */
export interface BlockRange {
  readonly fromBlock: bigint;
  readonly toBlock: bigint;
}

/**
 * Finds the blocks of one second, by halving: some thirty questions for a chain of a billion blocks.
 *
 * @param timestampOf - asks for the time of a block, Unix seconds; later blocks are never earlier
 * @param options - the `second` in Unix time, and the range of blocks in which to look
 * @returns the blocks with that time; undefined without one
 */
export async function findBlocksAt(
  timestampOf: (block: bigint) => Promise<bigint>,
  options: BlockRange & { readonly second: bigint },
): Promise<BlockRange | undefined> {
  const { second } = options;
  const end = options.toBlock + 1n;
  const fromBlock = await findFirst(options.fromBlock, end, async (block) => (await timestampOf(block)) >= second);
  const afterwards = await findFirst(fromBlock, end, async (block) => (await timestampOf(block)) > second);
  return fromBlock === afterwards ? undefined : { fromBlock, toBlock: afterwards - 1n };
}

/** The first block from which on `holds` is true; `end` if it never is. */
async function findFirst(start: bigint, end: bigint, holds: (block: bigint) => Promise<boolean>): Promise<bigint> {
  let [low, high] = [start, end];
  while (low < high) {
    const middle = (low + high) / 2n;
    if (await holds(middle)) high = middle;
    else low = middle + 1n;
  }
  return low;
}

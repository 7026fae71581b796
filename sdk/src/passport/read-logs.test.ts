import { expect } from "chai";
import { id, type Provider } from "ethers";
import { parseAddress } from "../primitives/hex.js";
import { readLogs } from "./read-logs.js";

const query = { address: parseAddress(`0x${"aa".repeat(20)}`), topic: id("Attested"), fromBlock: 0n };

interface Filter {
  readonly fromBlock: bigint;
  readonly toBlock: bigint;
}

/** A node that refuses nothing; of a log it knows no more than its block. */
const createNode = (logsAt: (block: bigint) => number) => {
  const node: Pick<Provider, "getLogs"> = {
    getLogs: async (filter) => {
      // Safety: the reading asks for ranges of blocks by their numbers.
      const { fromBlock, toBlock } = filter as Filter;
      const count = Array.from({ length: Number(toBlock - fromBlock) + 1 }, (_, index) => {
        return logsAt(fromBlock + BigInt(index));
      }).reduce((sum, logs) => sum + logs, 0);
      return Array.from({ length: count });
    },
  };
  // Safety: nothing else of the node is asked.
  return node as Provider;
};

const pageSizesOf = async (provider: Provider, options: { toBlock: bigint; expectedLogs?: bigint }) => {
  const sizes: number[] = [];
  for await (const { logs } of readLogs(provider, { ...query, ...options })) sizes.push(logs.length);
  return sizes;
};

const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);

describe("readLogs", () => {
  it("of more logs than a page should hold, asks for them page by page", async () => {
    const sizes = await pageSizesOf(
      createNode(() => 1),
      { toBlock: 49_999n, expectedLogs: 50_000n },
    );
    expect(sumOf(sizes)).to.equal(50_000);
    expect(sizes.length).to.be.within(20, 30);
    expect(Math.max(...sizes)).to.be.at.most(2_500);
  });

  it("of logs that lie close together, makes the pages there shorter, and longer behind it", async () => {
    const dense = (block: bigint) => (block >= 20_000n && block < 20_500n ? 100 : block % 500n === 0n ? 1 : 0);
    const sizes = await pageSizesOf(createNode(dense), { toBlock: 99_999n, expectedLogs: 50_200n });
    expect(sumOf(sizes)).to.equal(50_199);
    expect(sizes.filter((size) => size > 4_000).length).to.be.at.most(1);
    expect(sizes.length).to.be.below(60);
  });

  it("of a node that speaks of more logs than there are, ends after few requests", async () => {
    const sizes = await pageSizesOf(
      createNode(() => 0),
      { toBlock: 99_999n, expectedLogs: 2n ** 64n },
    );
    expect(sizes.length).to.be.below(100);
  });

  it("of few logs, or of nobody knows how many, asks once", async () => {
    for (const expected of [{}, { expectedLogs: 1_999n }]) {
      expect(
        await pageSizesOf(
          createNode(() => 1),
          { toBlock: 9_999n, ...expected },
        ),
      ).to.deep.equal([10_000]);
    }
  });
});

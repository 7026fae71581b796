import { expect } from "chai";
import type { Filter, Provider } from "ethers";
import { readingsAnchorInterface } from "../chain/contract-interfaces.js";
import { isPassportError } from "../errors/passport-error.js";
import { parseAddress } from "../primitives/hex.js";
import { readGatewayChain } from "./read-gateway-chain.js";

const BLOCKS = 1_000_000;
const readingsAnchor = parseAddress("0x000000000000000000000000000000000000a11c");
const gateway = parseAddress("0xfb6916095ca1df60bb79ce92ce3ea74c37c5d359");

/** The numbers of blocks that a node is asked for at a time, which says that a gateway has so many batches and shows none. */
const rangesAskedOfNode = async (batches: number): Promise<readonly number[]> => {
  const ranges: number[] = [];
  const node: Pick<Provider, "getBlock" | "call" | "getLogs"> = {
    // Safety: nothing else of a block is looked at.
    getBlock: async () => ({ number: BLOCKS - 1, hash: `0x${"b1".repeat(32)}`, timestamp: 1 }) as never,
    call: async () => readingsAnchorInterface.encodeFunctionResult("chainOf", [batches, `0x${"7e".repeat(27)}`]),
    getLogs: async (filter) => {
      // Safety: the reading asks for ranges of blocks by their numbers.
      const { fromBlock, toBlock } = filter as Filter;
      ranges.push(Number(toBlock) - Number(fromBlock) + 1);
      return [];
    },
  };
  // Safety: nothing else of the node is asked.
  const context = { provider: node as Provider, chainId: 421_614n, readingsAnchor };
  const code = await readGatewayChain(context, { gateway }).then(
    () => undefined,
    (error: unknown) => isPassportError(error) && error.code,
  );
  expect(code).to.equal("chain.answer-invalid");
  return ranges;
};

describe("readGatewayChain", () => {
  it("of 100,000 batches, asks for them in ranges of blocks that some 2,000 lie in", async () => {
    const ranges = await rangesAskedOfNode(100_000);
    expect(ranges[0]).to.be.within(BLOCKS / 60, BLOCKS / 50);
    expect(ranges.reduce((sum, blocks) => sum + blocks, 0)).to.equal(BLOCKS);
  });

  it("of few batches, asks once", async () => {
    expect(await rangesAskedOfNode(1_999)).to.deep.equal([BLOCKS]);
  });
});

import { expect } from "chai";
import fc from "fast-check";
import { findBlocksAt } from "./find-blocks-at.js";

describe("findBlocksAt", () => {
  it("of any chain whose time never runs backwards, finds exactly the blocks of the second", async () => {
    const chain = fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 60 }).map((steps) => {
      let time = 0;
      return steps.map((step) => {
        time += step;
        return time;
      });
    });
    await fc.assert(
      fc.asyncProperty(chain, fc.nat({ max: 190 }), async (times, second) => {
        const range = await findBlocksAt(async (block) => BigInt(times[Number(block)] ?? Number.NaN), {
          second: BigInt(second),
          fromBlock: 0n,
          toBlock: BigInt(times.length - 1),
        });
        const [first, last] = [times.indexOf(second), times.lastIndexOf(second)];
        const expected = first === -1 ? undefined : { fromBlock: BigInt(first), toBlock: BigInt(last) };
        expect(range).to.deep.equal(expected);
      }),
    );
  });

  it("of a billion blocks, asks for at most sixty", async () => {
    let asked = 0;
    const timestampOf = async (block: bigint) => {
      asked++;
      return block / 4n;
    };
    const range = await findBlocksAt(timestampOf, { second: 123_456_789n, fromBlock: 0n, toBlock: 1_000_000_000n });
    expect(range).to.deep.equal({ fromBlock: 493_827_156n, toBlock: 493_827_159n });
    expect(asked).to.be.at.most(60);
  });
});

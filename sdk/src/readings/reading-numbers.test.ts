import { expect } from "chai";
import { parseAddress } from "../primitives/hex.js";
import type { Reading } from "./reading.js";
import { createReadingNumbers } from "./reading-numbers.js";
import { PRODUCTS, sampleReading } from "./sample-readings.test.js";

const gateway = parseAddress("0xfb6916095ca1df60bb79ce92ce3ea74c37c5d359");
const samples = (sequences: readonly number[], changes: object = {}) =>
  sequences.map((sequence) => sampleReading({ sequence, ...changes }));

/** Numbers after these batches, and the numbers that were repeated in each of them. */
const numbersOf = (...batches: readonly (readonly Reading[])[]) => {
  const numbers = createReadingNumbers();
  const repeated = batches.map((all, index) => {
    const counted = all.filter(({ product }) => product === PRODUCTS[0]);
    const found = numbers.add({ gateway, sequence: BigInt(index + 1), all, counted });
    return all.filter((reading) => found.has(reading)).map(({ sequence }) => sequence);
  });
  const findings = numbers.findings().map(({ code, reason }) => [code, reason.split("Numbers: ")[1]]);
  return { repeated, findings, gaps: numbers.gaps().map(({ first, last }) => [first, last]) };
};

describe("createReadingNumbers", () => {
  it("of numbers in any order, over several batches, finds the gaps between them and nothing repeated", () => {
    const found = numbersOf(samples([12, 10]), samples([3, 1, 2, 11]), samples([7]), samples([20]));
    expect(found).to.deep.equal({
      repeated: [[], [], [], []],
      findings: [],
      gaps: [
        [4, 6],
        [8, 9],
        [13, 19],
      ],
    });
  });

  it("of readings that are anchored again, finds them, in ranges with both batches, also where signed anew", () => {
    const signature = `0x${"5e".repeat(64)}`;
    const found = numbersOf(samples([1, 2, 3]), samples([4, 5]), samples([2, 3, 4, 6], { signature }), samples([2]));
    expect(found).to.deep.equal({
      repeated: [[], [], [2, 3, 4], [2]],
      findings: [["reading.repeated", "2 to 3 in batches 1 and 3, 4 in batches 2 and 3, 2 in batches 1 and 4."]],
      gaps: [],
    });
  });

  it("of another reading under a number that was used, says so, and that a gap stays a gap", () => {
    for (const changes of [{ value: "63.6" }, { time: "2026-11-27T15:55:47Z" }, { product: PRODUCTS[1] }]) {
      const found = numbersOf(samples([1, 3]), samples([3], changes), samples([4, 5]));
      expect(found).to.deep.equal({
        repeated: [[], [3], []],
        findings: [["reading.contradicted", "3 in batches 1 and 2."]],
        gaps: [[2, 2]],
      });
    }
  });

  it("of the same number of another sensor or gateway, finds nothing", () => {
    const numbers = createReadingNumbers();
    const of = (changes: object) => samples([1, 2], changes);
    for (const [index, changes] of [{}, { sensor: "bearing-nde" }].entries()) {
      const all = of(changes);
      expect(numbers.add({ gateway, sequence: BigInt(index + 1), all, counted: all }).size).to.equal(0);
    }
    const other = parseAddress("0x000000000000000000000000000000000000a11c");
    expect(numbers.add({ gateway: other, sequence: 1n, all: of({}), counted: of({}) }).size).to.equal(0);
    expect(numbers.findings()).to.deep.equal([]);
  });

  it("of a gateway that repeats very many, counts them all and lists the first of them", () => {
    const even = samples(Array.from({ length: 1_000 }, (_, index) => 2 * (index + 1)));
    const [finding] = numbersOf(even, even).findings;
    expect(finding?.[1]).to.match(/^2 in batches 1 and 2, .*20 in batches 1 and 2, 990 more\.$/);
  });
});

import { expect } from "chai";
import * as fc from "fast-check";
import { createSeenSequences, MAXIMUM_RANGES } from "./seen-sequences.js";

describe("createSeenSequences", () => {
  it("numbers in any order, are known exactly as a set knows them, in as few ranges as there are", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 })), (numbers) => {
        const seen = createSeenSequences();
        for (const number of numbers) seen.add(number);
        const known = new Set(numbers);
        for (let number = 1; number <= 60; number++) expect(seen.has(number)).to.equal(known.has(number));
        const beginnings = [...known].filter((number) => !known.has(number - 1));
        expect(seen.ranges().length).to.equal(beginnings.length);
        const again = createSeenSequences(seen.ranges(), { floor: seen.floor() });
        for (let number = 1; number <= 60; number++) expect(again.has(number)).to.equal(known.has(number));
      }),
    );
  });

  it("more gaps than are remembered, close from below: what was seen is never forgotten", () => {
    const seen = createSeenSequences();
    for (let number = 1; number <= MAXIMUM_RANGES + 3; number++) seen.add(2 * number);
    expect(seen.ranges().length).to.equal(MAXIMUM_RANGES);
    expect(seen.floor()).to.equal(6);
    expect([1, 5, 6, 7, 8].map(seen.has)).to.deep.equal([true, true, true, false, true]);
  });
});

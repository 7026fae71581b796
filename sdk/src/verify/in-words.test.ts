import { expect } from "chai";
import { entriesInWords, listInWords, secondsInWords, timeInWords } from "./in-words.js";

describe("secondsInWords", () => {
  it("names the largest unit that fits, rounded down", () => {
    const words = [-5n, 0n, 1n, 59n, 60n, 7_199n, 86_399n, 86_400n, 200_000n].map(secondsInWords);
    expect(words).to.deep.equal([
      "0 seconds",
      "0 seconds",
      "1 second",
      "59 seconds",
      "1 minute",
      "1 hour",
      "23 hours",
      "1 day",
      "2 days",
    ]);
  });
});

describe("entriesInWords and listInWords", () => {
  it("count and join", () => {
    expect(entriesInWords([3n])).to.equal("entry 3");
    expect(entriesInWords([3n, 4n, 7n])).to.equal("entries 3, 4 and 7");
    expect(listInWords([])).to.equal("");
  });
});

describe("timeInWords", () => {
  it("writes a time, and the number where no calendar has it", () => {
    expect(timeInWords(1_795_349_280n)).to.equal("2026-11-22T12:08:00Z");
    expect(timeInWords(253_402_300_799n)).to.equal("9999-12-31T23:59:59Z");
    expect(timeInWords(253_402_300_800n)).to.equal("second 253402300800");
    expect(timeInWords(2n ** 200n)).to.equal(`second ${2n ** 200n}`);
  });
});

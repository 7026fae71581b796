import { expect } from "chai";
import { durationInWords } from "./duration-in-words.js";

describe("durationInWords", () => {
  for (const [seconds, words] of [
    [604_800n, "7 days"],
    [86_400n, "1 day"],
    [129_600n, "36 hours"],
    [5_400n, "90 minutes"],
    [604_801n, "604801 seconds"],
    [1n, "1 second"],
    [0n, "0 seconds"],
  ] as const) {
    it(`${seconds} seconds: ${words}`, () => {
      expect(durationInWords(seconds)).to.equal(words);
    });
  }
});

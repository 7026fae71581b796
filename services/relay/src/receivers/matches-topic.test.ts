import { expect } from "chai";
import { matchesTopic } from "./matches-topic.js";

const CASES: readonly (readonly [filter: string, topic: string, isMatch: boolean])[] = [
  ["plant/1/motor", "plant/1/motor", true],
  ["plant/1/motor", "plant/1/motor/x", false],
  ["plant/+/motor", "plant/1/motor", true],
  ["plant/+/motor", "plant/1/2/motor", false],
  ["plant/#", "plant/1/motor", true],
  ["plant/#", "plant", true],
  ["plant/#", "plants/1", false],
  ["#", "anything/at/all", true],
  ["#", "$SYS/broker", false],
  ["+/broker", "$SYS/broker", false],
  ["+", "", true],
  ["plant/+", "plant", false],
];

describe("matchesTopic", () => {
  for (const [filter, topic, isMatch] of CASES) {
    it(`${filter} and ${topic || "an empty topic"}, ${isMatch ? "fit" : "do not fit"}`, () => {
      expect(matchesTopic(filter, topic)).to.equal(isMatch);
    });
  }
});

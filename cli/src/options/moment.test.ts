import { expect } from "chai";
import { InvalidArgumentError } from "commander";
import { parseDuration, parseMoment } from "./moment.js";

const now = () => BigInt(Math.floor(Date.now() / 1_000));

describe("parseMoment", () => {
  it("of a time in UTC is that time", () => {
    expect(parseMoment("2026-12-24T12:00:00Z")).to.equal(1_798_113_600n);
  });

  for (const [text, seconds] of [
    ["30d", 2_592_000n],
    ["12h", 43_200n],
    ["-2h", -7_200n],
  ] as const) {
    it(`of the duration ${text} is that long from now`, () => {
      const before = now();
      const moment = parseMoment(text);
      expect(moment >= before + seconds && moment <= now() + seconds).to.equal(true);
    });
  }

  // A number alone could be seconds, days or a year: it is refused rather than guessed.
  for (const text of [
    "",
    "30",
    "tomorrow",
    "2026-12-24",
    "2026-12-24T12:00:00+01:00",
    "1e9d",
    "NaNd",
    "9".repeat(30),
  ]) {
    it(`of ${JSON.stringify(text)} is refused`, () => {
      expect(() => parseMoment(text)).to.throw(InvalidArgumentError, "expected a time such as");
    });
  }
});

describe("parseDuration", () => {
  it("of a number with a unit is that many milliseconds", () => {
    expect(parseDuration("10m")).to.equal(600_000);
    expect(parseDuration("0s")).to.equal(0);
  });

  for (const text of ["", "10", "-2h", "soon", "10 parsecs"]) {
    it(`of ${JSON.stringify(text)} is refused`, () => {
      expect(() => parseDuration(text)).to.throw(InvalidArgumentError, "expected a duration such as");
    });
  }
});

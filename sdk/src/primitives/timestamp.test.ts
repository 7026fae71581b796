import { expect } from "chai";
import fc from "fast-check";
import { parseTimestamp, timestampOf, unixSecondsOf } from "./timestamp.js";

describe("parseTimestamp", () => {
  it("accepts a time in UTC to the second", () => {
    expect(parseTimestamp("2024-02-29T23:59:59Z")).to.equal("2024-02-29T23:59:59Z");
  });

  it("refuses every other spelling of a time, and dates there are not", () => {
    for (const value of [
      "2026-11-22T13:08:00+00:00",
      "2026-11-22T13:08:00.000Z",
      "2026-11-22T13:08Z",
      "2026-11-22t13:08:00z",
      "2026-11-22",
      "2025-02-29T00:00:00Z",
      "2026-11-22T24:00:00Z",
      1_700_000_000,
    ]) {
      expect(() => parseTimestamp(value, { field: "issuedAt" }), String(value)).to.throw("issuedAt is not valid");
    }
  });
});

describe("timestampOf and unixSecondsOf", () => {
  it("agree with known times", () => {
    expect(timestampOf(0n)).to.equal("1970-01-01T00:00:00Z");
    expect(timestampOf(253_402_300_799n)).to.equal("9999-12-31T23:59:59Z");
    expect(unixSecondsOf(parseTimestamp("2001-09-09T01:46:40Z"))).to.equal(1_000_000_000n);
  });

  it("are each other's inverse", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 253_402_300_799n }), (seconds) => {
        expect(unixSecondsOf(timestampOf(seconds))).to.equal(seconds);
      }),
    );
  });

  it("refuse seconds that RFC 3339 cannot write", () => {
    for (const seconds of [-1n, 253_402_300_800n, 2n ** 64n])
      expect(() => timestampOf(seconds)).to.throw("unixSeconds");
  });
});

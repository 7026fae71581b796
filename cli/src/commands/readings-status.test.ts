import { expect } from "chai";
import { readingsStatus } from "./readings-status.js";

describe("readingsStatus", () => {
  const statusOf = (
    codes: readonly string[],
    batches: readonly ("valid" | "unknown" | "invalid")[] = [],
    pairings: "valid" | "unknown" | "invalid" = "valid",
  ) =>
    readingsStatus({
      pairings: { status: pairings },
      batches: batches.map((status) => ({ status })),
      findings: codes.map((code) => ({ code })),
    });

  it("of readings that are complete, also if some were anchored again, is valid", () => {
    expect(statusOf([], ["valid"])).to.equal("valid");
    expect(statusOf(["pairing.repeated", "reading.repeated"], ["valid"])).to.equal("valid");
  });

  it("of a chain or a batch that could not be read, is unknown", () => {
    expect(statusOf(["chain.unreachable"])).to.equal("unknown");
    expect(statusOf([], ["valid", "unknown"])).to.equal("unknown");
    expect(statusOf([], [], "unknown")).to.equal("unknown");
  });

  it("of two readings under one number, or a batch that contradicts itself, is invalid, whatever else is missing", () => {
    expect(statusOf(["chain.unreachable", "reading.contradicted"])).to.equal("invalid");
    expect(statusOf([], ["invalid", "unknown"])).to.equal("invalid");
  });
});

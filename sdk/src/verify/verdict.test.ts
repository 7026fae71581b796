import { expect } from "chai";
import { verdictOf, verdictOnMissing, worstStatus } from "./verdict.js";
import { verdictCatalogue } from "./verdict-catalogue.js";

describe("verdictOf", () => {
  it("fills the values into the reason and takes the status from the catalogue", () => {
    const verdict = verdictOf("history.incomplete", { entryCount: 5n, sequence: 3n });
    expect(verdict.status).to.equal("unknown");
    expect(verdict.reason).to.match(/^The passport has 5 entries, but entry 3 was not found\./);
    expect(verdict.values).to.deep.equal({ entryCount: 5n, sequence: 3n });
  });

  it("compiles only with the values that the reason speaks of", () => {
    // @ts-expect-error: the sequence is missing
    expect(verdictOf("history.incomplete", { entryCount: 5n }).reason).to.contain("undefined");
  });
});

describe("verdictOnMissing", () => {
  it("is unknown, with the code of the error", () => {
    const verdict = verdictOnMissing({ status: "missing", code: "chain.unreachable", problem: "It is down." });
    expect(verdict).to.deep.include({
      status: "unknown",
      code: "chain.unreachable",
      reason: "It could not be found out: It is down.",
    });
  });
});

describe("worstStatus", () => {
  it("of several, is the worst; what did not apply does not count", () => {
    expect(worstStatus(["valid", "unknown", "invalid"])).to.equal("invalid");
    expect(worstStatus(["valid", "notApplicable", "unknown"])).to.equal("unknown");
    expect(worstStatus(["notApplicable", "valid"])).to.equal("valid");
    expect(worstStatus([])).to.equal("notApplicable");
  });
});

describe("verdictCatalogue", () => {
  it("has dotted codes and reasons in whole sentences", () => {
    for (const [code, { reason }] of Object.entries(verdictCatalogue)) {
      expect(code).to.match(/^[a-z]+\.[a-z-]+$/);
      expect(reason, code).to.match(/^[A-Z{].*[.}]$/);
    }
  });
});

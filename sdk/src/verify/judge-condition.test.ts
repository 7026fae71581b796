import { expect } from "chai";
import { parseHex } from "../primitives/hex.js";
import { CONDITIONS, evidenceOf, gathered, OUTAGE } from "./honest-evidence.test.js";
import { judgeCondition } from "./judge-condition.js";

const honest = evidenceOf();
const withCondition = (condition: bigint) => ({ ...honest, state: gathered({ ...honest.state.value, condition }) });
const { issued, locked, stolen, retired, superseded, inService, recalled } = CONDITIONS;

describe("judgeCondition", () => {
  it("of a product in service, says so and finds nothing", () => {
    const verdict = judgeCondition(honest);
    expect(verdict).to.include({ status: "valid", code: "condition.clear" });
    expect(verdict.details).to.deep.equal({
      bits: issued | inService,
      inWords: ["ISSUED", "IN_SERVICE"],
      findings: [],
    });
  });

  for (const [name, bit] of Object.entries({ locked, stolen, retired, superseded, recalled })) {
    it(`of a product that is ${name}, is valid, because true, and a finding`, () => {
      const verdict = judgeCondition(withCondition(issued | bit));
      expect(verdict).to.include({ status: "valid", code: "condition.notable" });
      expect(verdict.details.findings?.map(({ code }) => code)).to.deep.equal([`condition.${name}`]);
    });
  }

  it("of a word that is the brand's own, is valid and no longer says that nothing speaks against the product", () => {
    const names = { ...honest.manager.value.names, conditions: new Map([[0x0800n, "QUARANTINED"]]) };
    const manager = gathered({ ...honest.manager.value, names });
    const verdict = judgeCondition({ ...withCondition(issued | 0x0800n), manager });
    expect(verdict).to.include({ status: "valid", code: "condition.notable" });
    expect(verdict.details.findings?.map(({ code }) => code)).to.deep.equal(["condition.unfamiliar"]);
    expect(verdict.reason).to.include("QUARANTINED").and.not.to.include("Nothing of that");
  });

  it("of a bit that the manufacturer does not name, is unknown, for it may be a recall, and finds it in hex", () => {
    const verdict = judgeCondition(withCondition(issued | 0x0400n));
    expect(verdict).to.include({ status: "unknown", code: "condition.unnamed" });
    expect(verdict.details.inWords).to.deep.equal(["ISSUED", "0x400"]);
    expect(verdict.details.findings?.map(({ code }) => code)).to.deep.equal(["condition.unnamed"]);
  });

  it("without the manufacturer's names, is unknown where a brand's bit may be a recall, else valid", () => {
    const nameless = { ...withCondition(issued | recalled), manager: OUTAGE };
    expect(judgeCondition(nameless)).to.include({ status: "unknown", code: "chain.unreachable" });
    expect(judgeCondition({ ...withCondition(issued), manager: OUTAGE }).status).to.equal("valid");
  });

  it("without the state, is unknown with the error's code", () => {
    expect(judgeCondition({ ...honest, state: OUTAGE })).to.include({ status: "unknown", code: "chain.unreachable" });
  });

  it("of an address without a passport, judges nothing", () => {
    expect(judgeCondition({ ...honest, code: parseHex("0x") }).status).to.equal("notApplicable");
  });
});

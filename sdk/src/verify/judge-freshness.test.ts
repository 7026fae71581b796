import { expect } from "chai";
import { evidenceOf, NOW, OUTAGE } from "./honest-evidence.test.js";
import { judgeFreshness } from "./judge-freshness.js";

const honest = evidenceOf();
const options = { now: NOW, maximumAgeSeconds: 3_600n };
const withTimestamp = (timestamp: bigint) => ({ ...honest, block: { ...honest.block, timestamp } });

describe("judgeFreshness", () => {
  it("of a block of seconds ago, is valid and says how final block and last entry are", () => {
    const verdict = judgeFreshness(honest, options);
    expect(verdict).to.include({ status: "valid", code: "freshness.current" });
    expect(verdict.reason).to.equal("Read 10 seconds after the last block, number 200. The last entry is final.");
    expect(verdict.details).to.deep.include({ ageSeconds: 10n, blockLevel: "sequenced", lastEntryLevel: "finalized" });
  });

  for (const [finality, level] of [
    [{ safe: 150n, finalized: 103n }, "safe"],
    [{ safe: 104n, finalized: 103n }, "safe"],
    [{ safe: 103n, finalized: 102n }, "sequenced"],
    [{ safe: undefined, finalized: undefined }, "sequenced"],
    [{ safe: undefined, finalized: 104n }, "finalized"],
  ] as const) {
    it(`of a last entry in block 104 with ${finality.safe} safe and ${finality.finalized} finalized, calls it ${level}`, () => {
      expect(judgeFreshness({ ...honest, finality }, options).details.lastEntryLevel).to.equal(level);
    });
  }

  it("of an old block, is unknown: the node may hide what came later", () => {
    expect(judgeFreshness(withTimestamp(NOW - 3_600n), options).status).to.equal("valid");
    const verdict = judgeFreshness(withTimestamp(NOW - 3_601n), options);
    expect(verdict).to.include({ status: "unknown", code: "freshness.stale" });
    expect(verdict.values).to.deep.equal({ age: "1 hour" });
  });

  it("of a block in the future, is unknown beyond what Arbitrum's sequencer may do", () => {
    expect(judgeFreshness(withTimestamp(NOW + 3_600n), options).status).to.equal("valid");
    expect(judgeFreshness(withTimestamp(NOW + 3_601n), options)).to.include({
      status: "unknown",
      code: "freshness.ahead",
    });
  });

  it("without the entries, judges the block alone", () => {
    const verdict = judgeFreshness({ ...honest, entries: OUTAGE }, options);
    expect(verdict.status).to.equal("valid");
    expect(verdict.details.lastEntryLevel).to.equal(undefined);
  });
});

import { isDeepStrictEqual } from "node:util";
import { expect } from "chai";
import fc from "fast-check";
import type { RecordedEntry } from "../passport/decode-attested.js";
import { eventTypeOf } from "../primitives/event-type.js";
import { parseBytes32, parseDigest, parseHex } from "../primitives/hex.js";
import { addressOf, evidenceOf, evidenceWithEntries, gathered, OUTAGE } from "./honest-evidence.test.js";
import { judgeHistory } from "./judge-history.js";

const honest = evidenceOf();
const entries: readonly RecordedEntry[] = honest.entries.value;
const showing = (shown: readonly RecordedEntry[]) => judgeHistory({ ...honest, entries: gathered(shown) });
const withState = (change: Partial<typeof honest.state.value>) =>
  judgeHistory({ ...honest, state: gathered({ ...honest.state.value, ...change }) });
const renumbered = (shown: readonly RecordedEntry[]) =>
  shown.map((entry, index) => ({ ...entry, sequence: BigInt(index + 1) }));

describe("judgeHistory", () => {
  it("of the whole true history, is valid", () => {
    const verdict = judgeHistory(honest);
    expect(verdict.code).to.equal("history.proven");
    expect(verdict.details).to.deep.equal({ entryCount: 5n, head: honest.state.value.head });
  });

  it("in an outage of state or entries, is unknown with the error's code", () => {
    for (const part of ["state", "entries"]) {
      expect(judgeHistory({ ...honest, [part]: OUTAGE })).to.include({ status: "unknown", code: "chain.unreachable" });
    }
  });

  it("of entries of which the last, the first or one between is missing, is unknown and names it", () => {
    for (const missing of [1n, 3n, 5n]) {
      const verdict = showing(entries.filter(({ sequence }) => sequence !== missing));
      expect(verdict).to.include({ status: "unknown", code: "history.incomplete" });
      expect(verdict.values).to.include({ sequence: missing });
    }
  });

  it("of no entries, is unknown if the passport has some, and invalid if it has none", () => {
    expect(showing([]).code).to.equal("history.incomplete");
    const empty = { ...honest, entries: gathered([]), state: gathered({ ...honest.state.value, entryCount: 0n }) };
    expect(judgeHistory(empty)).to.include({ status: "invalid", code: "history.empty" });
  });

  const forgeries: Readonly<Record<string, readonly RecordedEntry[]>> = {
    "two entries swapped": renumbered([0, 2, 1, 3, 4].flatMap((index) => entries[index] ?? [])),
    "an entry replaced by its double": renumbered([0, 1, 1, 3, 4].flatMap((index) => entries[index] ?? [])),
    "a maintenance made up instead of the last": entries.map((entry) =>
      entry.sequence === 5n ? { ...entry, attester: addressOf("nobody") } : entry,
    ),
    "the entries of another passport": evidenceOf({
      productId: "https://id.weg.example/01/09521234543213/21/W22-000002",
      entries: [{ type: "MANUFACTURED", attester: addressOf("manager"), roles: 0n }],
    }).entries.value.concat(entries.slice(1)),
  };
  for (const [forgery, shown] of Object.entries(forgeries)) {
    it(`of ${forgery}, is invalid`, () => {
      expect(showing(shown)).to.include({ status: "invalid", code: "history.head-differs" });
    });
  }

  it("of more entries than the passport counts, is invalid", () => {
    const last = entries.slice(-1).map((entry) => ({ ...entry, sequence: 6n }));
    expect(showing([...entries, ...last])).to.include({ status: "invalid", code: "history.surplus" });
  });

  it("of a head that the node made up, is invalid", () => {
    expect(withState({ head: parseBytes32(`0x${"1".repeat(64)}`) }).code).to.equal("history.head-differs");
  });

  it("of the true history on another chain, is invalid: each chain has its own heads", () => {
    expect(judgeHistory({ ...honest, chainId: 1n }).code).to.equal("history.head-differs");
  });

  it("of an owner, condition or time that the node made up, is invalid and names the field", () => {
    for (const [change, field] of [
      [{ owner: addressOf("thief") }, "owner"],
      [{ condition: 1n }, "condition"],
      [{ lastRecordedAt: 1n }, "time"],
    ] as const) {
      const verdict = withState(change);
      expect(verdict).to.include({ status: "invalid", code: "history.state-differs" });
      expect(verdict.values).to.include({ field });
    }
  });

  it("of entries that lead to the head but that no passport records, is invalid", () => {
    const resold = evidenceWithEntries((list) =>
      list.map((entry) => (entry.sequence === 5n ? { ...entry, owner: addressOf("thief") } : entry)),
    );
    expect(judgeHistory(resold)).to.include({
      status: "invalid",
      code: "history.rule-broken",
      reason: "No passport would have recorded entry 5: only a sale changes the owner.",
    });
  });

  it("of any change of any field of any entry, is never valid", () => {
    const word = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
    const hex = (length: number) =>
      fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => Buffer.from(bytes).toString("hex"));
    const change: fc.Arbitrary<Partial<RecordedEntry>> = fc.oneof(
      fc.record({ sequence: word }),
      fc.record({ roles: word }),
      fc.record({ recordedAt: word }),
      fc.record({ condition: word }),
      fc.record({ attester: hex(20).map(addressOf) }),
      fc.record({ owner: hex(20).map(addressOf) }),
      fc.record({ document: hex(32).map((digits) => parseDigest(`0x${digits}`)) }),
      fc.record({ eventType: fc.constantFrom("STOLEN", "RECALLED", "REVOKED").map((name) => eventTypeOf(name)) }),
    );
    fc.assert(
      fc.property(fc.nat({ max: entries.length - 1 }), change, (position, changed) => {
        fc.pre(!isDeepStrictEqual({ ...entries[position], ...changed }, { ...entries[position] }));
        const shown = entries.map((entry, index) => (index === position ? { ...entry, ...changed } : entry));
        expect(showing(shown).status).not.to.equal("valid");
      }),
    );
  });

  it("of any other order or selection of the entries, is never valid", () => {
    const selection = fc.array(fc.nat({ max: entries.length - 1 }), { maxLength: 7 });
    fc.assert(
      fc.property(selection, fc.boolean(), (indices, renumber) => {
        fc.pre(indices.join() !== "0,1,2,3,4");
        const selected = indices.flatMap((index) => entries[index] ?? []);
        expect(showing(renumber ? renumbered(selected) : selected).status).not.to.equal("valid");
      }),
    );
  });

  it("of an address without a passport, judges nothing", () => {
    expect(judgeHistory({ ...honest, code: parseHex("0x") }).status).to.equal("notApplicable");
  });
});

import { expect } from "chai";
import { eventTypeOf } from "../primitives/event-type.js";
import { type Address, parseHex } from "../primitives/hex.js";
import {
  addressOf,
  CONDITIONS,
  continued,
  evidenceOf,
  evidenceWithEntries,
  gathered,
  MOTOR,
  NOW,
  OUTAGE,
  ROLES,
  type SampleEntry,
} from "./honest-evidence.test.js";
import { judgeAuthority } from "./judge-authority.js";
import { openDocuments } from "./open-documents.js";

type Evidence = Omit<ReturnType<typeof evidenceOf>, "documents"> & Parameters<typeof openDocuments>[0];

const technician = addressOf("technician");
const judge = (evidence: Evidence) => judgeAuthority(evidence, openDocuments(evidence));

/** The motor's evidence after its manager reported a stolen key. */
const withStolenKey = (attester: Address, compromisedSince: bigint, evidence = evidenceOf()): Evidence => {
  const standings = new Map(evidence.manager.value.standings).set(attester, { revokedAt: NOW, compromisedSince });
  return { ...evidence, manager: gathered({ ...evidence.manager.value, standings }) };
};

/** An entry of the technician changed, on a chain where it was recorded so. */
const withEntry = (sequence: bigint, change: object): Evidence =>
  evidenceWithEntries((entries) =>
    entries.map((entry) => (entry.sequence === sequence ? { ...entry, ...change } : entry)),
  );

describe("judgeAuthority", () => {
  it("of an honest history, is valid and names the roles", () => {
    const verdict = judge(evidenceOf());
    expect(verdict.code).to.equal("authority.on-record");
    expect(verdict.details.roles).to.deep.equal([[], ["CERTIFIER"], ["OWNER"], ["TECHNICIAN"], ["TECHNICIAN"]]);
  });

  it("in an outage of entries or manager, is unknown with the error's code", () => {
    for (const part of ["entries", "manager"]) {
      expect(judge({ ...evidenceOf(), [part]: OUTAGE })).to.include({ status: "unknown", code: "chain.unreachable" });
    }
  });

  it("of an attester who was revoked later, is valid: what is recorded stays so", () => {
    const evidence = evidenceOf();
    const standings = new Map(evidence.manager.value.standings);
    standings.set(technician, { revokedAt: NOW, compromisedSince: undefined });
    expect(judge({ ...evidence, manager: gathered({ ...evidence.manager.value, standings }) }).status).to.equal(
      "valid",
    );
  });

  it("of a stolen key, disputes the entries since then and leaves the earlier ones", () => {
    const [, , , commissioned, maintained] = evidenceOf().entries.value;
    if (commissioned === undefined || maintained === undefined) throw new Error("the motor has five entries");
    const verdict = judge(withStolenKey(technician, maintained.recordedAt));
    expect(verdict).to.include({ status: "unknown", code: "authority.disputed" });
    expect(verdict.details.disputes).to.deep.equal([
      { attester: technician, since: maintained.recordedAt, sequences: [5n] },
    ]);
    expect(verdict.reason).to.match(/lost control of its key at .*, says the manufacturer, which disputes entry 5\.$/);
    expect(verdict.details.findings?.map(({ code }) => code)).to.deep.equal(["authority.disputed"]);
    const both = judge(withStolenKey(technician, commissioned.recordedAt));
    expect(both.details.disputes?.[0]?.sequences).to.deep.equal([4n, 5n]);
    expect(judge(withStolenKey(technician, maintained.recordedAt + 1n)).status).to.equal("valid");
  });

  it("of an owner whose key the manufacturer calls stolen, disputes nothing: it must not freeze property", () => {
    const theft: SampleEntry = {
      type: "STOLEN",
      attester: addressOf("buyer"),
      roles: ROLES.owner,
      condition: CONDITIONS.issued | CONDITIONS.inService | CONDITIONS.stolen,
    };
    expect(judge(withStolenKey(addressOf("buyer"), 0n, evidenceOf(continued(MOTOR, theft)))).status).to.equal("valid");
  });

  it("of an owner who also held another role, disputes nothing: a role given to him must not become a snare", () => {
    const buyer = addressOf("buyer");
    const roles = ROLES.owner | ROLES.technician;
    const maintained: SampleEntry = { type: "MAINTAINED", attester: buyer, roles };
    const verdict = judge(withStolenKey(buyer, 0n, evidenceOf(continued(MOTOR, maintained))));
    expect(verdict.details.disputes).to.deep.equal([]);
    expect(verdict.status).to.equal("valid");
  });

  it("of a manager that disputes what it issued itself, disputes the first entry", () => {
    const verdict = judge(withStolenKey(addressOf("manager"), 0n));
    expect(verdict.details.disputes?.[0]?.sequences).to.deep.equal([1n]);
  });

  it("of an entry that changed the condition otherwise than its rule says, is invalid", () => {
    const verdict = judge(withEntry(5n, { condition: CONDITIONS.issued | CONDITIONS.inService | CONDITIONS.recalled }));
    expect(verdict).to.include({ status: "invalid", code: "authority.effect-differs" });
    expect(verdict.values).to.include({ actual: "ISSUED, IN_SERVICE and RECALLED", expected: "ISSUED and IN_SERVICE" });
  });

  it("of an owner's RECOVERED, which asks no manager, expects nothing but the end of the theft", () => {
    const { issued, inService, stolen, recalled } = CONDITIONS;
    const byOwner = { attester: addressOf("buyer"), roles: ROLES.owner };
    const theft = { type: "STOLEN", ...byOwner, condition: issued | inService | stolen };
    const recovery = { type: "RECOVERED", ...byOwner, condition: issued | inService, data: { remarks: "Found" } };
    const evidence = evidenceOf(continued(continued(MOTOR, theft), recovery));
    const rules = new Map(evidence.manager.value.rules);
    const rule = { roles: ROLES.owner, requires: stolen, forbids: 0n, sets: recalled, clears: stolen, pausedUntil: 0n };
    rules.set(eventTypeOf("RECOVERED"), rule);
    expect(judge({ ...evidence, manager: gathered({ ...evidence.manager.value, rules }) }).status).to.equal("valid");
  });

  it("of an entry under no role, is invalid", () => {
    expect(judge(withEntry(5n, { roles: 0n }))).to.include({ status: "invalid", code: "authority.role-missing" });
  });

  it("of what the passport records by itself, asks neither for a role nor for a rule", () => {
    const lock = { type: "LOCKED", attester: addressOf("buyer"), roles: ROLES.owner, condition: 0x103n };
    const released = evidenceWithEntries(
      (entries) =>
        entries.concat(
          entries.slice(-1).map((last) => ({ ...last, sequence: 7n, eventType: eventTypeOf("RELEASED"), roles: 0n })),
        ),
      evidenceOf(continued(MOTOR, lock)),
    );
    expect(judge(released).status).to.equal("valid");
  });

  it("of an entry under a role that has no name, or of a type without a rule, is unknown", () => {
    expect(judge(withEntry(5n, { roles: 1n << 40n })).code).to.equal("authority.role-unknown");
    expect(judge(withEntry(5n, { eventType: eventTypeOf("POLISHED") })).code).to.equal("authority.rule-unknown");
  });

  it("of an attester about whom the manager was not asked, is unknown", () => {
    const evidence = evidenceOf();
    const manager = gathered({ ...evidence.manager.value, standings: new Map() });
    expect(judge({ ...evidence, manager }).code).to.equal("authority.standing-unknown");
  });

  it("of an address without a passport, judges nothing", () => {
    expect(judge({ ...evidenceOf(), code: parseHex("0x") }).status).to.equal("notApplicable");
  });
});

describe("judgeAuthority, corrections", () => {
  const correction = (type: "CORRECTED" | "REVOKED", sequence: number, by: Partial<SampleEntry> = {}): SampleEntry => ({
    type,
    attester: technician,
    roles: ROLES.technician,
    data: { sequence, reason: "Wrong grease", ...(type === "CORRECTED" ? { correction: "Polyrex EM" } : {}) },
    ...by,
  });
  const judgeCorrection = (entry: SampleEntry) => judge(evidenceOf(continued(MOTOR, entry)));

  it("by the same attester, count and are findings", () => {
    for (const [type, kind] of [
      ["CORRECTED", "corrected"],
      ["REVOKED", "revoked"],
    ] as const) {
      const verdict = judgeCorrection(correction(type, 5));
      expect(verdict.status).to.equal("valid");
      expect(verdict.details.corrections).to.deep.equal([{ sequence: 6n, kind, target: 5n, by: "the same attester" }]);
      expect(verdict.details.findings?.map(({ code }) => code)).to.deep.equal([`authority.${kind}`]);
    }
  });

  it("by the manufacturer, count", () => {
    const byManufacturer = { attester: addressOf("plant"), roles: ROLES.manufacturer };
    const verdict = judgeCorrection(correction("REVOKED", 5, byManufacturer));
    expect(verdict.details.corrections?.[0]?.by).to.equal("the manufacturer");
    expect(verdict.details.findings?.[0]?.reason).to.equal("The manufacturer withdraws entry 5 in entry 6.");
  });

  it("by anybody else, have no effect", () => {
    const byRival = { attester: addressOf("rival"), roles: ROLES.technician };
    const verdict = judgeCorrection(correction("REVOKED", 5, byRival));
    expect(verdict.status).to.equal("valid");
    expect(verdict.details.corrections?.[0]?.by).to.equal(undefined);
    expect(verdict.details.findings).to.deep.equal([]);
  });

  it("with a stolen key, have no effect: the thief must not withdraw what the honest one recorded", () => {
    const evidence = evidenceOf(continued(MOTOR, correction("REVOKED", 4)));
    const since = evidence.entries.value[5]?.recordedAt ?? 0n;
    const verdict = judge(withStolenKey(technician, since, evidence));
    expect(verdict.details.corrections?.[0]?.by).to.equal(undefined);
    expect(verdict.details.findings?.map(({ code }) => code)).to.deep.equal(["authority.disputed"]);
  });

  it("of themselves, of later entries and of none, have no effect", () => {
    for (const sequence of [0, 6, 7, 1_000]) {
      const verdict = judgeCorrection(correction("REVOKED", sequence));
      expect(verdict.details.corrections?.[0]?.by, String(sequence)).to.equal(undefined);
    }
  });

  it("whose document is missing, are unknown: they may withdraw anything", () => {
    const evidence = evidenceOf(continued(MOTOR, correction("REVOKED", 5)));
    for (const documents of [undefined, new Map()]) {
      const verdict = judge({ ...evidence, documents });
      expect(verdict).to.include({ status: "unknown", code: "authority.correction-unreadable" });
      expect(verdict.values).to.include({ entries: "entry 6" });
    }
  });
});

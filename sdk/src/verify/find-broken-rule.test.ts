import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import type { RecordedEntry } from "../passport/decode-attested.js";
import { eventTypeOf } from "../primitives/event-type.js";
import { parseAddress, parseDigest } from "../primitives/hex.js";
import { findBrokenRule } from "./find-broken-rule.js";
import { addressOf, CONDITIONS, continued, evidenceOf, MANAGER, MOTOR, ROLES } from "./honest-evidence.test.js";

const { issued, locked, stolen, retired, superseded, inService } = CONDITIONS;
const buyer = addressOf("buyer");
const escrow = addressOf("escrow");
const technician = addressOf("technician");

const lock = { type: "LOCKED", attester: buyer, roles: ROLES.owner, condition: issued | inService | locked };
const lockedMotor = continued(MOTOR, lock);

/** What is wrong with the motor's history when another entry follows. */
const problemOf = (motor: typeof MOTOR, type: string, changes: Partial<RecordedEntry> = {}): string | undefined => {
  const entries = evidenceOf(motor).entries.value;
  const last = entries.at(-1);
  if (last === undefined) throw new Error("a motor has entries");
  const next = { ...last, sequence: last.sequence + 1n, eventType: eventTypeOf(type), ...changes };
  return findBrokenRule([...entries, next], { manager: MANAGER })?.problem;
};

const transfer = { attester: escrow, owner: escrow, roles: ROLES.owner };
const stolenMotor = continued(MOTOR, {
  type: "STOLEN",
  attester: buyer,
  roles: ROLES.owner,
  condition: issued | inService | stolen,
});

describe("findBrokenRule", () => {
  it("of an honest history, finds nothing", () => {
    expect(findBrokenRule(evidenceOf(lockedMotor).entries.value, { manager: MANAGER })).to.equal(undefined);
  });

  it("of a first entry that is not the manager's plain MANUFACTURED, names the rule", () => {
    const [first, ...later] = evidenceOf().entries.value;
    if (first === undefined) throw new Error("a motor has entries");
    for (const [change, problem] of [
      [{ eventType: eventTypeOf("MAINTAINED") }, "the first entry is MANUFACTURED"],
      [{ attester: technician }, "the first entry is made by the manager"],
      [{ roles: 1n }, "the first entry is made by the manager"],
      [{ owner: parseAddress(ZeroAddress) }, "every product has an owner"],
      [{ document: parseDigest(ZeroHash) }, "every entry names a document"],
      [{ condition: issued | inService }, "a new passport is ISSUED and nothing else"],
    ] as const) {
      expect(findBrokenRule([{ ...first, ...change }, ...later], { manager: MANAGER })).to.deep.equal({
        sequence: 1n,
        problem,
      });
    }
  });

  it("of an entry that no manager can permit, names the rule", () => {
    for (const [type, changes, problem] of [
      ["MANUFACTURED", {}, "a product is manufactured once"],
      ["MAINTAINED", { recordedAt: 1n }, "time does not run backwards"],
      ["MAINTAINED", { document: parseDigest(ZeroHash) }, "every entry names a document"],
      ["MAINTAINED", { owner: technician }, "only a sale changes the owner"],
      ["MAINTAINED", { roles: ROLES.owner }, "only the owner acts as the owner"],
      ["MAINTAINED", { condition: inService }, "no attestation changes ISSUED or LOCKED"],
      ["MAINTAINED", { condition: issued | inService | locked }, "no attestation changes ISSUED or LOCKED"],
      ["MAINTAINED", { condition: issued | stolen }, "only the owner reports a theft or its end"],
      ["MAINTAINED", { condition: issued | 0x20n }, "there are no such conditions"],
      ["MAINTAINED", { condition: issued | 0x10000n }, "there are no such conditions"],
    ] as const) {
      expect(problemOf(MOTOR, type, changes), type).to.equal(problem);
    }
  });

  it("of a product that comes back from being retired or superseded, names the rule", () => {
    for (const condition of [retired, superseded]) {
      const gone = continued(MOTOR, { type: "MAINTAINED", attester: buyer, roles: 1n, condition: issued | condition });
      expect(problemOf(gone, "MAINTAINED", { condition: issued })).to.equal("RETIRED and SUPERSEDED never go away");
    }
  });

  it("of a sale, accepts the one by the buyer and refuses every other", () => {
    expect(problemOf(MOTOR, "OWNERSHIP_TRANSFERRED", transfer)).to.equal(undefined);
    expect(problemOf(lockedMotor, "OWNERSHIP_TRANSFERRED", { ...transfer, condition: issued | inService })).to.equal(
      undefined,
    );
    for (const [motor, changes, problem] of [
      [MOTOR, { owner: escrow, roles: ROLES.owner }, "the new owner himself records that he takes over"],
      [MOTOR, { ...transfer, roles: 1n }, "the new owner himself records that he takes over"],
      [stolenMotor, transfer, "a stolen product is not sold"],
      [MOTOR, { ...transfer, condition: issued }, "a sale changes the condition in nothing but the lock"],
      [lockedMotor, transfer, "a sale changes the condition in nothing but the lock"],
    ] as const) {
      expect(problemOf(motor, "OWNERSHIP_TRANSFERRED", changes)).to.equal(problem);
    }
  });

  it("of a lock, refuses every one but the owner's on a free product", () => {
    const own = { attester: buyer, roles: ROLES.owner, condition: issued | inService | locked };
    for (const [motor, changes, problem] of [
      [MOTOR, { ...own, attester: escrow }, "only the owner locks"],
      [MOTOR, { ...own, owner: escrow }, "only a sale changes the owner"],
      [MOTOR, { ...own, condition: issued | locked }, "a lock sets LOCKED and nothing else"],
      [lockedMotor, own, "a locked or stolen product is not locked"],
      [stolenMotor, own, "a locked or stolen product is not locked"],
    ] as const) {
      expect(problemOf(motor, "LOCKED", changes)).to.equal(problem);
    }
  });

  it("of a release, accepts the one of its lock and refuses every other", () => {
    const release = { attester: escrow, roles: 0n, condition: issued | inService };
    expect(problemOf(lockedMotor, "RELEASED", release)).to.equal(undefined);
    for (const [motor, changes, problem] of [
      [
        lockedMotor,
        { ...release, document: parseDigest(`0x${"1".repeat(64)}`) },
        "a release names the document of its lock",
      ],
      [lockedMotor, { ...release, roles: 1n }, "a release is recorded under no role"],
      [lockedMotor, { ...release, owner: escrow }, "only a sale changes the owner"],
      [lockedMotor, { ...release, condition: issued }, "a release clears LOCKED and nothing else"],
      [MOTOR, release, "a release names the document of its lock"],
    ] as const) {
      expect(problemOf(motor, "RELEASED", changes)).to.equal(problem);
    }
  });

  it("of a release after the release, names the rule", () => {
    const entries = evidenceOf(lockedMotor).entries.value;
    const release = { eventType: eventTypeOf("RELEASED"), attester: escrow, roles: 0n, condition: issued | inService };
    const twice = [7n, 8n].flatMap((sequence) => entries.slice(-1).map((last) => ({ ...last, ...release, sequence })));
    expect(findBrokenRule([...entries, ...twice], { manager: MANAGER })).to.deep.equal({
      sequence: 8n,
      problem: "only a locked product is released",
    });
  });
});

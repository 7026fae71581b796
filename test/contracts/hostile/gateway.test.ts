import { expect } from "chai";
import { documentOf, NO_END, nameOf } from "../../support/contract-values.js";
import { issuePassport } from "../../support/deploy-suite.js";
import { readEntries } from "../../support/replay-head.js";
import { p256SignatoryOf, sign } from "../../support/signing.js";
import { inAnHour, loadPassport, now, ROLES, snapshotOf } from "../behaviours/deployed-suite.js";
import { expectRefusals } from "../behaviours/expect-refusals.js";

const READINGS = nameOf("READINGS");
const document = documentOf("readings");

/** A gateway with a P-256 key, granted for one motor; another motor is of the same brand and owner. */
const load = snapshotOf(async () => {
  const scene = await loadPassport();
  const { accounts, manager, passport, suite } = scene;
  const gateway = await p256SignatoryOf(suite, "gateway");
  await manager.grantKeyFor(passport, gateway.signer, ROLES.GATEWAY, 0, NO_END);
  /** Signs and submits in one go; anybody may submit. */
  const record = async (eventType = READINGS, { on = passport, of = document } = {}) => {
    const deadline = await inAnHour();
    const message = { eventType, document: of, attester: gateway.address, sequence: 0n, deadline };
    const signature = await sign(gateway, { passport: on, type: "Attestation", message });
    return on.connect(accounts.stranger).attestBySignature(message, gateway.signer, signature);
  };
  return { ...scene, gateway, record, other: await issuePassport(suite) };
});

describe("A hostile gateway cannot", () => {
  it("write on a product that it is not granted for", async () => {
    const { manager, other, record } = await load();
    await expectRefusals(other, [
      [manager, "ManufacturerManagerRoleMissing", () => record(READINGS, { on: other })],
      [manager, "ManufacturerManagerRoleMissing", () => record(nameOf("CORRECTED"), { on: other })],
    ]);
  });

  it("record anything but readings, corrections and revocations", async () => {
    const { manager, passport, record } = await load();
    const allowed = [READINGS, nameOf("CORRECTED"), nameOf("REVOKED")];
    const others = (await manager.eventTypes()).filter((type) => !allowed.includes(type));
    expect(others.length).to.equal(19);
    for (const type of others) {
      const { requires } = await manager.ruleOf(type);
      if (requires !== 1n) continue;
      await expectRefusals(passport, [[manager, "ManufacturerManagerRoleMissing", () => record(type)]]);
    }
    for (const type of allowed) await record(type);
  });

  it("be granted for every product at once", async () => {
    const { gateway, manager, passport } = await load();
    await expectRefusals(passport, [
      [
        manager,
        "ManufacturerManagerRolesNotGrantable",
        () => manager.grantKey(gateway.signer, ROLES.GATEWAY, 0, NO_END),
      ],
    ]);
  });

  it("date an entry back", async () => {
    const { passport, record } = await load();
    await record();
    expect((await readEntries(passport)).at(-1)?.recordedAt).to.equal(await now());
  });

  it("go on once its key is revoked for the product or reported as stolen, nor use what it has signed before", async () => {
    const { accounts, gateway, manager, passport } = await load();
    const deadline = await inAnHour();
    const message = { eventType: READINGS, document, attester: gateway.address, sequence: 0n, deadline };
    const signature = await sign(gateway, { passport, type: "Attestation", message });
    const submit = () => passport.connect(accounts.stranger).attestBySignature(message, gateway.signer, signature);
    await manager.revokeFor(passport, gateway.address);
    await expectRefusals(passport, [[manager, "ManufacturerManagerRoleMissing", submit]]);
    await manager.reportCompromise(gateway.address, await now());
    await expectRefusals(passport, [[manager, "ManufacturerManagerAttesterRevoked", submit]]);
  });
});

describe("A hostile gateway can", () => {
  it("record readings that are not true, under its own address", async () => {
    const { gateway, passport, record } = await load();
    await record(READINGS, { of: documentOf("invented readings") });
    expect((await readEntries(passport)).at(-1)).to.include({ attester: gateway.address, roles: ROLES.GATEWAY });
  });

  it("record as often as it finds somebody who pays, until its grant ends", async () => {
    const { manager, passport, gateway, record } = await load();
    for (const count of [1, 2, 3]) await record(READINGS, { of: documentOf(`readings ${count}`) });
    expect(await passport.entryCount()).to.equal(4n);
    await manager.revokeFor(passport, gateway.address);
    await expectRefusals(passport, [[manager, "ManufacturerManagerRoleMissing", () => record()]]);
  });
});

import { expect } from "chai";
import { documentOf, nameOf } from "../../support/contract-values.js";
import { readEntries } from "../../support/replay-head.js";
import { accountOf, sign } from "../../support/signing.js";
import { grantTo, inAnHour, now, ROLES, snapshotOf, WEG_CONDITIONS } from "../behaviours/deployed-suite.js";
import { expectRefusals } from "../behaviours/expect-refusals.js";
import { loadTwoBrands } from "../behaviours/two-brands.js";

const document = documentOf("a lie");
const MAINTAINED = nameOf("MAINTAINED");

/** A technician of WEG, who writes by transaction and signs, and a motor that he has maintained. */
const load = snapshotOf(async () => {
  const scene = await loadTwoBrands();
  const { accounts, motor, suite } = scene;
  const signatory = accountOf("technician");
  await grantTo(suite, { signatory, roles: ROLES.TECHNICIAN });
  const byTechnician = motor.connect(accounts.technician);
  await byTechnician.attest(MAINTAINED, documentOf("maintenance"));
  const message = {
    eventType: MAINTAINED,
    document,
    attester: signatory.address,
    sequence: 0n,
    deadline: await inAnHour(),
  };
  return { ...scene, signatory, byTechnician, message };
});

describe("A hostile attester cannot", () => {
  it("write under a role that he does not hold", async () => {
    const { byTechnician, manager, motor } = await load();
    await expectRefusals(
      motor,
      ["QUALITY_TESTED", "SHIPPED", "RECALLED", "READINGS", "STOLEN", "SUPERSEDED"].map((type) => [
        manager,
        "ManufacturerManagerRoleMissing",
        () => byTechnician.attest(nameOf(type), document),
      ]),
    );
    await byTechnician.attest(nameOf("INSPECTED"), document);
    expect((await readEntries(motor)).at(-1)?.roles).to.equal(ROLES.TECHNICIAN);
  });

  it("write in another's name, nor deny that he wrote", async () => {
    const { accounts, byTechnician, message, motor, signatory } = await load();
    const signature = await sign(signatory, { passport: motor, type: "Attestation", message });
    const forged = { ...message, attester: accounts.certifier.address };
    await expectRefusals(motor, [
      [motor, "AttesterSignatureInvalid", () => byTechnician.attestBySignature(forged, "0x", signature)],
    ]);
    await byTechnician.attestBySignature(message, "0x", signature);
    expect((await readEntries(motor)).at(-1)?.attester, "not who submits").to.equal(signatory.address);
  });

  it("take back or change what he wrote: a correction is one more entry", async () => {
    const { byTechnician, motor } = await load();
    const before = await readEntries(motor);
    await byTechnician.attest(nameOf("REVOKED"), document);
    await byTechnician.attest(nameOf("CORRECTED"), document);
    const entries = await readEntries(motor);
    expect(entries.slice(0, -2)).to.deep.equal(before);
    expect(entries.length).to.equal(before.length + 2);
  });

  it("write on a product of another brand", async () => {
    const { accounts, bicycle, bicycles } = await load();
    const attempt = (type: string) => () => bicycle.connect(accounts.technician).attest(nameOf(type), document);
    await expectRefusals(bicycle, [
      [bicycles, "ManufacturerManagerRoleMissing", attempt("CRASHED")],
      [bicycles, "ManufacturerManagerEventTypeUnknown", attempt("MAINTAINED")],
    ]);
  });

  it("write once he is revoked, nor use what he has signed before", async () => {
    const { accounts, byTechnician, manager, message, motor, signatory } = await load();
    const signature = await sign(signatory, { passport: motor, type: "Attestation", message });
    for (const { address } of [signatory, accounts.technician]) await manager.revoke(address);
    await expectRefusals(motor, [
      [manager, "ManufacturerManagerAttesterRevoked", () => byTechnician.attest(MAINTAINED, document)],
      [manager, "ManufacturerManagerAttesterRevoked", () => motor.attestBySignature(message, "0x", signature)],
    ]);
  });

  it("do more to the product than the rule of the event says", async () => {
    const { accounts, byTechnician, motor } = await load();
    await motor.connect(accounts.owner).lock(accounts.logistics, await inAnHour(), document);
    const { ISSUED, LOCKED, IN_SERVICE } = WEG_CONDITIONS;
    await byTechnician.attest(MAINTAINED, document);
    expect(await motor.condition()).to.equal(ISSUED | LOCKED);
    await byTechnician.attest(nameOf("COMMISSIONED"), document);
    expect(await motor.condition()).to.equal(ISSUED | LOCKED | IN_SERVICE);
    expect(await motor.owner()).to.equal(accounts.owner.address);
  });
});

describe("A hostile attester can", () => {
  it("state what is not true; the entry names him, his role and the second", async () => {
    const { accounts, byTechnician, motor } = await load();
    await byTechnician.attest(MAINTAINED, document);
    expect((await readEntries(motor)).at(-1)).to.include({
      attester: accounts.technician.address,
      roles: ROLES.TECHNICIAN,
      document,
      recordedAt: await now(),
    });
  });

  it("correct or revoke, in an entry of his own, what others wrote", async () => {
    const { accounts, motor } = await load();
    await motor.connect(accounts.certifier).attest(nameOf("CORRECTED"), document);
    expect((await readEntries(motor)).at(-1)?.attester).to.equal(accounts.certifier.address);
  });
});

import { expect } from "chai";
import { documentOf, nameOf } from "../../support/contract-values.js";
import { issuePassport } from "../../support/deploy-suite.js";
import { inAnHour, snapshotOf } from "../behaviours/deployed-suite.js";
import { expectRefusals } from "../behaviours/expect-refusals.js";
import { loadTwoBrands } from "../behaviours/two-brands.js";

const document = documentOf("an entry");

/** Two brands, both suspended by the registry's guardian. */
const load = snapshotOf(async () => {
  const scene = await loadTwoBrands();
  const { accounts, bicycles, manager, registry } = scene;
  const byGuardian = registry.connect(accounts.guardian);
  for (const suspended of [manager, bicycles]) await byGuardian.suspendIssuing(suspended);
  return { ...scene, byGuardian };
});

describe("A hostile guardian of the registry cannot", () => {
  it("hold up entries, sales, locks or reading", async () => {
    const { accounts, manager, motor } = await load();
    await motor.connect(accounts.technician).attest(nameOf("MAINTAINED"), document);
    const byOwner = motor.connect(accounts.owner);
    await byOwner.lock(accounts.logistics, await inAnHour(), document);
    await motor.connect(accounts.logistics).release();
    await byOwner.offerOwnership(accounts.buyer, document, await inAnHour());
    await motor.connect(accounts.buyer).acceptOwnership(document, await motor.head());
    expect(await motor.owner()).to.equal(accounts.buyer.address);
    expect(await motor.manager()).to.equal(await manager.getAddress());
  });

  it("admit a manufacturer or manager, list a factory, or name somebody who may", async () => {
    const { accounts, byGuardian, factory, manager, motor, registry } = await load();
    const denied = "AccessControlUnauthorizedAccount";
    await expectRefusals(motor, [
      [registry, denied, () => byGuardian.admitManufacturer("https://guardian.example/", manager)],
      [registry, denied, () => byGuardian.admitManager(1, manager)],
      [registry, denied, () => byGuardian.listFactory(factory)],
      [registry, denied, async () => byGuardian.grantRole(await registry.LISTING_ROLE(), accounts.guardian)],
    ]);
  });

  it("keep a manager suspended against the will of who admits", async () => {
    const { manager, motor, registry, suite, byGuardian } = await load();
    await expectRefusals(motor, [
      [registry, "AccessControlUnauthorizedAccount", () => byGuardian.resumeIssuing(manager)],
      [registry, "PassportRegistryIssuingSuspended", () => issuePassport(suite)],
    ]);
    await registry.resumeIssuing(manager);
    await issuePassport(suite);
  });
});

describe("A hostile guardian of the registry can", () => {
  it("stop the issuing of every manufacturer at once, until it is resumed", async () => {
    const { accounts, bicycles, motor, namespace, registry, suite } = await load();
    const issueBicycle = () => bicycles.issue(`${namespace}2`, accounts.owner, document);
    await expectRefusals(motor, [
      [registry, "PassportRegistryIssuingSuspended", () => issuePassport(suite)],
      [registry, "PassportRegistryIssuingSuspended", issueBicycle],
    ]);
    await registry.resumeIssuing(bicycles);
    await issueBicycle();
  });
});

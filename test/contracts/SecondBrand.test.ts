import { expect } from "chai";
import { network } from "hardhat";
import { CONDITIONS, documentOf, NO_END, nameOf, ROLE_OWNER } from "../support/contract-values.js";
import { deploySuite, issuePassport } from "../support/deploy-suite.js";
import { nextSecond } from "../support/next-second.js";
import { TYPES } from "../support/signing.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const { ISSUED, RETIRED, STOLEN } = CONDITIONS;
const DEALER = 1n << 0n;
const WORKSHOP = 1n << 1n;
const TRACKER = 1n << 2n;
const ROADWORTHY = 0x0100n;

const NAMESPACE = "https://id.bicycles.example/";
const BICYCLE = `${NAMESPACE}01/09521234567882/21/000001`;
const DOCUMENT = documentOf("a bicycle");

/** Both brands with a product each of the same owner; the accounts named technician and retailer serve bicycles. */
const deployed = async () => {
  const suite = await deploySuite(connection);
  const { accounts, factory, registry } = suite;
  const bicycles = await ethers.deployContract("SecondBrandManager", [
    {
      registry: await registry.getAddress(),
      factory: await factory.getAddress(),
      admin: accounts.regulator.address,
      guardian: accounts.recycler.address,
      adminDelay: 0,
    },
  ]);
  await registry.admitManufacturer(NAMESPACE, bicycles);
  const byAdmin = bicycles.connect(accounts.regulator);
  await byAdmin.setIssuingCap(10);
  await byAdmin.setIssuingLimit(accounts.retailer, 10, NO_END);
  await byAdmin.grant(accounts.retailer, DEALER, 0, NO_END);
  await byAdmin.grant(accounts.stranger, WORKSHOP, 0, NO_END);
  await bicycles.connect(accounts.retailer).issue(BICYCLE, accounts.owner, DOCUMENT);
  const bicycle = await ethers.getContractAt("DigitalPassport", await registry.passportOfProduct(BICYCLE));
  return { ...suite, bicycle, bicycles, byAdmin, motor: await issuePassport(suite) };
};

describe("SecondBrandManager", () => {
  it("issue, in its own namespace, makes a passport of the same kind with its own manager", async () => {
    const { accounts, bicycle, bicycles, motor, registry } = await loadFixture(deployed);
    expect(await bicycle.manager()).to.equal(await bicycles.getAddress());
    expect(await bicycle.productId()).to.equal(BICYCLE);
    expect(await bicycle.owner()).to.equal(accounts.owner.address);
    expect(await registry.isPassport(bicycle)).to.equal(true);
    expect(await bicycle.factory()).to.equal(await motor.factory());
  });

  it("life of a bicycle, by its own roles and rules, is recorded under them and named by it", async () => {
    const { accounts, bicycle, byAdmin } = await loadFixture(deployed);
    const { buyer, gateway, owner, retailer, stranger } = accounts;
    await byAdmin.grantFor(bicycle, gateway, TRACKER, 0, NO_END);
    for (const [attester, event, roles, condition, words] of [
      [retailer, "BUILT_UP", DEALER, ISSUED | ROADWORTHY, "ISSUED, ROADWORTHY"],
      [stranger, "TUNED", WORKSHOP, ISSUED | ROADWORTHY, "ISSUED, ROADWORTHY"],
      [gateway, "RIDDEN", TRACKER, ISSUED | ROADWORTHY, "ISSUED, ROADWORTHY"],
      [owner, "STOLEN", ROLE_OWNER, ISSUED | STOLEN | ROADWORTHY, "ISSUED, STOLEN, ROADWORTHY"],
      [owner, "RECOVERED", ROLE_OWNER, ISSUED | ROADWORTHY, "ISSUED, ROADWORTHY"],
      [stranger, "CRASHED", WORKSHOP, ISSUED, "ISSUED"],
      [owner, "SCRAPPED", ROLE_OWNER, ISSUED | RETIRED, "ISSUED, RETIRED"],
    ] as const) {
      const sequence = (await bicycle.entryCount()) + 1n;
      const previous = await bicycle.lastRecordedAt();
      const now = await nextSecond(connection);
      await expect(bicycle.connect(attester).attest(nameOf(event), DOCUMENT), event)
        .to.emit(bicycle, "Attested")
        .withArgs(sequence, nameOf(event), attester.address, roles, DOCUMENT, now, previous, owner.address, condition);
      expect(await bicycle.conditionInWords()).to.equal(words);
    }
    await bicycle.connect(owner).offerOwnership(buyer, DOCUMENT, NO_END);
    await bicycle.connect(buyer).acceptOwnership(DOCUMENT, await bicycle.head());
    expect(await bicycle.owner()).to.equal(buyer.address);
  });

  it("rules of the bicycle, refuse what they do not allow", async () => {
    const { accounts, bicycle, bicycles } = await loadFixture(deployed);
    await expect(bicycle.connect(accounts.stranger).attest(nameOf("TUNED"), DOCUMENT))
      .to.be.revertedWithCustomError(bicycles, "ManufacturerManagerConditionMissing")
      .withArgs(nameOf("TUNED"), ISSUED, ISSUED | ROADWORTHY);
    await expect(bicycle.connect(accounts.stranger).attest(nameOf("BUILT_UP"), DOCUMENT))
      .to.be.revertedWithCustomError(bicycles, "ManufacturerManagerRoleMissing")
      .withArgs(nameOf("BUILT_UP"), accounts.stranger.address, DEALER);
    await expect(bicycles.connect(accounts.regulator).grant(accounts.gateway, TRACKER, 0, NO_END))
      .to.be.revertedWithCustomError(bicycles, "ManufacturerManagerRolesNotGrantable")
      .withArgs(TRACKER);
  });

  it("role of one brand, even with the same bit, is none on the other's passport", async () => {
    const { accounts, bicycle, bicycles, manager, motor } = await loadFixture(deployed);
    // Bit 0 is MANUFACTURER to WEG and DEALER to the bicycles; bit 6 is TECHNICIAN to WEG and nothing to them.
    expect(await manager.rolesOf(motor, accounts.manufacturer)).to.equal(DEALER);
    expect(await bicycles.rolesOf(bicycle, accounts.manufacturer)).to.equal(0n);
    await expect(bicycle.connect(accounts.manufacturer).attest(nameOf("BUILT_UP"), DOCUMENT))
      .to.be.revertedWithCustomError(bicycles, "ManufacturerManagerRoleMissing")
      .withArgs(nameOf("BUILT_UP"), accounts.manufacturer.address, DEALER);
    await expect(motor.connect(accounts.stranger).attest(nameOf("MAINTAINED"), DOCUMENT))
      .to.be.revertedWithCustomError(manager, "ManufacturerManagerRoleMissing")
      .withArgs(nameOf("MAINTAINED"), accounts.stranger.address, (1n << 0n) | (1n << 6n));
  });

  it("event type of one brand, does not exist on the other's passport", async () => {
    const { accounts, bicycle, bicycles, manager, motor } = await loadFixture(deployed);
    await expect(bicycle.connect(accounts.retailer).attest(nameOf("MAINTAINED"), DOCUMENT))
      .to.be.revertedWithCustomError(bicycles, "ManufacturerManagerEventTypeUnknown")
      .withArgs(nameOf("MAINTAINED"));
    await expect(motor.connect(accounts.manufacturer).attest(nameOf("TUNED"), DOCUMENT))
      .to.be.revertedWithCustomError(manager, "ManufacturerManagerEventTypeUnknown")
      .withArgs(nameOf("TUNED"));
  });

  it("manager of one brand, issues nothing in the other's namespace", async () => {
    const { accounts, bicycles, manager, registry } = await loadFixture(deployed);
    const motorId = "https://id.weg.example/01/09521234567899/21/stolen";
    await expect(bicycles.connect(accounts.retailer).issue(motorId, accounts.owner, DOCUMENT))
      .to.be.revertedWithCustomError(registry, "PassportRegistryNamespaceForeign")
      .withArgs(motorId, await bicycles.getAddress());
    const bicycleId = `${NAMESPACE}stolen`;
    await expect(manager.connect(accounts.issuer).issue(bicycleId, accounts.owner, DOCUMENT))
      .to.be.revertedWithCustomError(registry, "PassportRegistryNamespaceForeign")
      .withArgs(bicycleId, await manager.getAddress());
  });

  it("administrator of one brand, grants and revokes nothing for the other's passport", async () => {
    const { accounts, bicycle, bicycles, byAdmin, manager, motor } = await loadFixture(deployed);
    await expect(byAdmin.grantFor(motor, accounts.stranger, WORKSHOP, 0, NO_END))
      .to.be.revertedWithCustomError(bicycles, "ManufacturerManagerPassportForeign")
      .withArgs(await motor.getAddress());
    await expect(manager.revokeFor(bicycle, accounts.retailer))
      .to.be.revertedWithCustomError(manager, "ManufacturerManagerPassportForeign")
      .withArgs(await bicycle.getAddress());
    await expect(bicycles.connect(accounts.admin).grant(accounts.stranger, DEALER, 0, NO_END))
      .to.be.revertedWithCustomError(bicycles, "AccessControlUnauthorizedAccount")
      .withArgs(accounts.admin.address, await bicycles.DEFAULT_ADMIN_ROLE());
  });

  it("owner of both, grants with one manager nothing for the other's passport", async () => {
    const { accounts, bicycle, bicycles, manager, motor } = await loadFixture(deployed);
    await bicycles.connect(accounts.owner).grantFor(bicycle, accounts.buyer, WORKSHOP, 0, NO_END);
    await expect(bicycles.connect(accounts.owner).grantFor(motor, accounts.buyer, WORKSHOP, 0, NO_END))
      .to.be.revertedWithCustomError(bicycles, "ManufacturerManagerPassportForeign")
      .withArgs(await motor.getAddress());
    expect(await manager.rolesOf(motor, accounts.buyer)).to.equal(0n);
  });

  it("revocation and pause by one brand, end nothing with the other", async () => {
    const { accounts, bicycle, byAdmin, bicycles, manager, motor } = await loadFixture(deployed);
    await manager.grant(accounts.stranger, 1n << 6n, 0, NO_END);
    await byAdmin.revoke(accounts.stranger);
    await motor.connect(accounts.stranger).attest(nameOf("MAINTAINED"), DOCUMENT);
    await expect(bicycle.connect(accounts.stranger).attest(nameOf("CRASHED"), DOCUMENT)).to.be.revertedWithCustomError(
      bicycles,
      "ManufacturerManagerAttesterRevoked",
    );
    await expect(bicycles.connect(accounts.guardian).pause(nameOf("BUILT_UP"), (await time.latest()) + 60))
      .to.be.revertedWithCustomError(bicycles, "AccessControlUnauthorizedAccount")
      .withArgs(accounts.guardian.address, await bicycles.GUARDIAN_ROLE());
  });

  it("suspension of one brand, stops no issuing of the other", async () => {
    const suite = await loadFixture(deployed);
    const { accounts, bicycles, registry } = suite;
    await registry.connect(accounts.guardian).suspendIssuing(bicycles);
    await issuePassport(suite);
    await expect(bicycles.connect(accounts.retailer).issue(`${NAMESPACE}2`, accounts.owner, DOCUMENT))
      .to.be.revertedWithCustomError(registry, "PassportRegistryIssuingSuspended")
      .withArgs(await bicycles.getAddress());
  });

  it("signature for one passport, is none on the other", async () => {
    const { accounts, bicycle, motor } = await loadFixture(deployed);
    const attestation = {
      eventType: nameOf("STOLEN"),
      document: DOCUMENT,
      attester: accounts.owner.address,
      sequence: 2n,
      deadline: NO_END,
    };
    const { chainId } = await ethers.provider.getNetwork();
    const signature = await accounts.owner.signTypedData(
      { name: "DigitalPassport", version: "1", chainId, verifyingContract: await motor.getAddress() },
      { Attestation: TYPES.Attestation },
      attestation,
    );
    await expect(bicycle.attestBySignature(attestation, "0x", signature))
      .to.be.revertedWithCustomError(bicycle, "AttesterSignatureInvalid")
      .withArgs(accounts.owner.address, await bicycle.attestationDigest(attestation));
    await motor.attestBySignature(attestation, "0x", signature);
    expect(await motor.condition()).to.equal(ISSUED | STOLEN);
    expect(await bicycle.condition()).to.equal(ISSUED);
  });
});

import { expect } from "chai";
import { id, Wallet } from "ethers";
import { network } from "hardhat";
import { accountAttester, eventTypeName, parseAddress } from "../../sdk/src/index.js";
import { NO_END } from "../support/contract-values.js";
import { deploySuite, WEG_NAMESPACE } from "../support/deploy-suite.js";
import { refusalOf, SAMPLE_MAINTENANCE, sdkOn } from "../support/sdk-clients.js";

const connection = await network.create();
const { loadFixture, time } = connection.networkHelpers;

const OTHER_NAMESPACE = "https://id.other.example/";

const deployed = async () => {
  const sdk = await sdkOn(await deploySuite(connection));
  const { admin, guardian, issuer, stranger } = sdk.suite.accounts;
  return {
    ...sdk,
    admin: sdk.clientOf(admin),
    guardian: sdk.clientOf(guardian),
    stranger: sdk.clientOf(stranger),
    issuer: issuer.address,
    manager: parseAddress(await sdk.suite.manager.getAddress()),
    factory: parseAddress(await sdk.suite.factory.getAddress()),
  };
};

/** Another manager of the same kind, not admitted. */
const deployManager = async ({ suite }: Awaited<ReturnType<typeof deployed>>) => {
  const { admin, guardian } = suite.accounts;
  const { factory, registry } = suite;
  const options = { registry, factory, admin: admin.address, guardian: guardian.address, adminDelay: 0 };
  return await (await connection.ethers.deployContract("WEGManager", [options])).getAddress();
};

describe("administration of the registry", () => {
  it("readRegistry and readAdmission: what is listed and admitted", async () => {
    const { admin, factory, manager, stranger, suite } = await loadFixture(deployed);
    const { factories, manufacturers } = await stranger.readRegistry();
    const implementationCodeHash = await suite.registry.implementationCodeHashOf(factory);
    expect(factories).to.deep.equal([{ factory, implementationCodeHash }]);
    expect(manufacturers).to.deep.equal([{ manufacturerId: 1n, namespace: WEG_NAMESPACE }]);
    const admission = { manufacturerId: 1n, namespace: WEG_NAMESPACE, isSuspended: false };
    expect(await admin.readAdmission({ manager })).to.deep.equal(admission);
    expect(await admin.readAdmission({ manager: factory })).to.equal(undefined);
  });

  it("admitManufacturer and admitManager: a namespace of its own, and a second manager for it", async () => {
    const scene = await loadFixture(deployed);
    const { admin } = scene;
    const [first, second] = [await deployManager(scene), await deployManager(scene)];
    const { result } = await (await admin.admitManufacturer({ namespace: OTHER_NAMESPACE, manager: first })).send();
    expect(result).to.deep.equal({ manufacturerId: 2n, namespace: OTHER_NAMESPACE });
    const joined = await (await admin.admitManager({ manufacturerId: 2n, manager: second })).send();
    expect(joined.result).to.deep.equal({ manufacturerId: 2n, manager: second });
    expect((await admin.readAdmission({ manager: second }))?.namespace).to.equal(OTHER_NAMESPACE);
    const error = await refusalOf((await admin.admitManager({ manufacturerId: 1n, manager: second })).send());
    expect(error.code).to.equal("contract.passport-registry-manager-admitted");
  });

  it("admitManufacturer by somebody without the office, or with a namespace that is none: refused", async () => {
    const scene = await loadFixture(deployed);
    const { admin, stranger } = scene;
    const manager = await deployManager(scene);
    const error = await refusalOf((await stranger.admitManufacturer({ namespace: OTHER_NAMESPACE, manager })).send());
    expect(error.message).to.include("does not hold ADMISSION_ROLE");
    const malformed = await refusalOf(admin.admitManufacturer({ namespace: "http://id.other.example/", manager }));
    expect(malformed.code).to.equal("identifier.namespace");
  });

  it("listFactory and setFactory: issuing goes on with the other factory", async () => {
    const { admin, issueMotor, suite } = await loadFixture(deployed);
    const contract = await connection.ethers.deployContract("DigitalPassportFactory", [suite.registry]);
    const factory = await contract.getAddress();
    const early = await refusalOf((await admin.setFactory({ factory })).send());
    expect(early.code).to.equal("contract.manufacturer-manager-factory-not-listed");
    const { result } = await (await admin.listFactory({ factory })).send();
    expect(result).to.include({ factory, implementation: await contract.implementation() });
    expect((await (await admin.setFactory({ factory })).send()).result).to.deep.equal({ factory });
    const { passport } = await issueMotor();
    const motor = await connection.ethers.getContractAt("DigitalPassport", passport);
    expect(await motor.factory()).to.equal(factory);
  });

  it("suspendIssuing and resumeIssuing: nothing is issued in between", async () => {
    const { admin, guardian, issueMotor, manager, suite } = await loadFixture(deployed);
    const { result } = await (await guardian.suspendIssuing({ manager })).send();
    expect(result).to.deep.equal({ manager, guardian: suite.accounts.guardian.address });
    expect((await admin.readAdmission({ manager }))?.isSuspended).to.equal(true);
    expect((await refusalOf(issueMotor())).code).to.equal("contract.passport-registry-issuing-suspended");
    expect((await (await admin.resumeIssuing({ manager })).send()).result).to.deep.equal({ manager });
    await issueMotor();
  });
});

describe("administration by OpenZeppelin's access control", () => {
  for (const contract of ["registry", "manager"] as const) {
    it(`of the ${contract}: an office is given and taken`, async () => {
      const { admin, stranger, suite } = await loadFixture(deployed);
      const office = { contract, role: "GUARDIAN_ROLE", account: suite.accounts.stranger.address } as const;
      expect(await stranger.hasAdministrativeRole(office)).to.equal(false);
      const { result } = await (await admin.grantAdministrativeRole(office)).send();
      expect(result).to.deep.equal({
        role: id("GUARDIAN_ROLE"),
        account: office.account,
        sender: suite.accounts.admin.address,
      });
      expect(await stranger.hasAdministrativeRole(office)).to.equal(true);
      await (await admin.revokeAdministrativeRole(office)).send();
      expect(await stranger.hasAdministrativeRole(office)).to.equal(false);
      const error = await refusalOf((await stranger.grantAdministrativeRole(office)).send());
      expect(error.code).to.equal("contract.access-control-unauthorized-account");
    });

    it(`of the ${contract}: handed over after the delay, not before`, async () => {
      const { admin, stranger, suite } = await loadFixture(deployed);
      const newAdministrator = suite.accounts.stranger.address;
      await (
        await admin.beginAdministratorTransfer({ contract, newAdministrator: suite.accounts.buyer.address })
      ).send();
      await (await admin.cancelAdministratorTransfer({ contract })).send();
      expect((await admin.readAdministration({ contract })).pending).to.equal(undefined);

      const { result } = await (await admin.beginAdministratorTransfer({ contract, newAdministrator })).send();
      expect((await stranger.readAdministration({ contract })).pending).to.deep.equal(result);
      const early = await refusalOf((await stranger.acceptAdministratorTransfer({ contract })).send());
      expect(early.code).to.equal("contract.access-control-enforced-default-admin-delay");
      await time.increaseTo(result.acceptableFrom + 1n);
      const accepted = await (await stranger.acceptAdministratorTransfer({ contract })).send();
      expect(accepted.result).to.include({ account: newAdministrator });
      expect((await stranger.readAdministration({ contract })).administrator).to.equal(newAdministrator);
    });
  }
});

describe("rules and limits of a manager", () => {
  it("setRule in words: who has the role records it, and the condition follows", async () => {
    const { admin, clientOf, issueMotor, suite } = await loadFixture(deployed);
    const rule = { eventType: "REWOUND", roles: ["TECHNICIAN", "OWNER"], requires: ["ISSUED"], forbids: ["RETIRED"] };
    const { result } = await (await admin.setRule({ ...rule, sets: ["IN_SERVICE"] })).send();
    expect(eventTypeName(result.eventType)).to.equal("REWOUND");
    const { passport } = await issueMotor();
    const event = { passport, eventType: "REWOUND", document: id("rewound") };
    const { result: entry } = await (await clientOf(suite.accounts.owner).attest(event)).send();
    expect(entry.condition & (await suite.manager.IN_SERVICE())).not.to.equal(0n);
    const final = await refusalOf((await admin.setRule({ ...rule, sets: ["RECALLED"] })).send());
    expect(final.code).to.equal("contract.manufacturer-manager-effect-final");
  });

  it("setRule with a role or a condition that there is not: role.unknown, condition.unknown", async () => {
    const { admin } = await loadFixture(deployed);
    const role = await refusalOf(admin.setRule({ eventType: "REWOUND", roles: ["TECHNICAN"] }));
    expect(role.code).to.equal("role.unknown");
    const condition = await refusalOf(admin.setRule({ eventType: "REWOUND", roles: [], requires: ["IN_SERVCE"] }));
    expect(condition.code).to.equal("condition.unknown");
    expect(condition.message).to.include("it knows ISSUED, LOCKED, STOLEN, RETIRED, SUPERSEDED, IN_SERVICE, RECALLED.");
  });

  it("setIssuingCap and readIssuing: limits, and what is left of them", async () => {
    const { admin, issueMotor, issuer, stranger } = await loadFixture(deployed);
    await issueMotor();
    expect((await (await admin.setIssuingCap({ perHour: 1_500 })).send()).result).to.deep.equal({ perHour: 1_500n });
    const issuing = await stranger.readIssuing({ issuer });
    expect(issuing).to.include({ perHour: 1_000n, managerPerHour: 1_500n, allottedPerHour: 1_000n, available: 999n });
    const error = await refusalOf((await admin.setIssuingCap({ perHour: 999 })).send());
    expect(error.code).to.equal("contract.manufacturer-manager-cap-exceeded");
  });

  it("setVerifier: keys of a verifier that is taken off the list can be granted nothing", async () => {
    const { admin, suite } = await loadFixture(deployed);
    const verifier = await suite.p256Verifier.getAddress();
    expect(await admin.isVerifierAccepted({ verifier })).to.equal(true);
    const { result } = await (await admin.setVerifier({ verifier, accepted: false })).send();
    expect(result).to.deep.equal({ verifier, accepted: false });
    expect(await admin.isVerifierAccepted({ verifier })).to.equal(false);
  });

  it("setOwnerGrantableRoles and readGrantableRoles: by name", async () => {
    const { admin } = await loadFixture(deployed);
    expect((await admin.readGrantableRoles()).perPassport).to.deep.equal(["GATEWAY"]);
    await (await admin.setOwnerGrantableRoles({ roles: ["RECYCLER"] })).send();
    expect((await admin.readGrantableRoles()).byOwners).to.deep.equal(["RECYCLER"]);
  });

  it("readRoles: what was granted, in words; owning is none of them", async () => {
    const { issueMotor, stranger, suite } = await loadFixture(deployed);
    const { passport } = await issueMotor();
    const { owner, technician } = suite.accounts;
    expect((await stranger.readRoles({ passport, attester: technician.address })).inWords).to.deep.equal([
      "TECHNICIAN",
    ]);
    expect((await stranger.readRoles({ passport, attester: owner.address })).inWords).to.deep.equal([]);
    expect((await stranger.readRoles({ passport, attester: suite.accounts.stranger.address })).roles).to.equal(0n);
  });

  it("setMaintenancePolicy and readMaintenancePolicy: the same policy, of a new product line", async () => {
    const { admin, manager } = await loadFixture(deployed);
    const policy = {
      inspectionIntervalHours: 1_000n,
      regreaseIntervalHours: 2_000n,
      bearingReplacementHours: 3_000n,
      maxWindingTemperature: 155n,
      maxBearingTemperature: 110n,
      maxVibration: 4_500n,
    };
    await (await admin.setMaintenancePolicy({ productLine: "W60", policy })).send();
    expect(await admin.readMaintenancePolicy({ manager, productLine: "W60" })).to.deep.equal(policy);
    const tooHot = { ...policy, maxWindingTemperature: 70_000n };
    const error = await refusalOf(admin.setMaintenancePolicy({ productLine: "W60", policy: tooHot }));
    expect(error.code).to.equal("input.invalid");
  });

  it("isAttestationUsed: false before, true after it was recorded", async () => {
    const { admin, clientOf, issueMotor, stranger } = await loadFixture(deployed);
    const { passport } = await issueMotor();
    const attester = await accountAttester(new Wallet(id("a technician")));
    const grant = { attester: attester.address, roles: ["TECHNICIAN"], validUntil: NO_END };
    await (await admin.grantRoles(grant)).send();
    const event = { passport, eventType: "MAINTAINED", document: SAMPLE_MAINTENANCE, deadline: NO_END } as const;
    const signed = await clientOf(undefined, { attester }).signAttestation(event);
    expect(await stranger.isAttestationUsed({ signed })).to.equal(false);
    await (await stranger.submitAttestation({ signed })).send();
    expect(await stranger.isAttestationUsed({ signed })).to.equal(true);
  });
});

import { expect } from "chai";
import { id, Wallet, ZeroAddress } from "ethers";
import { network } from "hardhat";
import { eventTypeName, p256Attester, p256Key, parseAddress, readManagerNames } from "../../sdk/src/index.js";
import { NO_END } from "../support/contract-values.js";
import { deploySuite } from "../support/deploy-suite.js";
import { refusalOf, SAMPLE_MAINTENANCE, sdkOn } from "../support/sdk-clients.js";

const connection = await network.create();
const { loadFixture, time } = connection.networkHelpers;

const MAINTENANCE = { eventType: "MAINTAINED", document: SAMPLE_MAINTENANCE } as const;

const issuedMotor = async () => {
  const sdk = await sdkOn(await deploySuite(connection));
  const motor = await sdk.issueMotor();
  const { admin, guardian, owner, stranger } = sdk.suite.accounts;
  return {
    ...sdk,
    ...motor,
    admin: sdk.clientOf(admin),
    guardian: sdk.clientOf(guardian),
    owner: sdk.clientOf(owner, { manager: undefined }),
    stranger: sdk.clientOf(stranger),
    manager: parseAddress(await sdk.suite.manager.getAddress()),
  };
};

describe("grantRoles", () => {
  it("for all passports, by the administrator: the attester may record at once", async () => {
    const { suite, admin, stranger, passport, manager } = await loadFixture(issuedMotor);
    const attester = suite.accounts.stranger.address;
    const grant = { attester, roles: ["TECHNICIAN", "CERTIFIER"], validUntil: NO_END };
    const { result } = await (await admin.grantRoles(grant)).send();
    const roles = (await suite.manager.TECHNICIAN()) | (await suite.manager.CERTIFIER());
    const made = { attester, passport: ZeroAddress, granter: manager, roles, validFrom: 0n, validUntil: NO_END };
    expect(result).to.deep.equal(made);
    await (await stranger.attest({ passport, ...MAINTENANCE })).send();
  });

  it("for one passport, by its owner, who names no manager: counts for that passport only", async () => {
    const { suite, owner, stranger, passport, issueMotor } = await loadFixture(issuedMotor);
    const attester = suite.accounts.stranger.address;
    const other = await issueMotor();
    const { result } = await (
      await owner.grantRoles({ attester, roles: ["TECHNICIAN"], passport, validUntil: NO_END })
    ).send();
    expect(result).to.include({ passport, granter: suite.accounts.owner.address });
    await (await stranger.attest({ passport, ...MAINTENANCE })).send();
    const error = await refusalOf((await stranger.attest({ passport: other.passport, ...MAINTENANCE })).send());
    expect(error.code).to.equal("contract.manufacturer-manager-role-missing");
  });

  it("a role that an owner may not grant: refused, naming the role", async () => {
    const { suite, owner, passport } = await loadFixture(issuedMotor);
    const grant = { attester: suite.accounts.stranger.address, roles: ["CERTIFIER"], passport, validUntil: NO_END };
    const error = await refusalOf((await owner.grantRoles(grant)).send());
    expect(error.code).to.equal("contract.manufacturer-manager-roles-not-grantable");
    expect(error.message).to.include("The roles CERTIFIER cannot be granted this way");
  });

  it("to a key, for one passport: the gateway's key and its address stand in the events", async () => {
    const { suite, admin, passport } = await loadFixture(issuedMotor);
    const verifier = parseAddress(await suite.p256Verifier.getAddress());
    const { signer, address } = p256Attester(p256Key(id("a gateway")), { verifier });
    const sent = await (await admin.grantRoles({ signer, roles: ["GATEWAY"], passport, validUntil: NO_END })).send();
    expect(sent.result).to.include({ attester: address, passport });
    const [keyGranted] = await suite.manager.queryFilter(suite.manager.filters.KeyGranted(address));
    expect(keyGranted?.args.signer).to.equal(signer);
  });

  it("a key whose verifier is not on the list: refused, naming the verifier", async () => {
    const { admin } = await loadFixture(issuedMotor);
    const verifier = parseAddress("0x0000000000000000000000000000000000007702");
    const { signer } = p256Attester(p256Key(id("a gateway")), { verifier });
    const error = await refusalOf(
      (await admin.grantRoles({ signer, roles: ["TECHNICIAN"], validUntil: NO_END })).send(),
    );
    expect(error.code).to.equal("contract.manufacturer-manager-verifier-not-accepted");
    expect(error.details["verifier"]).to.equal(verifier);
  });

  it("an unknown role: role.unknown, listing the known ones, before anything is sent", async () => {
    const { suite, admin } = await loadFixture(issuedMotor);
    const grant = { attester: suite.accounts.stranger.address, roles: ["TECHNICAN"], validUntil: NO_END };
    const error = await refusalOf(admin.grantRoles(grant));
    expect(error.code).to.equal("role.unknown");
    expect(error.message).to.include("no role TECHNICAN; it knows MANUFACTURER, CERTIFIER");
  });
});

describe("revokeAttester and reportCompromise", () => {
  it("revoked as a whole: what he recorded stays, and he can record no more", async () => {
    const { suite, admin, clientOf, passport } = await loadFixture(issuedMotor);
    const { technician } = suite.accounts;
    await (await clientOf(technician).attest({ passport, ...MAINTENANCE })).send();
    const { result } = await (await admin.revokeAttester({ attester: technician.address })).send();
    expect(result).to.include({ attester: technician.address, passport: ZeroAddress });
    const error = await refusalOf((await clientOf(technician).attest({ passport, ...MAINTENANCE })).send());
    expect(error.code).to.equal("contract.manufacturer-manager-attester-revoked");
    expect(error.message).to.match(/was revoked at \d{4}-\d\d-\d\dT/);
    expect((await clientOf().readHistory({ passport })).entries).to.have.length(2);
  });

  it("revoked by the owner for his passport: only his own grant ends", async () => {
    const { suite, owner, stranger, passport } = await loadFixture(issuedMotor);
    const attester = suite.accounts.stranger.address;
    await (await owner.grantRoles({ attester, roles: ["TECHNICIAN"], passport, validUntil: NO_END })).send();
    const { result } = await (await owner.revokeAttester({ attester, passport })).send();
    expect(result).to.deep.equal({ attester, passport, granter: suite.accounts.owner.address });
    const error = await refusalOf((await stranger.attest({ passport, ...MAINTENANCE })).send());
    expect(error.code).to.equal("contract.manufacturer-manager-role-missing");
  });

  it("a compromised key: reported once; a second report is refused with the possible times in words", async () => {
    const { suite, admin } = await loadFixture(issuedMotor);
    const attester = suite.accounts.technician.address;
    const since = BigInt(await time.latest()) - 3_600n;
    const { result } = await (await admin.reportCompromise({ attester, since })).send();
    expect(result).to.deep.equal({ attester, compromisedSince: since });
    const error = await refusalOf((await admin.reportCompromise({ attester, since })).send());
    expect(error.code).to.equal("contract.manufacturer-manager-compromise-refused");
    expect(error.message).to.match(/since \d{4}-\d\d-\d\dT.* cannot be reported/);
  });
});

describe("pauseEventType and resumeEventType", () => {
  it("the guardian pauses: nobody records it until it is resumed", async () => {
    const { suite, guardian, clientOf, passport } = await loadFixture(issuedMotor);
    const until = BigInt(await time.latest()) + 3_600n;
    const { result } = await (await guardian.pauseEventType({ eventType: "MAINTAINED", until })).send();
    expect(eventTypeName(result.eventType)).to.equal("MAINTAINED");
    expect(result.pausedUntil).to.equal(until);
    const technician = clientOf(suite.accounts.technician);
    const error = await refusalOf((await technician.attest({ passport, ...MAINTENANCE })).send());
    expect(error.code).to.equal("contract.manufacturer-manager-event-type-paused");
    expect(error.message).to.match(/MAINTAINED is paused until \d{4}-/);
    const resumed = await (await guardian.resumeEventType({ eventType: "MAINTAINED" })).send();
    expect(resumed.result.account).to.equal(suite.accounts.guardian.address);
    await (await technician.attest({ passport, ...MAINTENANCE })).send();
  });

  it("what must always be possible: refused", async () => {
    const { guardian } = await loadFixture(issuedMotor);
    const until = BigInt(await time.latest()) + 3_600n;
    const error = await refusalOf((await guardian.pauseEventType({ eventType: "STOLEN", until })).send());
    expect(error.code).to.equal("contract.manufacturer-manager-event-type-unpausable");
  });
});

describe("readManagerNames", () => {
  it("of WEG's manager: roles and conditions by their names", async () => {
    const { suite, manager } = await loadFixture(issuedMotor);
    const names = await readManagerNames({ provider: connection.ethers.provider }, { manager });
    expect(names.roles.get(await suite.manager.GATEWAY())).to.equal("GATEWAY");
    expect(names.roles.size).to.equal(10);
    expect([...names.conditions]).to.deep.equal([
      [0x0100n, "IN_SERVICE"],
      [0x0200n, "RECALLED"],
    ]);
  });
});

describe("createPassportClient", () => {
  it("a wallet of ethers without a provider: sends through the client's endpoint", async () => {
    const { suite, clientOf, passport } = await loadFixture(issuedMotor);
    const wallet = new Wallet(id("a technician with ETH"));
    const { admin } = suite.accounts;
    await admin.sendTransaction({ to: wallet.address, value: 10n ** 18n });
    const grant = { attester: wallet.address, roles: ["TECHNICIAN"], validUntil: NO_END };
    await (await clientOf(admin).grantRoles(grant)).send();
    const { result } = await (await clientOf(wallet).attest({ passport, ...MAINTENANCE })).send();
    expect(result.attester).to.equal(wallet.address);
  });
});

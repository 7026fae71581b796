import { expect } from "chai";
import { network } from "hardhat";
import { documentOf, NO_END, nameOf, ROLE_OWNER } from "../support/contract-values.js";
import { deploySuite, issuePassport } from "../support/deploy-suite.js";
import { nextSecond } from "../support/next-second.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;
const deployed = () => deploySuite(connection);

const TECHNICIAN = 1n << 6n;
const DAY = 24n * 60n * 60n;

describe("ManufacturerManager, administration", () => {
  it("constructor, names registry, factory, administrator and guardian, and nobody else", async () => {
    const { accounts, factory, manager, registry } = await loadFixture(deployed);
    expect(await manager.registry()).to.equal(await registry.getAddress());
    expect(await manager.factory()).to.equal(await factory.getAddress());
    expect(await manager.defaultAdmin()).to.equal(accounts.admin.address);
    expect(await manager.defaultAdminDelay()).to.equal(3n * DAY);
    expect(await manager.GUARDIAN_ROLE()).to.equal(ethers.id("GUARDIAN_ROLE"));
    expect(await manager.hasRole(await manager.GUARDIAN_ROLE(), accounts.guardian)).to.equal(true);
    expect(await manager.hasRole(await manager.GUARDIAN_ROLE(), accounts.admin)).to.equal(false);
  });

  it("constructor, tells in events all that it has set: roles, conditions, rules", async () => {
    const { manager } = await loadFixture(deployed);
    expect(await manager.queryFilter(manager.filters.RoleDefined())).to.have.length(10);
    expect(await manager.queryFilter(manager.filters.ConditionDefined())).to.have.length(2);
    const rules = await manager.queryFilter(manager.filters.RuleChanged());
    expect(rules).to.have.length((await manager.eventTypes()).length);

    // The rules are rebuilt from events alone.
    for (const { args } of rules) {
      const rule = await manager.ruleOf(args.eventType);
      const { roles, requires, forbids, sets, clears } = args;
      expect([roles, requires, forbids, sets, clears]).to.deep.equal([...rule].slice(0, 5));
    }
    const [gateway] = await manager.queryFilter(manager.filters.RoleDefined(1n << 9n));
    expect(gateway?.args.perPassport).to.equal(true);
  });

  it("administrator, hands over in two steps, after the delay, and loses everything by it", async () => {
    const { accounts, manager } = await loadFixture(deployed);
    const admin = await manager.DEFAULT_ADMIN_ROLE();
    const schedule = (await nextSecond(connection)) + 3n * DAY;
    await expect(manager.beginDefaultAdminTransfer(accounts.buyer))
      .to.emit(manager, "DefaultAdminTransferScheduled")
      .withArgs(accounts.buyer.address, schedule);

    await time.setNextBlockTimestamp(schedule);
    await expect(manager.connect(accounts.buyer).acceptDefaultAdminTransfer())
      .to.be.revertedWithCustomError(manager, "AccessControlEnforcedDefaultAdminDelay")
      .withArgs(schedule);
    await manager.grant(accounts.stranger, TECHNICIAN, 0, NO_END);

    await time.increaseTo(schedule + 1n);
    await manager.connect(accounts.buyer).acceptDefaultAdminTransfer();
    expect(await manager.defaultAdmin()).to.equal(accounts.buyer.address);
    await expect(manager.grant(accounts.stranger, TECHNICIAN, 0, NO_END))
      .to.be.revertedWithCustomError(manager, "AccessControlUnauthorizedAccount")
      .withArgs(accounts.admin.address, admin);
    await manager.connect(accounts.buyer).grant(accounts.stranger, TECHNICIAN, 0, NO_END);
  });

  it("administrator, changes his mind, and the named successor has nothing", async () => {
    const { accounts, manager } = await loadFixture(deployed);
    await manager.beginDefaultAdminTransfer(accounts.buyer);
    await manager.cancelDefaultAdminTransfer();
    await time.increase(30n * DAY);
    await expect(manager.connect(accounts.buyer).acceptDefaultAdminTransfer())
      .to.be.revertedWithCustomError(manager, "AccessControlInvalidDefaultAdmin")
      .withArgs(accounts.buyer.address);
  });

  it("administrator's role, is neither granted, revoked nor given up at once", async () => {
    const { accounts, manager } = await loadFixture(deployed);
    const admin = await manager.DEFAULT_ADMIN_ROLE();
    for (const change of [
      () => manager.grantRole(admin, accounts.buyer),
      () => manager.revokeRole(admin, accounts.admin),
    ]) {
      await expect(change()).to.be.revertedWithCustomError(manager, "AccessControlEnforcedDefaultAdminRules");
    }
    await expect(manager.renounceRole(admin, accounts.admin)).to.be.revertedWithCustomError(
      manager,
      "AccessControlEnforcedDefaultAdminDelay",
    );
    expect(await manager.defaultAdmin()).to.equal(accounts.admin.address);
  });

  it("guardian, is named and dismissed by the administrator alone", async () => {
    const { accounts, manager } = await loadFixture(deployed);
    const guardian = await manager.GUARDIAN_ROLE();
    await expect(manager.connect(accounts.guardian).grantRole(guardian, accounts.stranger))
      .to.be.revertedWithCustomError(manager, "AccessControlUnauthorizedAccount")
      .withArgs(accounts.guardian.address, await manager.DEFAULT_ADMIN_ROLE());
    await manager.revokeRole(guardian, accounts.guardian);
    await expect(manager.connect(accounts.guardian).pause(nameOf("MAINTAINED"), (await time.latest()) + 60))
      .to.be.revertedWithCustomError(manager, "AccessControlUnauthorizedAccount")
      .withArgs(accounts.guardian.address, guardian);
  });

  it("administrator, attests nothing by it and owns nothing by it", async () => {
    const suite = await loadFixture(deployed);
    const { accounts, manager } = suite;
    const passport = await issuePassport(suite);
    const document = documentOf("by the administrator");
    for (const eventType of await manager.eventTypes()) {
      const { requires } = await manager.ruleOf(eventType);
      if (requires !== 1n) continue;
      await expect(passport.attest(eventType, document), ethers.decodeBytes32String(eventType))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerRoleMissing")
        .withArgs(eventType, accounts.admin.address, (await manager.ruleOf(eventType)).roles);
    }
    await expect(passport.offerOwnership(accounts.buyer, document, NO_END))
      .to.be.revertedWithCustomError(passport, "DigitalPassportNotOwner")
      .withArgs(accounts.admin.address, accounts.owner.address);
  });

  it("role of the owner, is named but listed among no roles that can be granted", async () => {
    const { manager } = await loadFixture(deployed);
    const { roles } = await manager.roleNames();
    expect([...roles]).not.to.include(ROLE_OWNER);
    expect(await manager.roleNameOf(ROLE_OWNER)).to.equal(nameOf("OWNER"));
  });
});

import { expect } from "chai";
import { documentOf, NO_END, nameOf, UNPAUSABLE_EVENT_TYPES } from "../../support/contract-values.js";
import { connection, inAnHour, loadPassport, now, ROLES, snapshotOf } from "../behaviours/deployed-suite.js";
import { expectRefusals } from "../behaviours/expect-refusals.js";

const { time } = connection.networkHelpers;
const document = documentOf("an entry");
const MAINTAINED = nameOf("MAINTAINED");
const DAY = 24n * 3_600n;

/** The guardian of WEG's manager, and a motor. */
const load = snapshotOf(async () => {
  const scene = await loadPassport();
  const { accounts, manager, passport } = scene;
  const byGuardian = manager.connect(accounts.guardian);
  const maintain = () => passport.connect(accounts.technician).attest(MAINTAINED, document);
  const pauseAll = async () => {
    for (const type of await manager.eventTypes()) {
      await byGuardian.pause(type, (await now()) + DAY).catch(() => undefined);
    }
  };
  return { ...scene, byGuardian, maintain, pauseAll };
});

describe("A hostile guardian of a manager cannot", () => {
  it("pause theft reports, recoveries, recalls, corrections or revocations", async () => {
    const { byGuardian, manager, passport } = await load();
    await expectRefusals(
      passport,
      UNPAUSABLE_EVENT_TYPES.map((type) => [
        manager,
        "ManufacturerManagerEventTypeUnpausable",
        async () => byGuardian.pause(nameOf(type), await inAnHour()),
      ]),
    );
  });

  it("pause for longer than 7 days, nor again within 7 days", async () => {
    const { byGuardian, maintain, manager, passport } = await load();
    await expectRefusals(passport, [
      [manager, "ManufacturerManagerPauseRefused", async () => byGuardian.pause(MAINTAINED, (await now()) + 8n * DAY)],
    ]);
    await byGuardian.pause(MAINTAINED, (await now()) + 7n * DAY);
    await time.increase(7n * DAY + 1n);
    await maintain();
    await expectRefusals(passport, [
      [manager, "ManufacturerManagerPauseRefused", async () => byGuardian.pause(MAINTAINED, (await now()) + DAY)],
    ]);
  });

  it("hold up a sale, a lock, a theft report or a recovery by pausing all that he can", async () => {
    const { accounts, passport, pauseAll } = await load();
    await pauseAll();
    const byOwner = passport.connect(accounts.owner);
    await byOwner.attest(nameOf("STOLEN"), document);
    await byOwner.attest(nameOf("RECOVERED"), document);
    await byOwner.lock(accounts.logistics, await inAnHour(), document);
    await passport.connect(accounts.logistics).release();
    await byOwner.offerOwnership(accounts.buyer, document, await inAnHour());
    await passport.connect(accounts.buyer).acceptOwnership(document, await passport.head());
    expect(await passport.owner()).to.equal(accounts.buyer.address);
  });

  it("write or change an entry, a rule, a grant or a limit", async () => {
    const { accounts, byGuardian, manager, passport } = await load();
    const { roles, requires, forbids, sets, clears } = await manager.ruleOf(MAINTAINED);
    const rule = { roles, requires, forbids, sets, clears, pausedUntil: 0n };
    const { guardian } = accounts;
    await expectRefusals(passport, [
      [manager, "ManufacturerManagerRoleMissing", () => passport.connect(guardian).attest(MAINTAINED, document)],
      [manager, "AccessControlUnauthorizedAccount", () => byGuardian.setRule(MAINTAINED, rule)],
      [manager, "AccessControlUnauthorizedAccount", () => byGuardian.grant(guardian, ROLES.TECHNICIAN, 0, NO_END)],
      [manager, "AccessControlUnauthorizedAccount", () => byGuardian.revoke(accounts.technician)],
      [manager, "AccessControlUnauthorizedAccount", () => byGuardian.setIssuingLimit(guardian, 1, NO_END)],
    ]);
  });
});

describe("A hostile guardian of a manager can", () => {
  it("hold up every event type that can be paused for half of the time", async () => {
    const { byGuardian, maintain, manager, passport } = await load();
    let held = 0;
    for (let day = 0; day < 28; ++day) {
      await byGuardian.pause(MAINTAINED, (await now()) + 7n * DAY).catch(() => undefined);
      held += await maintain().then(
        () => 0,
        () => 1,
      );
      await time.increase(DAY);
    }
    expect(held).to.be.within(14, 15);
    expect(await passport.entryCount()).to.be.greaterThanOrEqual(14n);
    expect((await manager.ruleOf(MAINTAINED)).pausedUntil).to.be.greaterThan(0n);
  });
});

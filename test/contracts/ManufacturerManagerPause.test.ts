import { expect } from "chai";
import { network } from "hardhat";
import { CONDITIONS, documentOf, nameOf, UNPAUSABLE_EVENT_TYPES } from "../support/contract-values.js";
import { deploySuite, issuePassport } from "../support/deploy-suite.js";
import { nextSecond } from "../support/next-second.js";

const connection = await network.create();
const { loadFixture, time } = connection.networkHelpers;

const MAINTAINED = nameOf("MAINTAINED");
const REPAIRED = nameOf("REPAIRED");
const UNKNOWN = nameOf("REFURBISHED");
const DOCUMENT = documentOf("a document");
const DAY = 24n * 60n * 60n;

const deployed = async () => {
  const suite = await deploySuite(connection);
  return { ...suite, passport: await issuePassport(suite), guarded: suite.manager.connect(suite.accounts.guardian) };
};

describe("ManufacturerManager, pause", () => {
  describe("pause", () => {
    it("guardian, an event type for a day, refuses its entries to the last second, and no others", async () => {
      const { accounts, guarded, manager, passport } = await loadFixture(deployed);
      const byTechnician = passport.connect(accounts.technician);
      const until = (await nextSecond(connection)) + DAY;
      await expect(guarded.pause(MAINTAINED, until))
        .to.emit(manager, "EventTypePaused")
        .withArgs(MAINTAINED, accounts.guardian.address, until);
      expect((await manager.ruleOf(MAINTAINED)).pausedUntil).to.equal(until);

      await expect(byTechnician.attest(MAINTAINED, DOCUMENT))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerEventTypePaused")
        .withArgs(MAINTAINED, until);
      await byTechnician.attest(REPAIRED, DOCUMENT);
      await time.setNextBlockTimestamp(until);
      await expect(byTechnician.attest(MAINTAINED, DOCUMENT)).to.be.revertedWithCustomError(
        manager,
        "ManufacturerManagerEventTypePaused",
      );
      await time.setNextBlockTimestamp(until + 1n);
      await byTechnician.attest(MAINTAINED, DOCUMENT);
    });

    it("guardian, exactly 7 days, is taken; a second longer is refused", async () => {
      const { guarded, manager } = await loadFixture(deployed);
      const tooLate = await nextSecond(connection);
      await expect(guarded.pause(MAINTAINED, tooLate + 7n * DAY + 1n))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerPauseRefused")
        .withArgs(MAINTAINED, tooLate + 7n * DAY + 1n, 0, tooLate + 7n * DAY);
      const now = await nextSecond(connection);
      await guarded.pause(MAINTAINED, now + 7n * DAY);
      expect((await manager.ruleOf(MAINTAINED)).pausedUntil).to.equal(now + 7n * DAY);
    });

    it("guardian, until a second ago, is refused", async () => {
      const { guarded, manager } = await loadFixture(deployed);
      const now = await nextSecond(connection);
      await expect(guarded.pause(MAINTAINED, now - 1n))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerPauseRefused")
        .withArgs(MAINTAINED, now - 1n, 0, now + 7n * DAY);
    });

    it("guardian, for this second alone, is taken", async () => {
      const { guarded, manager } = await loadFixture(deployed);
      const now = await nextSecond(connection);
      await guarded.pause(MAINTAINED, now);
      expect((await manager.ruleOf(MAINTAINED)).pausedUntil).to.equal(now);
    });

    it("guardian, while it is paused, cannot lengthen it", async () => {
      const { guarded, manager } = await loadFixture(deployed);
      const until = (await nextSecond(connection)) + DAY;
      await guarded.pause(MAINTAINED, until);
      const now = await nextSecond(connection);
      await expect(guarded.pause(MAINTAINED, until + DAY))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerPauseRefused")
        .withArgs(MAINTAINED, until + DAY, until + 7n * DAY, now + 7n * DAY);
      expect((await manager.ruleOf(MAINTAINED)).pausedUntil).to.equal(until);
    });

    it("guardian, within 7 days after a pause, is refused; then he may again", async () => {
      const { guarded, manager } = await loadFixture(deployed);
      const until = (await nextSecond(connection)) + DAY;
      await guarded.pause(MAINTAINED, until);
      const earliest = until + 7n * DAY;
      await time.setNextBlockTimestamp(earliest - 1n);
      await expect(guarded.pause(MAINTAINED, earliest))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerPauseRefused")
        .withArgs(MAINTAINED, earliest, earliest, earliest - 1n + 7n * DAY);
      await time.setNextBlockTimestamp(earliest);
      await guarded.pause(MAINTAINED, earliest + 7n * DAY);
      expect((await manager.ruleOf(MAINTAINED)).pausedUntil).to.equal(earliest + 7n * DAY);
    });

    it("guardian, pausing whenever he can, holds an event type up for half of the time", async () => {
      const { accounts, guarded, passport } = await loadFixture(deployed);
      const byTechnician = passport.connect(accounts.technician);
      const start = await nextSecond(connection);
      const recorded: number[] = [];
      for (let day = 0; day < 42; ++day) {
        const now = start + BigInt(day) * DAY;
        await time.setNextBlockTimestamp(now);
        const isPaused = await guarded.pause(MAINTAINED, now + 7n * DAY).then(
          () => true,
          () => false,
        );
        if (isPaused) await time.setNextBlockTimestamp(now + 1n);
        await byTechnician.attest(MAINTAINED, DOCUMENT).then(
          () => recorded.push(day),
          () => undefined,
        );
      }
      // The last second of a pause is that of its seventh day, the first of the next one that of its fourteenth.
      const expected = Array.from({ length: 42 }, (_, day) => day).filter((day) => day % 14 > 7);
      expect(recorded).to.deep.equal(expected);
    });

    for (const name of UNPAUSABLE_EVENT_TYPES) {
      it(`guardian, ${name}, is refused: it cannot be paused`, async () => {
        const { guarded, manager } = await loadFixture(deployed);
        await expect(guarded.pause(nameOf(name), (await nextSecond(connection)) + DAY))
          .to.be.revertedWithCustomError(manager, "ManufacturerManagerEventTypeUnpausable")
          .withArgs(nameOf(name));
      });
    }

    it("guardian, event type without a rule or a native one, is refused", async () => {
      const { guarded, manager } = await loadFixture(deployed);
      for (const eventType of [UNKNOWN, nameOf("OWNERSHIP_TRANSFERRED"), nameOf("MANUFACTURED")]) {
        await expect(guarded.pause(eventType, (await nextSecond(connection)) + DAY))
          .to.be.revertedWithCustomError(manager, "ManufacturerManagerEventTypeUnknown")
          .withArgs(eventType);
      }
    });

    it("anybody but the guardian, the administrator included, is refused", async () => {
      const { accounts, manager } = await loadFixture(deployed);
      for (const account of [accounts.admin, accounts.manufacturer, accounts.owner, accounts.stranger]) {
        await expect(manager.connect(account).pause(MAINTAINED, (await nextSecond(connection)) + DAY))
          .to.be.revertedWithCustomError(manager, "AccessControlUnauthorizedAccount")
          .withArgs(account.address, await manager.GUARDIAN_ROLE());
      }
    });

    it("everything that can be paused, paused: the owner still sells, locks, reports stolen and found", async () => {
      const { accounts, guarded, manager, passport } = await loadFixture(deployed);
      const { buyer, owner } = accounts;
      const until = (await nextSecond(connection)) + 7n * DAY;
      for (const eventType of await manager.eventTypes()) {
        if (!UNPAUSABLE_EVENT_TYPES.some((name) => nameOf(name) === eventType)) await guarded.pause(eventType, until);
      }
      await passport.connect(owner).attest(nameOf("STOLEN"), DOCUMENT);
      await passport.connect(owner).attest(nameOf("RECOVERED"), DOCUMENT);
      await passport.connect(owner).lock(buyer, until, DOCUMENT);
      await passport.connect(buyer).release();
      await passport.connect(owner).offerOwnership(buyer, DOCUMENT, until);
      await passport.connect(buyer).acceptOwnership(DOCUMENT, await passport.head());
      expect(await passport.owner()).to.equal(buyer.address);
      expect(await passport.condition()).to.equal(CONDITIONS.ISSUED);
    });
  });

  describe("resume", () => {
    for (const by of ["guardian", "admin"] as const) {
      it(`${by}, paused event type, is recorded again in the same second, and the break begins`, async () => {
        const { accounts, guarded, manager, passport } = await loadFixture(deployed);
        const until = (await nextSecond(connection)) + 7n * DAY;
        await guarded.pause(MAINTAINED, until);
        const now = await nextSecond(connection, DAY);
        await expect(manager.connect(accounts[by]).resume(MAINTAINED))
          .to.emit(manager, "EventTypeResumed")
          .withArgs(MAINTAINED, accounts[by].address);
        expect((await manager.ruleOf(MAINTAINED)).pausedUntil).to.equal(now - 1n);
        await passport.connect(accounts.technician).attest(MAINTAINED, DOCUMENT);

        const earliest = now - 1n + 7n * DAY;
        await time.setNextBlockTimestamp(earliest - 1n);
        await expect(guarded.pause(MAINTAINED, earliest))
          .to.be.revertedWithCustomError(manager, "ManufacturerManagerPauseRefused")
          .withArgs(MAINTAINED, earliest, earliest, earliest - 1n + 7n * DAY);
        await time.setNextBlockTimestamp(earliest);
        await guarded.pause(MAINTAINED, earliest + DAY);
      });
    }

    it("guardian, in the last second of the pause, ends it", async () => {
      const { guarded, manager } = await loadFixture(deployed);
      const until = (await nextSecond(connection)) + DAY;
      await guarded.pause(MAINTAINED, until);
      await time.setNextBlockTimestamp(until);
      await guarded.resume(MAINTAINED);
      expect((await manager.ruleOf(MAINTAINED)).pausedUntil).to.equal(until - 1n);
    });

    it("event type that is not paused, or no longer, is refused", async () => {
      const { guarded, manager } = await loadFixture(deployed);
      await expect(guarded.resume(MAINTAINED))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerEventTypeNotPaused")
        .withArgs(MAINTAINED);
      const until = (await nextSecond(connection)) + DAY;
      await guarded.pause(MAINTAINED, until);
      await time.setNextBlockTimestamp(until + 1n);
      await expect(guarded.resume(MAINTAINED))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerEventTypeNotPaused")
        .withArgs(MAINTAINED);
    });

    it("event type without a rule, is refused", async () => {
      const { guarded, manager } = await loadFixture(deployed);
      await expect(guarded.resume(UNKNOWN))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerEventTypeUnknown")
        .withArgs(UNKNOWN);
    });

    it("anybody but guardian and administrator, is refused", async () => {
      const { accounts, guarded, manager } = await loadFixture(deployed);
      await guarded.pause(MAINTAINED, (await nextSecond(connection)) + DAY);
      for (const account of [accounts.technician, accounts.owner, accounts.issuer]) {
        await expect(manager.connect(account).resume(MAINTAINED))
          .to.be.revertedWithCustomError(manager, "AccessControlUnauthorizedAccount")
          .withArgs(account.address, await manager.GUARDIAN_ROLE());
      }
    });
  });
});

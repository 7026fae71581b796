import { expect } from "chai";
import { network } from "hardhat";
import {
  CONDITIONS,
  documentOf,
  fieldsOf,
  NATIVE_EVENT_TYPES,
  NO_END,
  nameOf,
  ROLE_OWNER,
} from "../support/contract-values.js";
import { deploySuite, issuePassport } from "../support/deploy-suite.js";
import { nextSecond } from "../support/next-second.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;
const deployed = () => deploySuite(connection);

const { ISSUED, LOCKED, STOLEN, RETIRED, SUPERSEDED } = CONDITIONS;
const IN_SERVICE = 0x0100n;
const RECALLED = 0x0200n;
const UNDEFINED_CONDITION = 0x0400n;
const TECHNICIAN = 1n << 6n;
const MANUFACTURER = 1n << 0n;
const UNDEFINED_ROLE = 1n << 10n;

const MAINTAINED = nameOf("MAINTAINED");
const COMMISSIONED = nameOf("COMMISSIONED");
const REFURBISHED = nameOf("REFURBISHED");
const DOCUMENT = documentOf("a document");

const RULE = {
  roles: TECHNICIAN,
  requires: ISSUED,
  forbids: RETIRED,
  sets: 0n,
  clears: 0n,
  pausedUntil: 0n,
};

const COMMISSIONING = { ...RULE, sets: IN_SERVICE };

describe("ManufacturerManager, rules", () => {
  describe("setRule", () => {
    it("new event type, is listed last, announced and obeyed", async () => {
      const suite = await loadFixture(deployed);
      const { accounts, manager } = suite;
      const rule = { ...RULE, requires: ISSUED | IN_SERVICE, sets: RECALLED, clears: IN_SERVICE };
      const before = await manager.eventTypes();
      await expect(manager.setRule(REFURBISHED, rule))
        .to.emit(manager, "RuleChanged")
        .withArgs(REFURBISHED, TECHNICIAN, ISSUED | IN_SERVICE, RETIRED, RECALLED, IN_SERVICE);
      expect(fieldsOf(await manager.ruleOf(REFURBISHED))).to.deep.equal(rule);
      expect([...(await manager.eventTypes())]).to.deep.equal([...before, REFURBISHED]);

      const passport = await issuePassport(suite);
      const byTechnician = passport.connect(accounts.technician);
      await byTechnician.attest(COMMISSIONED, DOCUMENT);
      await byTechnician.attest(REFURBISHED, DOCUMENT);
      expect(await passport.condition()).to.equal(ISSUED | RECALLED);
    });

    it("known event type with other roles and gates, changes with an event and is listed once", async () => {
      const suite = await loadFixture(deployed);
      const { accounts, manager } = suite;
      const passport = await issuePassport(suite);
      const before = await manager.eventTypes();
      await passport.connect(accounts.technician).attest(MAINTAINED, DOCUMENT);

      const rule = { ...RULE, roles: MANUFACTURER | ROLE_OWNER, requires: ISSUED, forbids: RETIRED | STOLEN };
      await expect(manager.setRule(MAINTAINED, rule))
        .to.emit(manager, "RuleChanged")
        .withArgs(MAINTAINED, MANUFACTURER | ROLE_OWNER, ISSUED, RETIRED | STOLEN, 0, 0);
      expect([...(await manager.eventTypes())]).to.deep.equal([...before]);

      await expect(passport.connect(accounts.technician).attest(MAINTAINED, DOCUMENT))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerRoleMissing")
        .withArgs(MAINTAINED, accounts.technician.address, MANUFACTURER | ROLE_OWNER);
      await passport.connect(accounts.owner).attest(MAINTAINED, DOCUMENT);
      await passport.connect(accounts.owner).attest(nameOf("STOLEN"), DOCUMENT);
      await expect(passport.connect(accounts.owner).attest(MAINTAINED, DOCUMENT))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerConditionForbids")
        .withArgs(MAINTAINED, ISSUED | STOLEN, RETIRED | STOLEN);
    });

    for (const [name, change] of [
      ["to set what it did not set", { sets: IN_SERVICE | RECALLED }],
      ["to set nothing any more", { sets: 0n }],
      ["to retire", { sets: IN_SERVICE | RETIRED }],
      ["to clear what it did not clear", { clears: RECALLED }],
    ] as const) {
      it(`known event type ${name}, is refused: a signature does not cover its effect`, async () => {
        const { manager } = await loadFixture(deployed);
        const before = await manager.ruleOf(COMMISSIONED);
        await expect(manager.setRule(COMMISSIONED, { ...COMMISSIONING, ...change }))
          .to.be.revertedWithCustomError(manager, "ManufacturerManagerEffectFinal")
          .withArgs(COMMISSIONED, IN_SERVICE, 0);
        expect(fieldsOf(await manager.ruleOf(COMMISSIONED))).to.deep.equal(fieldsOf(before));
      });
    }

    it("event type made without effect, never gets one", async () => {
      const { manager } = await loadFixture(deployed);
      await manager.setRule(REFURBISHED, RULE);
      await expect(manager.setRule(REFURBISHED, { ...RULE, sets: IN_SERVICE }))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerEffectFinal")
        .withArgs(REFURBISHED, 0, 0);
    });

    for (const [problem, rule] of [
      ["sets ISSUED", { sets: ISSUED }],
      ["clears ISSUED", { clears: ISSUED }],
      ["sets LOCKED", { sets: LOCKED }],
      ["clears LOCKED", { clears: LOCKED }],
      ["clears RETIRED", { requires: ISSUED | RETIRED, forbids: 0n, clears: RETIRED }],
      ["clears SUPERSEDED", { clears: SUPERSEDED }],
      ["sets STOLEN for a role", { sets: STOLEN }],
      ["clears STOLEN for a role", { clears: STOLEN }],
      ["sets STOLEN for the owner and a role", { roles: ROLE_OWNER | TECHNICIAN, sets: STOLEN }],
      ["clears STOLEN for the owner and a role", { roles: ROLE_OWNER | TECHNICIAN, clears: STOLEN }],
      ["is for nobody", { roles: 0n }],
      ["names an undefined role", { roles: TECHNICIAN | UNDEFINED_ROLE }],
      ["names a role bit above those that can be granted", { roles: TECHNICIAN | (1n << 96n) }],
      ["requires an undefined condition", { requires: ISSUED | UNDEFINED_CONDITION }],
      ["forbids an undefined condition", { forbids: UNDEFINED_CONDITION }],
      ["sets an undefined condition", { sets: UNDEFINED_CONDITION }],
      ["clears an undefined condition", { clears: UNDEFINED_CONDITION }],
      ["sets a native bit without meaning", { sets: 0x20n }],
      ["sets and clears the same", { sets: IN_SERVICE, clears: IN_SERVICE }],
      ["requires and forbids the same", { requires: ISSUED | RETIRED, forbids: RETIRED }],
    ] as const) {
      it(`rule that ${problem}, is refused`, async () => {
        const { manager } = await loadFixture(deployed);
        await expect(manager.setRule(REFURBISHED, { ...RULE, ...rule }))
          .to.be.revertedWithCustomError(manager, "ManufacturerManagerRuleInvalid")
          .withArgs(REFURBISHED);
        expect((await manager.ruleOf(REFURBISHED)).roles).to.equal(0n);
      });
    }

    it("rule that forbids what every passport is, closes its event type for good", async () => {
      const suite = await loadFixture(deployed);
      const { accounts, manager } = suite;
      const passport = await issuePassport(suite);
      await manager.setRule(MAINTAINED, { ...RULE, requires: 0n, forbids: ISSUED });
      await expect(passport.connect(accounts.technician).attest(MAINTAINED, DOCUMENT))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerConditionForbids")
        .withArgs(MAINTAINED, ISSUED, ISSUED);
    });

    it("rule that sets STOLEN, RETIRED or SUPERSEDED for the owner alone, is taken", async () => {
      const { manager } = await loadFixture(deployed);
      const sets = STOLEN | RETIRED | SUPERSEDED;
      await manager.setRule(REFURBISHED, { ...RULE, roles: ROLE_OWNER, sets });
      expect((await manager.ruleOf(REFURBISHED)).sets).to.equal(sets);
    });

    for (const name of NATIVE_EVENT_TYPES) {
      it(`native event type ${name}, is refused`, async () => {
        const { manager } = await loadFixture(deployed);
        await expect(manager.setRule(nameOf(name), RULE))
          .to.be.revertedWithCustomError(manager, "ManufacturerManagerEventTypeInvalid")
          .withArgs(nameOf(name));
      });
    }

    for (const [problem, eventType] of [
      ["no name", ethers.ZeroHash],
      ["small letters", nameOf("Refurbished")],
      ["a space", nameOf("RE FURBISHED")],
      ["a hyphen", nameOf("RE-FURBISHED")],
      ["a digit first", nameOf("2ND_LIFE")],
      ["an underscore first", nameOf("_REFURBISHED")],
      ["letters outside ASCII", nameOf("GEPRÜFT")],
      ["something behind its end", `${nameOf("REFURBISHED").slice(0, -2)}41`],
      ["zeros before it", ethers.zeroPadValue(ethers.toUtf8Bytes("REFURBISHED"), 32)],
    ] as const) {
      it(`event type with ${problem}, is refused`, async () => {
        const { manager } = await loadFixture(deployed);
        await expect(manager.setRule(eventType, RULE))
          .to.be.revertedWithCustomError(manager, "ManufacturerManagerEventTypeInvalid")
          .withArgs(eventType);
      });
    }

    it("event type of 32 characters with digits and underscores, is taken", async () => {
      const { manager } = await loadFixture(deployed);
      const longest = ethers.hexlify(ethers.toUtf8Bytes("A_NAME_OF_32_CHARACTERS_EXACTLY_"));
      await manager.setRule(longest, RULE);
      expect((await manager.ruleOf(longest)).roles).to.equal(TECHNICIAN);
    });

    it("anybody but the administrator, is refused", async () => {
      const { accounts, manager } = await loadFixture(deployed);
      for (const account of [accounts.manufacturer, accounts.guardian, accounts.issuer, accounts.stranger]) {
        await expect(manager.connect(account).setRule(REFURBISHED, RULE))
          .to.be.revertedWithCustomError(manager, "AccessControlUnauthorizedAccount")
          .withArgs(account.address, await manager.DEFAULT_ADMIN_ROLE());
      }
    });

    it("pausedUntil in the rule, is ignored: a new rule is not paused", async () => {
      const { manager } = await loadFixture(deployed);
      await manager.setRule(REFURBISHED, { ...RULE, pausedUntil: NO_END });
      expect((await manager.ruleOf(REFURBISHED)).pausedUntil).to.equal(0n);
    });

    it("while the event type is paused, neither ends the pause nor lengthens it", async () => {
      const { accounts, manager } = await loadFixture(deployed);
      const until = BigInt(await time.latest()) + 3_600n;
      await manager.connect(accounts.guardian).pause(MAINTAINED, until);
      await manager.setRule(MAINTAINED, { ...RULE, pausedUntil: 0n });
      expect((await manager.ruleOf(MAINTAINED)).pausedUntil).to.equal(until);
    });
  });

  describe("authorize", () => {
    it("event type without a rule, is refused, and so is its entry", async () => {
      const suite = await loadFixture(deployed);
      const { accounts, manager } = suite;
      const passport = await issuePassport(suite);
      await expect(manager.authorize(REFURBISHED, accounts.technician, false, ISSUED))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerEventTypeUnknown")
        .withArgs(REFURBISHED);
      await expect(passport.connect(accounts.technician).attest(REFURBISHED, DOCUMENT))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerEventTypeUnknown")
        .withArgs(REFURBISHED);
    });

    it("attester with several roles, answers those of the rule and no others", async () => {
      const { accounts, manager } = await loadFixture(deployed);
      const LOGISTICS = 1n << 3n;
      await manager.grant(accounts.stranger, MANUFACTURER | TECHNICIAN | LOGISTICS, 0, NO_END);
      expect([...(await manager.authorize(MAINTAINED, accounts.stranger, false, ISSUED))]).to.deep.equal([
        MANUFACTURER | TECHNICIAN,
        ISSUED,
      ]);
    });

    it("owner who also holds a role, answers both", async () => {
      const suite = await loadFixture(deployed);
      const { accounts, manager } = suite;
      const passport = await issuePassport(suite, { owner: accounts.technician });
      const paired = nameOf("GATEWAY_PAIRED");
      const previous = await passport.lastRecordedAt();
      const now = await nextSecond(connection);
      await expect(passport.connect(accounts.technician).attest(paired, DOCUMENT))
        .to.emit(passport, "Attested")
        .withArgs(
          2,
          paired,
          accounts.technician.address,
          TECHNICIAN | ROLE_OWNER,
          DOCUMENT,
          now,
          previous,
          accounts.technician.address,
          ISSUED,
        );
      expect([...(await manager.authorize(MAINTAINED, accounts.technician, true, ISSUED))]).to.deep.equal([
        TECHNICIAN,
        ISSUED,
      ]);
    });

    it("owner, without a rule that names the owner, is refused", async () => {
      const { accounts, manager } = await loadFixture(deployed);
      await expect(manager.authorize(MAINTAINED, accounts.owner, true, ISSUED))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerRoleMissing")
        .withArgs(MAINTAINED, accounts.owner.address, MANUFACTURER | TECHNICIAN);
    });

    it("condition without ISSUED, is refused for every event type", async () => {
      const { accounts, manager } = await loadFixture(deployed);
      const condition = 0xffffn & ~ISSUED;
      for (const eventType of await manager.eventTypes()) {
        const { requires } = await manager.ruleOf(eventType);
        await expect(manager.authorize(eventType, accounts.manufacturer, true, condition))
          .to.be.revertedWithCustomError(manager, "ManufacturerManagerConditionMissing")
          .withArgs(eventType, condition, requires);
      }
    });

    it("several reasons to refuse, are told in the order: paused, missing, forbidden, role", async () => {
      const { accounts, manager } = await loadFixture(deployed);
      const rule = { ...RULE, requires: ISSUED | IN_SERVICE };
      await manager.setRule(REFURBISHED, rule);
      const until = (await time.latest()) + 3_600;
      await manager.connect(accounts.guardian).pause(REFURBISHED, until);
      const ask = (condition: bigint) => manager.authorize(REFURBISHED, accounts.stranger, false, condition);

      await expect(ask(RETIRED))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerEventTypePaused")
        .withArgs(REFURBISHED, until);
      await manager.resume(REFURBISHED);
      await expect(ask(RETIRED))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerConditionMissing")
        .withArgs(REFURBISHED, RETIRED, ISSUED | IN_SERVICE);
      await expect(ask(ISSUED | IN_SERVICE | RETIRED))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerConditionForbids")
        .withArgs(REFURBISHED, ISSUED | IN_SERVICE | RETIRED, RETIRED);
      await expect(ask(ISSUED | IN_SERVICE))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerRoleMissing")
        .withArgs(REFURBISHED, accounts.stranger.address, TECHNICIAN);
    });
  });
});

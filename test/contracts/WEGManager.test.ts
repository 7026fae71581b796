import { expect } from "chai";
import { network } from "hardhat";
import type { DigitalPassport } from "../../types/ethers-contracts/index.js";
import {
  CONDITIONS,
  documentOf,
  fieldsOf,
  NO_END,
  nameOf,
  ROLE_OWNER,
  UNPAUSABLE_EVENT_TYPES,
  unite,
} from "../support/contract-values.js";
import { deploySuite, issuePassport, type Suite, type SuiteAccounts } from "../support/deploy-suite.js";
import { nextSecond } from "../support/next-second.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;
const deployed = () => deploySuite(connection);

/** WEG's roles and who plays them in the suite. */
const ROLES = {
  MANUFACTURER: { bit: 1n << 0n, account: "manufacturer" },
  CERTIFIER: { bit: 1n << 1n, account: "certifier" },
  EXPORTER: { bit: 1n << 2n, account: "exporter" },
  LOGISTICS: { bit: 1n << 3n, account: "logistics" },
  JOINT_MANUFACTURER: { bit: 1n << 4n, account: "jointManufacturer" },
  RETAILER: { bit: 1n << 5n, account: "retailer" },
  TECHNICIAN: { bit: 1n << 6n, account: "technician" },
  RECYCLER: { bit: 1n << 7n, account: "recycler" },
  REGULATOR: { bit: 1n << 8n, account: "regulator" },
  GATEWAY: { bit: 1n << 9n, account: "gateway" },
  OWNER: { bit: ROLE_OWNER, account: "owner" },
} as const satisfies Record<string, { readonly bit: bigint; readonly account: keyof SuiteAccounts }>;
type Role = keyof typeof ROLES;

const BITS = { ...CONDITIONS, IN_SERVICE: 0x0100n, RECALLED: 0x0200n } as const;
type Condition = keyof typeof BITS;

interface Row {
  readonly event: string;
  readonly roles: readonly Role[];
  readonly requires?: readonly Condition[];
  readonly forbids?: readonly Condition[];
  readonly sets?: readonly Condition[];
  readonly clears?: readonly Condition[];
}

const ASSEMBLERS = ["MANUFACTURER", "JOINT_MANUFACTURER", "TECHNICIAN"] as const;
const MOVERS = ["MANUFACTURER", "EXPORTER", "LOGISTICS", "JOINT_MANUFACTURER", "RETAILER"] as const;
const ANY_ROLE = [...ASSEMBLERS, "CERTIFIER", "EXPORTER", "LOGISTICS", "RETAILER", "RECYCLER", "REGULATOR"] as const;

// WEG's rules as they were agreed on, written down by hand: the contract has to say the same. All require ISSUED.
const TABLE: readonly Row[] = [
  { event: "QUALITY_TESTED", roles: ["MANUFACTURER", "CERTIFIER"], forbids: ["RETIRED"] },
  { event: "COMPONENT_INSTALLED", roles: ASSEMBLERS, forbids: ["RETIRED"] },
  { event: "COMPONENT_REMOVED", roles: ASSEMBLERS, forbids: ["RETIRED"] },
  { event: "SHIPPED", roles: MOVERS },
  { event: "RECEIVED", roles: MOVERS },
  {
    event: "COMMISSIONED",
    roles: ["JOINT_MANUFACTURER", "TECHNICIAN"],
    forbids: ["RETIRED", "IN_SERVICE", "RECALLED"],
    sets: ["IN_SERVICE"],
  },
  { event: "MAINTAINED", roles: ["MANUFACTURER", "TECHNICIAN"], forbids: ["RETIRED"] },
  { event: "REPAIRED", roles: ["MANUFACTURER", "TECHNICIAN"], forbids: ["RETIRED"] },
  { event: "PART_REPLACED", roles: ["MANUFACTURER", "TECHNICIAN"], forbids: ["RETIRED"] },
  { event: "INSPECTED", roles: ["MANUFACTURER", "CERTIFIER", "TECHNICIAN", "REGULATOR"] },
  { event: "GATEWAY_PAIRED", roles: ["MANUFACTURER", "TECHNICIAN", "OWNER"], forbids: ["RETIRED"] },
  { event: "GATEWAY_UNPAIRED", roles: ["MANUFACTURER", "TECHNICIAN", "OWNER"], forbids: ["RETIRED"] },
  { event: "READINGS", roles: ["GATEWAY"], forbids: ["RETIRED"] },
  { event: "RECALLED", roles: ["MANUFACTURER", "REGULATOR"], forbids: ["RETIRED"], sets: ["RECALLED"] },
  {
    event: "RECALL_CLOSED",
    roles: ["MANUFACTURER", "REGULATOR", "TECHNICIAN"],
    requires: ["RECALLED"],
    clears: ["RECALLED"],
  },
  { event: "STOLEN", roles: ["OWNER"], forbids: ["STOLEN", "RETIRED"], sets: ["STOLEN"] },
  { event: "RECOVERED", roles: ["OWNER"], requires: ["STOLEN"], clears: ["STOLEN"] },
  {
    event: "DECOMMISSIONED",
    roles: ["OWNER", "RECYCLER"],
    forbids: ["RETIRED", "LOCKED"],
    sets: ["RETIRED"],
    clears: ["IN_SERVICE"],
  },
  { event: "RECYCLED", roles: ["RECYCLER"], requires: ["RETIRED"] },
  { event: "SUPERSEDED", roles: ["OWNER"], forbids: ["LOCKED", "STOLEN", "SUPERSEDED"], sets: ["SUPERSEDED"] },
  { event: "CORRECTED", roles: [...ANY_ROLE, "GATEWAY", "OWNER"] },
  { event: "REVOKED", roles: [...ANY_ROLE, "GATEWAY", "OWNER"] },
];

const DOCUMENT = documentOf("a document");

const bitsOf = (conditions: readonly Condition[] = []): bigint => unite(conditions.map((name) => BITS[name]));
const rolesOf = (row: Row): bigint => unite(row.roles.map((name) => ROLES[name].bit));
const requiredBy = (row: Row): bigint => BITS.ISSUED | bitsOf(row.requires);
const conditionAfter = (row: Row, condition: bigint): bigint => (condition & ~bitsOf(row.clears)) | bitsOf(row.sets);

/** Who brings a passport into a condition. Entries, the lock and nothing else do so. */
const WAYS: readonly (readonly [Condition, string, keyof SuiteAccounts])[] = [
  ["IN_SERVICE", "COMMISSIONED", "technician"],
  ["RECALLED", "RECALLED", "manufacturer"],
  ["STOLEN", "STOLEN", "owner"],
  ["RETIRED", "DECOMMISSIONED", "recycler"],
  ["SUPERSEDED", "SUPERSEDED", "owner"],
];

/** A passport in a condition that it came into by its own history; its gateway is granted. */
async function passportIn(suite: Suite, conditions: readonly Condition[]): Promise<DigitalPassport> {
  const { accounts, manager } = suite;
  const passport = await issuePassport(suite);
  await manager.grantFor(passport, accounts.gateway, ROLES.GATEWAY.bit, 0, NO_END);
  for (const [condition, event, account] of WAYS) {
    if (conditions.includes(condition)) await passport.connect(accounts[account]).attest(nameOf(event), DOCUMENT);
  }
  if (conditions.includes("LOCKED")) {
    await passport.connect(accounts.owner).lock(accounts.buyer, (await time.latest()) + 3_600, DOCUMENT);
  }
  expect(await passport.condition(), "condition that the test wants").to.equal(BITS.ISSUED | bitsOf(conditions));
  return passport;
}

describe("WEGManager", () => {
  describe("roles and conditions", () => {
    it("roleNames, deployed, are WEG's ten, each with the bit of its constant", async () => {
      const { manager } = await loadFixture(deployed);
      const granted = Object.entries(ROLES).filter(([name]) => name !== "OWNER");
      const { roles, names } = await manager.roleNames();
      expect([...roles]).to.deep.equal(granted.map(([, { bit }]) => bit));
      expect([...names]).to.deep.equal(granted.map(([name]) => nameOf(name)));
      for (const [name, { bit }] of granted) {
        expect(await manager.getFunction(name).staticCall(), name).to.equal(bit);
        expect(await manager.roleNameOf(bit), name).to.equal(nameOf(name));
      }
    });

    it("roleNameOf, role of the owner or none, answers OWNER or zero", async () => {
      const { manager } = await loadFixture(deployed);
      expect(await manager.roleNameOf(ROLE_OWNER)).to.equal(nameOf("OWNER"));
      expect(await manager.roleNameOf(1n << 10n)).to.equal(ethers.ZeroHash);
      expect(await manager.roleNameOf(3n)).to.equal(ethers.ZeroHash);
    });

    it("perPassportRoles and ownerGrantableRoles, deployed, are the gateway, and technician and gateway", async () => {
      const { manager } = await loadFixture(deployed);
      expect(await manager.perPassportRoles()).to.equal(ROLES.GATEWAY.bit);
      expect(await manager.ownerGrantableRoles()).to.equal(ROLES.TECHNICIAN.bit | ROLES.GATEWAY.bit);
    });

    it("conditionNameOf, each bit of a brand, names IN_SERVICE and RECALLED and no other", async () => {
      const { manager } = await loadFixture(deployed);
      const named: Record<string, string> = {};
      for (let bit = 1n; bit <= 0x8000n; bit <<= 1n) {
        const name = await manager.conditionNameOf(bit);
        if (name !== ethers.ZeroHash) named[ethers.toBeHex(bit, 2)] = ethers.decodeBytes32String(name);
      }
      expect(named).to.deep.equal({ "0x0100": "IN_SERVICE", "0x0200": "RECALLED" });
    });

    it("conditionInWords, in service, recalled and stolen, names every bit", async () => {
      const suite = await loadFixture(deployed);
      const passport = await passportIn(suite, ["IN_SERVICE", "RECALLED", "STOLEN"]);
      expect(await passport.conditionInWords()).to.equal("ISSUED, STOLEN, IN_SERVICE, RECALLED");
    });
  });

  describe("rule table", () => {
    it("eventTypes, deployed, are the rows of the table and no others", async () => {
      const { manager } = await loadFixture(deployed);
      const names = (await manager.eventTypes()).map((eventType) => ethers.decodeBytes32String(eventType));
      expect(names).to.have.members(TABLE.map(({ event }) => event));
      expect(names).to.have.length(TABLE.length);
    });

    for (const row of TABLE) {
      it(`ruleOf, ${row.event}, is the row of the table`, async () => {
        const { manager } = await loadFixture(deployed);
        const rule = await manager.ruleOf(nameOf(row.event));
        expect(fieldsOf(rule)).to.deep.equal({
          roles: rolesOf(row),
          requires: requiredBy(row),
          forbids: bitsOf(row.forbids),
          sets: bitsOf(row.sets),
          clears: bitsOf(row.clears),
          pausedUntil: 0n,
        });
      });
    }

    it("pause, each event type, is refused for the five of property and truth, and taken for all others", async () => {
      const { accounts, manager } = await loadFixture(deployed);
      const guarded = manager.connect(accounts.guardian);
      const until = (await time.latest()) + 3_600;
      for (const { event } of TABLE) {
        const pausing = guarded.pause.staticCall(nameOf(event), until);
        if (UNPAUSABLE_EVENT_TYPES.some((name) => name === event)) {
          await expect(pausing, event)
            .to.be.revertedWithCustomError(manager, "ManufacturerManagerEventTypeUnpausable")
            .withArgs(nameOf(event));
        } else await pausing;
      }
    });
  });

  describe("rules played through", () => {
    for (const row of TABLE) {
      it(`attest, ${row.event} by each role, is recorded for those of the table and refused for the rest`, async () => {
        const suite = await loadFixture(deployed);
        const passport = await passportIn(suite, row.requires ?? []);
        const before = await passport.condition();
        for (const name of Object.keys(ROLES).filter((role) => !row.roles.some((allowed) => allowed === role))) {
          const account = suite.accounts[ROLES[name as Role].account]; // Safety: a key of ROLES
          await expectRoleMissing(suite, passport, row, account.address, name);
        }
        await expectRoleMissing(suite, passport, row, suite.accounts.stranger.address, "stranger");

        const untouched = await networkHelpers.takeSnapshot();
        for (const name of row.roles) {
          const { account, bit } = ROLES[name];
          const attester = suite.accounts[account];
          const previous = await passport.lastRecordedAt();
          const sequence = (await passport.entryCount()) + 1n;
          const now = await nextSecond(connection);
          const transaction = await passport.connect(attester).attest(nameOf(row.event), DOCUMENT);
          await expect(transaction, name)
            .to.emit(passport, "Attested")
            .withArgs(
              sequence,
              nameOf(row.event),
              attester.address,
              bit,
              DOCUMENT,
              now,
              previous,
              suite.accounts.owner.address,
              conditionAfter(row, before),
            );
          expect(await passport.condition(), name).to.equal(conditionAfter(row, before));
          await untouched.restore();
        }
      });
    }

    for (const row of TABLE.filter(({ forbids }) => forbids !== undefined)) {
      it(`attest, ${row.event} while ${row.forbids?.join(" or ")}, is refused`, async () => {
        const suite = await loadFixture(deployed);
        const [role] = row.roles;
        if (role === undefined) throw new Error("A rule that nobody may use");
        for (const forbidden of row.forbids ?? []) {
          const conditions = [forbidden, ...(row.requires ?? [])];
          const passport = await passportIn(suite, conditions);
          const attesting = passport.connect(suite.accounts[ROLES[role].account]).attest(nameOf(row.event), DOCUMENT);
          await expect(attesting, forbidden)
            .to.be.revertedWithCustomError(suite.manager, "ManufacturerManagerConditionForbids")
            .withArgs(nameOf(row.event), BITS.ISSUED | bitsOf(conditions), bitsOf(row.forbids));
        }
      });
    }

    for (const row of TABLE.filter(({ requires }) => requires !== undefined)) {
      it(`attest, ${row.event} without ${row.requires?.join(" and ")}, is refused`, async () => {
        const suite = await loadFixture(deployed);
        const [role] = row.roles;
        if (role === undefined) throw new Error("A rule that nobody may use");
        const passport = await passportIn(suite, []);
        const attesting = passport.connect(suite.accounts[ROLES[role].account]).attest(nameOf(row.event), DOCUMENT);
        await expect(attesting)
          .to.be.revertedWithCustomError(suite.manager, "ManufacturerManagerConditionMissing")
          .withArgs(nameOf(row.event), BITS.ISSUED, requiredBy(row));
      });
    }

    it("authorize, each event in every condition there can be, answers as the table", async () => {
      const { accounts, manager } = await loadFixture(deployed);
      const free = Object.values(BITS).filter((bit) => bit !== BITS.ISSUED);
      for (let subset = 0; subset < 2 ** free.length; ++subset) {
        const condition = BITS.ISSUED | unite(free.filter((_, index) => (subset >> index) & 1));
        // One question per event: the owner, or a manufacturer, recycler, technician who holds its first role.
        const answers = TABLE.map(async (row) => {
          const [role] = row.roles.filter((name) => name !== "GATEWAY");
          if (role === undefined) return;
          const fits = (condition & requiredBy(row)) === requiredBy(row) && (condition & bitsOf(row.forbids)) === 0n;
          const attester = accounts[ROLES[role].account];
          const asking = manager.authorize(nameOf(row.event), attester, role === "OWNER", condition);
          const answer = await asking.catch(() => undefined);
          const expected = fits ? [ROLES[role].bit, conditionAfter(row, condition)] : undefined;
          expect(answer && [...answer], `${row.event} in ${condition}`).to.deep.equal(expected);
        });
        await Promise.all(answers);
      }
    });
  });

  describe("maintenance policies", () => {
    const W22 = nameOf("W22");
    const POLICY = {
      inspectionIntervalHours: 2_000n,
      regreaseIntervalHours: 10_000n,
      bearingReplacementHours: 30_000n,
      maxWindingTemperature: 145n,
      maxBearingTemperature: 95n,
      maxVibration: 4_500n,
    };

    it("productLines, deployed, have the policy of the demonstration", async () => {
      const { manager } = await loadFixture(deployed);
      expect([...(await manager.productLines())]).to.deep.equal([W22]);
      expect(fieldsOf(await manager.maintenancePolicyOf(W22))).to.deep.equal({
        inspectionIntervalHours: 4_000n,
        regreaseIntervalHours: 20_000n,
        bearingReplacementHours: 40_000n,
        maxWindingTemperature: 155n,
        maxBearingTemperature: 110n,
        maxVibration: 2_800n,
      });
      expect([...(await manager.maintenancePolicyOf(nameOf("W60")))]).to.deep.equal([0n, 0n, 0n, 0n, 0n, 0n]);
    });

    it("setMaintenancePolicy, new product line, is kept, listed and announced", async () => {
      const { manager } = await loadFixture(deployed);
      await expect(manager.setMaintenancePolicy(nameOf("W60"), POLICY))
        .to.emit(manager, "MaintenancePolicyChanged")
        .withArgs(nameOf("W60"), Object.values(POLICY));
      expect(fieldsOf(await manager.maintenancePolicyOf(nameOf("W60")))).to.deep.equal(POLICY);
      expect([...(await manager.productLines())]).to.deep.equal([W22, nameOf("W60")]);
    });

    it("setMaintenancePolicy, known product line, replaces the policy and lists the line once", async () => {
      const { manager } = await loadFixture(deployed);
      await manager.setMaintenancePolicy(W22, POLICY);
      expect(fieldsOf(await manager.maintenancePolicyOf(W22))).to.deep.equal(POLICY);
      expect([...(await manager.productLines())]).to.deep.equal([W22]);
    });

    it("setMaintenancePolicy, no name, is refused", async () => {
      const { manager } = await loadFixture(deployed);
      await expect(manager.setMaintenancePolicy(ethers.ZeroHash, POLICY)).to.be.revertedWithCustomError(
        manager,
        "WEGManagerProductLineZero",
      );
    });

    it("setMaintenancePolicy, anybody but the administrator, is refused", async () => {
      const { accounts, manager } = await loadFixture(deployed);
      for (const account of [accounts.manufacturer, accounts.guardian, accounts.stranger]) {
        await expect(manager.connect(account).setMaintenancePolicy(W22, POLICY))
          .to.be.revertedWithCustomError(manager, "AccessControlUnauthorizedAccount")
          .withArgs(account.address, await manager.DEFAULT_ADMIN_ROLE());
      }
    });
  });
});

/** Asks as the account would, by transaction. */
async function expectRoleMissing(
  { connection: { ethers }, manager }: Suite,
  passport: DigitalPassport,
  row: Row,
  account: string,
  name: string,
): Promise<void> {
  const attesting = passport.connect(await ethers.getSigner(account)).attest(nameOf(row.event), DOCUMENT);
  await expect(attesting, name)
    .to.be.revertedWithCustomError(manager, "ManufacturerManagerRoleMissing")
    .withArgs(nameOf(row.event), account, rolesOf(row));
}

import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import type { DigitalPassport } from "../../../types/ethers-contracts/index.js";
import { documentOf, NATIVE_EVENT_TYPES, NO_END, nameOf } from "../../support/contract-values.js";
import { issuePassport, type Suite } from "../../support/deploy-suite.js";
import { sign } from "../../support/signing.js";
import { connection, grantTo, inAnHour, loadSuite, now, ROLES, snapshotOf, WEG_CONDITIONS } from "./deployed-suite.js";
import { expectEntry, expectUntouched } from "./expect-entry.js";
import { newSlotsOf } from "./new-slots.js";
import { SIGNATORY_KINDS } from "./signatory-kinds.js";

/** An attester, with the way in which his entries reach a passport. */
export interface Attester {
  readonly address: string;
  readonly signer: string;
  readonly attest: (
    passport: DigitalPassport,
    event: { readonly type: string; readonly document: string },
  ) => Promise<ContractTransactionResponse>;
}

/** A way to write an entry. */
export interface Way {
  readonly name: string;
  /** Storage slots that an entry takes for good. */
  readonly newSlots: number;
  readonly create: (suite: Suite) => Promise<Attester>;
}

const accountsTransaction: Way = {
  name: "an account's transaction",
  newSlots: 0,
  create: async ({ accounts }) => ({
    address: accounts.stranger.address,
    signer: "0x",
    attest: (passport, { type, document }) => passport.connect(accounts.stranger).attest(nameOf(type), document),
  }),
};

const contractsTransaction: Way = {
  name: "a contract wallet's transaction",
  newSlots: 0,
  create: async ({ accounts, connection: { ethers } }) => {
    const wallet = await ethers.deployContract("Erc1271Wallet", [accounts.stranger]);
    return {
      address: await wallet.getAddress(),
      signer: "0x",
      attest: (passport, { type, document }) =>
        wallet
          .connect(accounts.stranger)
          .execute(passport, passport.interface.encodeFunctionData("attest", [nameOf(type), document])),
    };
  },
};

const signedWays: readonly Way[] = SIGNATORY_KINDS.flatMap((kind) =>
  [true, false].map((isExact) => ({
    name: `a signature of ${kind.name} for ${isExact ? "the next" : "any"} position`,
    newSlots: isExact ? 0 : 1,
    create: async (suite: Suite) => {
      const signatory = await kind.create(suite, "attester");
      const attest: Attester["attest"] = async (passport, { type, document }) => {
        const message = {
          eventType: nameOf(type),
          document,
          attester: signatory.address,
          sequence: isExact ? (await passport.entryCount()) + 1n : 0n,
          deadline: await inAnHour(),
        };
        const signature = await sign(signatory, { passport, type: "Attestation", message });
        return passport.connect(suite.accounts.gateway).attestBySignature(message, signatory.signer, signature);
      };
      return { address: signatory.address, signer: signatory.signer, attest };
    },
  })),
);

/** Every way to write an entry. */
export const WAYS: readonly Way[] = [accountsTransaction, contractsTransaction, ...signedWays];

/**
 * What holds for every entry, in whichever way it is written.
 *
 * @param way - the way
 */
export function shouldRecordEntries(way: Way): void {
  const prepare = async () => {
    const suite = await loadSuite();
    const attester = await way.create(suite);
    await grantTo(suite, { signatory: attester, roles: ROLES.TECHNICIAN });
    const passport = await issuePassport(suite);
    return { ...suite, suite, attester, passport };
  };
  const load = snapshotOf(prepare);
  const maintained = { type: "MAINTAINED", document: documentOf("maintenance") } as const;

  it("attest, attester with the role, records one entry with everything in it", async () => {
    const { accounts, attester, passport } = await load();
    await expectEntry(passport, {
      send: () => attester.attest(passport, maintained),
      entry: {
        eventType: nameOf("MAINTAINED"),
        attester: attester.address,
        roles: ROLES.TECHNICIAN,
        document: maintained.document,
        owner: accounts.owner.address,
        condition: WEG_CONDITIONS.ISSUED,
      },
    });
  });

  it("attest, several entries, tells in each when the one before was", async () => {
    const { attester, passport } = await load();
    const times = [await passport.lastRecordedAt()];
    for (const part of ["first", "second", "third"]) {
      await connection.networkHelpers.time.increase(1_000);
      await attester.attest(passport, { ...maintained, document: documentOf(`${part} maintenance`) });
      times.push(await passport.lastRecordedAt());
    }
    expect(new Set(times).size, "different times").to.equal(4);
    const events = await passport.queryFilter(passport.filters.Attested());
    expect(events.map(({ args }) => args.recordedAt)).to.deep.equal(times);
    expect(events.map(({ args }) => args.previousRecordedAt)).to.deep.equal([0n, ...times.slice(0, -1)]);
  });

  it("attest, rule with an effect, sets and clears the rule's bits", async () => {
    const { accounts, attester, passport } = await load();
    const entry = { attester: attester.address, roles: ROLES.TECHNICIAN, owner: accounts.owner.address };
    const commissioning = documentOf("commissioning");
    await expectEntry(passport, {
      send: () => attester.attest(passport, { type: "COMMISSIONED", document: commissioning }),
      entry: {
        ...entry,
        eventType: nameOf("COMMISSIONED"),
        document: commissioning,
        condition: WEG_CONDITIONS.ISSUED | WEG_CONDITIONS.IN_SERVICE,
      },
    });
    await passport.connect(accounts.regulator).attest(nameOf("RECALLED"), documentOf("recall"));
    const remedy = documentOf("remedy");
    await expectEntry(passport, {
      send: () => attester.attest(passport, { type: "RECALL_CLOSED", document: remedy }),
      entry: {
        ...entry,
        eventType: nameOf("RECALL_CLOSED"),
        document: remedy,
        condition: WEG_CONDITIONS.ISSUED | WEG_CONDITIONS.IN_SERVICE,
      },
    });
  });

  it("attest, attester with several roles, names those of the rule only", async () => {
    const { attester, passport, suite } = await load();
    await grantTo(suite, { signatory: attester, roles: ROLES.TECHNICIAN | ROLES.MANUFACTURER | ROLES.CERTIFIER });
    await expect(attester.attest(passport, maintained))
      .to.emit(passport, "Attested")
      .withArgs(2, nameOf("MAINTAINED"), attester.address, ROLES.TECHNICIAN | ROLES.MANUFACTURER, ...anyArguments(5));
  });

  it("attest, attester is the owner, names the owner's role beside his others", async () => {
    const { attester, suite } = await load();
    const own = await issuePassport(suite, { owner: attester.address });
    await expectEntry(own, {
      send: () => attester.attest(own, { type: "CORRECTED", document: documentOf("correction") }),
      entry: {
        eventType: nameOf("CORRECTED"),
        attester: attester.address,
        roles: ROLES.TECHNICIAN | ROLES.OWNER,
        document: documentOf("correction"),
        owner: attester.address,
        condition: WEG_CONDITIONS.ISSUED,
      },
    });
  });

  it("attest, STOLEN and RECOVERED by the owner, sets and clears STOLEN", async () => {
    const { attester, suite } = await load();
    const own = await issuePassport(suite, { owner: attester.address });
    const entry = { attester: attester.address, roles: ROLES.OWNER, owner: attester.address };
    for (const [type, condition] of [
      ["STOLEN", WEG_CONDITIONS.ISSUED | WEG_CONDITIONS.STOLEN],
      ["RECOVERED", WEG_CONDITIONS.ISSUED],
    ] as const) {
      await expectEntry(own, {
        send: () => attester.attest(own, { type, document: documentOf(type) }),
        entry: { ...entry, eventType: nameOf(type), document: documentOf(type), condition },
      });
    }
  });

  it("attest, STOLEN by another than the owner, is refused", async () => {
    const { attester, manager, passport } = await load();
    await expect(attester.attest(passport, { type: "STOLEN", document: documentOf("report") }))
      .to.be.revertedWithCustomError(manager, "ManufacturerManagerRoleMissing")
      .withArgs(nameOf("STOLEN"), attester.address, ROLES.OWNER);
  });

  it("attest, without a role of the rule, is refused", async () => {
    const { attester, manager, passport } = await load();
    const { roles } = await manager.ruleOf(nameOf("QUALITY_TESTED"));
    await expectUntouched(passport, () =>
      expect(attester.attest(passport, { type: "QUALITY_TESTED", document: documentOf("test") }))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerRoleMissing")
        .withArgs(nameOf("QUALITY_TESTED"), attester.address, roles),
    );
  });

  it("attest, grant not yet valid or no longer, is refused", async () => {
    const { attester, manager, passport } = await load();
    const { roles } = await manager.ruleOf(nameOf("MAINTAINED"));
    const time = await now();
    for (const [from, until] of [
      [time + 1_000n, NO_END],
      [0n, time],
    ] as const) {
      await manager.grant(attester.address, ROLES.TECHNICIAN, from, until);
      await expect(attester.attest(passport, maintained))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerRoleMissing")
        .withArgs(nameOf("MAINTAINED"), attester.address, roles);
    }
  });

  it("attest, attester revoked, is refused for ever, and what he wrote stays", async () => {
    const { attester, manager, passport } = await load();
    await attester.attest(passport, maintained);
    await manager.revoke(attester.address);
    const revokedAt = await now();
    await expectUntouched(passport, () =>
      expect(attester.attest(passport, { ...maintained, document: documentOf("too late") }))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerAttesterRevoked")
        .withArgs(attester.address, revokedAt),
    );
    expect(await passport.entryCount()).to.equal(2n);
  });

  it("attest, grant for one passport, counts on that one only", async () => {
    const { attester, manager, passport, suite } = await load();
    const other = await issuePassport(suite);
    await manager.grantFor(passport, attester.address, ROLES.GATEWAY, 0, NO_END);
    const readings = { type: "READINGS", document: documentOf("readings") } as const;
    await expect(attester.attest(passport, readings))
      .to.emit(passport, "Attested")
      .withArgs(2, nameOf("READINGS"), attester.address, ROLES.GATEWAY, ...anyArguments(5));
    await expect(attester.attest(other, readings))
      .to.be.revertedWithCustomError(manager, "ManufacturerManagerRoleMissing")
      .withArgs(nameOf("READINGS"), attester.address, ROLES.GATEWAY);
  });

  it("attest, event type without a rule, is refused", async () => {
    const { attester, manager, passport } = await load();
    await expect(attester.attest(passport, { type: "PAINTED", document: documentOf("colour") }))
      .to.be.revertedWithCustomError(manager, "ManufacturerManagerEventTypeUnknown")
      .withArgs(nameOf("PAINTED"));
  });

  it("attest, condition without a required bit or with a forbidden one, is refused", async () => {
    const { attester, manager, passport } = await load();
    await expect(attester.attest(passport, { type: "RECALL_CLOSED", document: documentOf("remedy") }))
      .to.be.revertedWithCustomError(manager, "ManufacturerManagerConditionMissing")
      .withArgs(nameOf("RECALL_CLOSED"), WEG_CONDITIONS.ISSUED, WEG_CONDITIONS.ISSUED | WEG_CONDITIONS.RECALLED);
    await attester.attest(passport, { type: "COMMISSIONED", document: documentOf("commissioning") });
    await expect(attester.attest(passport, { type: "COMMISSIONED", document: documentOf("again") }))
      .to.be.revertedWithCustomError(manager, "ManufacturerManagerConditionForbids")
      .withArgs(
        nameOf("COMMISSIONED"),
        WEG_CONDITIONS.ISSUED | WEG_CONDITIONS.IN_SERVICE,
        WEG_CONDITIONS.RETIRED | WEG_CONDITIONS.IN_SERVICE | WEG_CONDITIONS.RECALLED,
      );
  });

  it("attest, event type paused, is refused until the pause ends", async () => {
    const { accounts, attester, manager, passport } = await load();
    const until = (await now()) + 1_000n;
    await manager.connect(accounts.guardian).pause(nameOf("MAINTAINED"), until);
    await expect(attester.attest(passport, maintained))
      .to.be.revertedWithCustomError(manager, "ManufacturerManagerEventTypePaused")
      .withArgs(nameOf("MAINTAINED"), until);
    await connection.networkHelpers.time.increaseTo(until + 1n);
    await expect(attester.attest(passport, maintained)).to.emit(passport, "Attested");
  });

  for (const native of NATIVE_EVENT_TYPES) {
    it(`attest, ${native}, is refused: only the passport itself records it`, async () => {
      const { attester, suite } = await load();
      const own = await issuePassport(suite, { owner: attester.address });
      await expectUntouched(own, () =>
        expect(attester.attest(own, { type: native, document: documentOf("forgery") }))
          .to.be.revertedWithCustomError(own, "DigitalPassportEventTypeNative")
          .withArgs(nameOf(native)),
      );
    });
  }

  it("attest, without a document, is refused", async () => {
    const { attester, passport } = await load();
    await expectUntouched(passport, () =>
      expect(
        attester.attest(passport, { type: "MAINTAINED", document: `0x${"00".repeat(32)}` }),
      ).to.be.revertedWithCustomError(passport, "DigitalPassportDocumentZero"),
    );
  });

  it(`attest, any entry, takes ${way.newSlots} new storage slots anywhere`, async () => {
    const { attester, passport } = await load();
    const address = (await passport.getAddress()).toLowerCase();
    for (const type of ["MAINTAINED", "COMMISSIONED"] as const) {
      const slots = await newSlotsOf(connection, await attester.attest(passport, { type, document: documentOf(type) }));
      expect(slots.map(({ contract }) => contract)).to.deep.equal(Array(way.newSlots).fill(address));
    }
  });
}

const anyArguments = (count: number): (() => boolean)[] => Array(count).fill(() => true);

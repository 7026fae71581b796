import { expect } from "chai";
import { decodeBytes32String } from "ethers";
import { documentOf, NO_END, nameOf } from "../../support/contract-values.js";
import { readEntries, replayEntries } from "../../support/replay-head.js";
import { accountOf, domainOf, sign } from "../../support/signing.js";
import { inAnHour, loadPassport, ROLES, snapshotOf, WEG_CONDITIONS } from "../behaviours/deployed-suite.js";
import { expectRefusals } from "../behaviours/expect-refusals.js";

const document = documentOf("whatever the owner wants");
const { ISSUED, RECALLED, RETIRED, STOLEN } = WEG_CONDITIONS;

/** A motor that has been maintained, seen from its owner. */
const load = snapshotOf(async () => {
  const scene = await loadPassport();
  const { accounts, passport } = scene;
  await passport.connect(accounts.technician).attest(nameOf("MAINTAINED"), documentOf("maintenance"));
  const byOwner = passport.connect(accounts.owner);
  const attest = (type: string) => byOwner.attest(nameOf(type), document);
  return { ...scene, byOwner, attest };
});

describe("A hostile owner cannot", () => {
  it("change, remove or reorder an entry", async () => {
    const { accounts, attest, byOwner, passport } = await load();
    const before = await readEntries(passport);
    for (const type of ["CORRECTED", "REVOKED", "STOLEN", "RECOVERED", "SUPERSEDED"]) await attest(type);
    await byOwner.lock(accounts.owner, await inAnHour(), document);
    await byOwner.release();
    await attest("DECOMMISSIONED");
    const entries = await readEntries(passport);
    expect(entries.slice(0, before.length)).to.deep.equal(before);
    const { chainId } = await domainOf(passport);
    const replayed = replayEntries(entries, { chainId: BigInt(chainId), passport: await passport.getAddress() });
    expect(replayed.head).to.equal(await passport.head());
  });

  it("clear a lock that somebody else holds, before it ends", async () => {
    const { accounts, byOwner, passport } = await load();
    await byOwner.lock(accounts.logistics, await inAnHour(), document);
    await expectRefusals(passport, [
      [passport, "DigitalPassportNotLockHolder", () => byOwner.release()],
      [
        passport,
        "DigitalPassportConditionForbids",
        async () => byOwner.lock(accounts.owner, await inAnHour(), document),
      ],
    ]);
  });

  it("undo a retirement", async () => {
    const { attest, manager, passport } = await load();
    await attest("DECOMMISSIONED");
    // What a retired product still allows, and nothing of it brings the product back.
    const refused: string[] = [];
    for (const type of (await manager.eventTypes()).map(decodeBytes32String)) {
      await attest(type).catch(() => refused.push(type));
      expect((await passport.condition()) & RETIRED, type).to.equal(RETIRED);
    }
    expect(refused).to.include.members(["DECOMMISSIONED", "COMMISSIONED", "STOLEN", "RECOVERED"]);
  });

  it("sell or lock a product while it is locked or reported stolen", async () => {
    const { accounts, attest, byOwner, passport } = await load();
    const attempts = [
      [
        passport,
        "DigitalPassportConditionForbids",
        async () => byOwner.offerOwnership(accounts.buyer, document, await inAnHour()),
      ],
      [
        passport,
        "DigitalPassportConditionForbids",
        async () => byOwner.lock(accounts.owner, await inAnHour(), document),
      ],
    ] as const;
    await attest("STOLEN");
    await expectRefusals(passport, attempts);
    await attest("RECOVERED");
    await byOwner.lock(accounts.logistics, await inAnHour(), document);
    await expectRefusals(passport, attempts);
  });

  it("make somebody the owner who has not agreed", async () => {
    const { accounts, byOwner, passport } = await load();
    await byOwner.offerOwnership(accounts.buyer, document, await inAnHour());
    const acceptance = {
      newOwner: accounts.buyer.address,
      document,
      offerNonce: 1n,
      expectedHead: await passport.head(),
      deadline: await inAnHour(),
    };
    const signature = await sign(accountOf("owner"), { passport, type: "Accept", message: acceptance });
    await expectRefusals(passport, [
      [passport, "DigitalPassportNotOffered", async () => byOwner.acceptOwnership(document, await passport.head())],
      [passport, "AttesterSignatureInvalid", () => byOwner.acceptOwnershipBySignature(acceptance, "0x", signature)],
    ]);
  });

  it("change the terms that a buyer has read, nor the history behind his back", async () => {
    const { accounts, attest, byOwner, passport } = await load();
    const buyer = accountOf("buyer");
    await byOwner.offerOwnership(buyer.address, document, await inAnHour());
    const accept = async (offerNonce: bigint, of = document) => {
      const expectedHead = await passport.head();
      const deadline = await inAnHour();
      const message = { newOwner: buyer.address, document: of, offerNonce, expectedHead, deadline };
      const signature = await sign(buyer, { passport, type: "Accept", message });
      return () => passport.connect(accounts.stranger).acceptOwnershipBySignature(message, "0x", signature);
    };
    const agreed = await accept(1n);
    await byOwner.offerOwnership(buyer.address, documentOf("other terms"), await inAnHour());
    await expectRefusals(passport, [
      [passport, "DigitalPassportOfferNonceMismatch", agreed],
      [passport, "DigitalPassportDocumentMismatch", await accept(2n)],
    ]);
    const again = await accept(2n, documentOf("other terms"));
    await attest("CORRECTED");
    await expectRefusals(passport, [[passport, "DigitalPassportHeadMismatch", again]]);
  });

  it("record what needs a role of the trade, nor grant himself one that the manufacturer keeps", async () => {
    const { accounts, attest, manager, passport } = await load();
    const byOwner = manager.connect(accounts.owner);
    await expectRefusals(passport, [
      [manager, "ManufacturerManagerRoleMissing", () => attest("MAINTAINED")],
      [manager, "ManufacturerManagerRoleMissing", () => attest("QUALITY_TESTED")],
      [
        manager,
        "ManufacturerManagerRolesNotGrantable",
        () => byOwner.grantFor(passport, accounts.owner, ROLES.CERTIFIER, 0, NO_END),
      ],
      [manager, "AccessControlUnauthorizedAccount", () => byOwner.grant(accounts.owner, ROLES.TECHNICIAN, 0, NO_END)],
    ]);
  });

  it("end a recall", async () => {
    const { accounts, attest, manager, passport } = await load();
    await passport.connect(accounts.regulator).attest(nameOf("RECALLED"), document);
    await expectRefusals(passport, [[manager, "ManufacturerManagerRoleMissing", () => attest("RECALL_CLOSED")]]);
    expect(await passport.condition()).to.equal(ISSUED | RECALLED);
  });

  it("do anything once he has sold", async () => {
    const { accounts, attest, byOwner, manager, passport } = await load();
    await byOwner.offerOwnership(accounts.buyer, document, await inAnHour());
    await passport.connect(accounts.buyer).acceptOwnership(document, await passport.head());
    await expectRefusals(passport, [
      [manager, "ManufacturerManagerRoleMissing", () => attest("STOLEN")],
      [
        passport,
        "DigitalPassportNotOwner",
        async () => byOwner.offerOwnership(accounts.owner, document, await inAnHour()),
      ],
      [passport, "DigitalPassportNotOwner", async () => byOwner.lock(accounts.owner, await inAnHour(), document)],
      [
        manager,
        "ManufacturerManagerNotAdministratorNorOwner",
        () => manager.connect(accounts.owner).grantFor(passport, accounts.owner, ROLES.TECHNICIAN, 0, NO_END),
      ],
    ]);
  });
});

describe("A hostile owner can", () => {
  it("report a theft that never was; the entry names him", async () => {
    const { accounts, attest, passport } = await load();
    await attest("STOLEN");
    expect(await passport.condition()).to.equal(ISSUED | STOLEN);
    expect((await readEntries(passport)).at(-1)?.attester).to.equal(accounts.owner.address);
  });

  it("retire or supersede his own product", async () => {
    const { attest, passport } = await load();
    await attest("SUPERSEDED");
    await attest("DECOMMISSIONED");
    expect(await passport.condition()).to.equal(ISSUED | WEG_CONDITIONS.SUPERSEDED | RETIRED);
  });

  it("make a buyer's acceptance void by recording something before it arrives", async () => {
    const { accounts, attest, byOwner, passport } = await load();
    await byOwner.offerOwnership(accounts.buyer, document, await inAnHour());
    const seen = await passport.head();
    await attest("CORRECTED");
    await expectRefusals(passport, [
      [passport, "DigitalPassportHeadMismatch", () => passport.connect(accounts.buyer).acceptOwnership(document, seen)],
    ]);
  });

  it("name a friend his workshop, whose entries count as a technician's on this product alone", async () => {
    const { accounts, manager, passport } = await load();
    await manager.connect(accounts.owner).grantFor(passport, accounts.stranger, ROLES.TECHNICIAN, 0, NO_END);
    await passport.connect(accounts.stranger).attest(nameOf("MAINTAINED"), document);
    expect((await readEntries(passport)).at(-1)?.roles).to.equal(ROLES.TECHNICIAN);
    expect(await manager.rolesOf(accounts.stranger, accounts.stranger), "elsewhere").to.equal(0n);
  });
});

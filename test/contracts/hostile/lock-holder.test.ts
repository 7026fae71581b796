import { expect } from "chai";
import { documentOf, nameOf } from "../../support/contract-values.js";
import { accountOf, type Messages, sign } from "../../support/signing.js";
import { inAnHour, loadPassport, recordNextAt, snapshotOf } from "../behaviours/deployed-suite.js";
import { expectRefusals } from "../behaviours/expect-refusals.js";

const document = documentOf("whatever the holder wants");
const buyer = accountOf("buyer");

/** A motor that the account `logistics` has locked for an hour. */
const load = snapshotOf(async () => {
  const scene = await loadPassport();
  const { accounts, passport } = scene;
  const until = await inAnHour();
  await passport.connect(accounts.owner).lock(accounts.logistics, until, documentOf("lock"));
  const byHolder = passport.connect(accounts.logistics);

  /** What the buyer signs; the holder may submit something else. */
  const acceptance = async (overrides: Partial<Messages["Accept"]> = {}) => ({
    newOwner: buyer.address,
    document: documentOf("sale"),
    offerNonce: 1n,
    expectedHead: await passport.head(),
    deadline: until + 1_000n,
    ...overrides,
  });
  const settle = async (signed: Messages["Accept"], submitted = signed) =>
    byHolder.settle(submitted, "0x", await sign(buyer, { passport, type: "Accept", message: signed }));
  return { ...scene, until, byHolder, acceptance, settle };
});

describe("A hostile holder of a lock cannot", () => {
  it("keep the product: after its end anybody releases the lock", async () => {
    const { accounts, passport, until } = await load();
    await recordNextAt(until + 1n);
    await passport.connect(accounts.stranger).release();
    await passport.connect(accounts.owner).offerOwnership(accounts.buyer, document, until + 10n);
  });

  it("make somebody the owner, himself included, who has not signed", async () => {
    const { accounts, acceptance, passport, settle } = await load();
    const signed = await acceptance();
    await expectRefusals(passport, [
      [passport, "AttesterSignatureInvalid", () => settle(signed, { ...signed, newOwner: accounts.logistics.address })],
      [passport, "DigitalPassportAddressZero", () => settle(signed, { ...signed, newOwner: `0x${"00".repeat(20)}` })],
    ]);
  });

  it("settle on other terms or another history than the buyer has signed", async () => {
    const { accounts, acceptance, passport, settle } = await load();
    const signed = await acceptance();
    await passport.connect(accounts.technician).attest(nameOf("MAINTAINED"), document);
    const head = await passport.head();
    await expectRefusals(passport, [
      [passport, "DigitalPassportHeadMismatch", () => settle(signed)],
      [passport, "AttesterSignatureInvalid", () => settle(signed, { ...signed, expectedHead: head })],
      [
        passport,
        "AttesterSignatureInvalid",
        () => settle({ ...signed, expectedHead: head }, { ...signed, expectedHead: head, document }),
      ],
    ]);
  });

  it("settle after the lock has ended, or while the product is reported stolen", async () => {
    const { accounts, acceptance, passport, settle, until } = await load();
    const byOwner = passport.connect(accounts.owner);
    await byOwner.attest(nameOf("STOLEN"), document);
    await expectRefusals(passport, [
      [passport, "DigitalPassportConditionForbids", async () => settle(await acceptance())],
    ]);
    await byOwner.attest(nameOf("RECOVERED"), document);
    await recordNextAt(until + 1n);
    await expectRefusals(passport, [[passport, "DigitalPassportExpired", async () => settle(await acceptance())]]);
  });

  it("lengthen the lock, offer the product or record anything else", async () => {
    const { accounts, byHolder, passport, until } = await load();
    const { manager } = await load();
    await expectRefusals(passport, [
      [passport, "DigitalPassportNotOwner", () => byHolder.lock(accounts.logistics, until + 1n, document)],
      [passport, "DigitalPassportNotOwner", () => byHolder.offerOwnership(accounts.logistics, document, until)],
      [passport, "DigitalPassportEventTypeNative", () => byHolder.attest(nameOf("RELEASED"), document)],
      [manager, "ManufacturerManagerRoleMissing", () => byHolder.attest(nameOf("MAINTAINED"), document)],
    ]);
  });

  it("use the same acceptance twice", async () => {
    const { acceptance, accounts, passport, settle } = await load();
    const signed = await acceptance();
    await settle(signed);
    expect(await passport.owner()).to.equal(buyer.address);
    await expectRefusals(passport, [[passport, "DigitalPassportNotLockHolder", () => settle(signed)]]);
    expect(accounts.owner.address).not.to.equal(buyer.address);
  });
});

describe("A hostile holder of a lock can", () => {
  it("settle to whoever signs an acceptance, also on terms that the owner has never seen", async () => {
    const { acceptance, passport, settle } = await load();
    await settle(await acceptance({ document: documentOf("for one cent") }));
    expect(await passport.owner()).to.equal(buyer.address);
  });

  it("hold a product back for as long as its owner has locked it, at most 30 days", async () => {
    const { accounts, passport, until } = await load();
    await recordNextAt(until);
    await expectRefusals(passport, [
      [
        passport,
        "DigitalPassportConditionForbids",
        () => passport.connect(accounts.owner).offerOwnership(accounts.buyer, document, until + 10n),
      ],
    ]);
    await passport.connect(accounts.logistics).release();
    const tooLong = until + 31n * 24n * 3_600n;
    await expectRefusals(passport, [
      [
        passport,
        "DigitalPassportLockTooLong",
        () => passport.connect(accounts.owner).lock(accounts.logistics, tooLong, document),
      ],
    ]);
  });
});

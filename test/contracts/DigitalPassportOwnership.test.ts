import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import { documentOf, nameOf } from "../support/contract-values.js";
import { domainOf, TYPES } from "../support/signing.js";
import {
  inAnHour,
  loadPassport,
  now,
  ROLES,
  recordNextAt,
  snapshotOf,
  WEG_CONDITIONS,
} from "./behaviours/deployed-suite.js";
import { expectEntry, expectUntouched } from "./behaviours/expect-entry.js";

const { ISSUED, LOCKED, RETIRED, STOLEN, SUPERSEDED, IN_SERVICE, RECALLED } = WEG_CONDITIONS;
const sale = documentOf("sale");

/** A passport whose owner offers it to the account `buyer` for an hour. */
const offered = snapshotOf(async () => {
  const scene = await loadPassport();
  const { owner, buyer } = scene.accounts;
  const expiresAt = await inAnHour();
  await scene.passport.connect(owner).offerOwnership(buyer, sale, expiresAt);
  return { ...scene, expiresAt, ownersPassport: scene.passport.connect(owner), by: scene.passport.connect(buyer) };
});

const reportStolen = ({ accounts, passport }: Awaited<ReturnType<typeof loadPassport>>) =>
  passport.connect(accounts.owner).attest(nameOf("STOLEN"), documentOf("report"));

const lock = async ({ accounts, passport }: Awaited<ReturnType<typeof loadPassport>>) =>
  passport.connect(accounts.owner).lock(accounts.logistics, await inAnHour(), documentOf("lock"));

const retire = ({ accounts, passport }: Awaited<ReturnType<typeof loadPassport>>) =>
  passport.connect(accounts.owner).attest(nameOf("DECOMMISSIONED"), documentOf("end"));

describe("DigitalPassport: offering", () => {
  it("offerOwnership, by the owner, is pending and changes no entry", async () => {
    const { accounts, passport } = await loadPassport();
    const expiresAt = await inAnHour();
    const head = await passport.head();
    const ownersPassport = passport.connect(accounts.owner);
    expect(await ownersPassport.offerOwnership.staticCall(accounts.buyer, sale, expiresAt)).to.equal(1n);
    const offering = ownersPassport.offerOwnership(accounts.buyer, sale, expiresAt);
    await expect(offering).to.emit(passport, "OwnershipOffered").withArgs(1, accounts.buyer.address, sale, expiresAt);
    expect((await (await offering).wait())?.logs.length, "events").to.equal(1);
    expect(await passport.pendingOffer()).to.deep.equal([accounts.buyer.address, sale, 1n, expiresAt]);
    expect(await passport.offerNonce()).to.equal(1n);
    expect(await passport.head()).to.equal(head);
    expect(await passport.owner()).to.equal(accounts.owner.address);
  });

  it("offerOwnership, by anybody else, is refused", async () => {
    const { accounts, passport } = await loadPassport();
    for (const caller of [accounts.admin, accounts.manufacturer, accounts.buyer, accounts.stranger]) {
      await expect(passport.connect(caller).offerOwnership(accounts.buyer, sale, await inAnHour()))
        .to.be.revertedWithCustomError(passport, "DigitalPassportNotOwner")
        .withArgs(caller.address, accounts.owner.address);
    }
  });

  it("offerOwnership, to nobody, is refused", async () => {
    const { accounts, passport } = await loadPassport();
    await expect(
      passport.connect(accounts.owner).offerOwnership(ZeroAddress, sale, await inAnHour()),
    ).to.be.revertedWithCustomError(passport, "DigitalPassportAddressZero");
  });

  it("offerOwnership, without a document, is refused", async () => {
    const { accounts, passport } = await loadPassport();
    await expect(
      passport.connect(accounts.owner).offerOwnership(accounts.buyer, ZeroHash, await inAnHour()),
    ).to.be.revertedWithCustomError(passport, "DigitalPassportDocumentZero");
  });

  it("offerOwnership, in its last second, is made", async () => {
    const { accounts, passport } = await loadPassport();
    const expiresAt = await inAnHour();
    await recordNextAt(expiresAt);
    await expect(passport.connect(accounts.owner).offerOwnership(accounts.buyer, sale, expiresAt)).to.emit(
      passport,
      "OwnershipOffered",
    );
  });

  it("offerOwnership, expired, is refused", async () => {
    const { accounts, passport } = await loadPassport();
    const expiresAt = await inAnHour();
    await recordNextAt(expiresAt + 1n);
    await expect(passport.connect(accounts.owner).offerOwnership(accounts.buyer, sale, expiresAt))
      .to.be.revertedWithCustomError(passport, "DigitalPassportExpired")
      .withArgs(expiresAt, expiresAt + 1n);
  });

  it("offerOwnership, expiring later than 40 bits of seconds, is refused", async () => {
    const { accounts, passport } = await loadPassport();
    await expect(passport.connect(accounts.owner).offerOwnership(accounts.buyer, sale, 2n ** 40n))
      .to.be.revertedWithCustomError(passport, "SafeCastOverflowedUintDowncast")
      .withArgs(40, 2n ** 40n);
  });

  it("offerOwnership, while locked or stolen or both, is refused", async () => {
    const scene = await loadPassport();
    const { accounts, passport } = scene;
    const attempt = async (condition: bigint, forbidden: bigint) =>
      expect(passport.connect(accounts.owner).offerOwnership(accounts.buyer, sale, await inAnHour()))
        .to.be.revertedWithCustomError(passport, "DigitalPassportConditionForbids")
        .withArgs(condition, forbidden);
    await lock(scene);
    await attempt(ISSUED | LOCKED, LOCKED);
    await reportStolen(scene);
    await attempt(ISSUED | LOCKED | STOLEN, LOCKED | STOLEN);
    await passport.connect(accounts.logistics).release();
    await attempt(ISSUED | STOLEN, STOLEN);
  });

  it("offerOwnership, retired and superseded, is made: there is still something to own", async () => {
    const scene = await loadPassport();
    const { accounts, passport } = scene;
    await retire(scene);
    await passport.connect(accounts.owner).attest(nameOf("SUPERSEDED"), documentOf("successor"));
    await passport.connect(accounts.owner).offerOwnership(accounts.buyer, sale, await inAnHour());
    await passport.connect(accounts.buyer).acceptOwnership(sale, await passport.head());
    expect(await passport.owner()).to.equal(accounts.buyer.address);
    expect(await passport.condition()).to.equal(ISSUED | RETIRED | SUPERSEDED);
  });

  it("offerOwnership, while one is pending, replaces it under the next number", async () => {
    const { accounts, by, ownersPassport, passport } = await offered();
    const expiresAt = await inAnHour();
    const another = documentOf("another sale");
    await expect(ownersPassport.offerOwnership(accounts.retailer, another, expiresAt))
      .to.emit(passport, "OwnershipOffered")
      .withArgs(2, accounts.retailer.address, another, expiresAt);
    expect(await passport.pendingOffer()).to.deep.equal([accounts.retailer.address, another, 2n, expiresAt]);
    await expect(by.acceptOwnership(sale, await passport.head()))
      .to.be.revertedWithCustomError(passport, "DigitalPassportNotOffered")
      .withArgs(accounts.buyer.address, accounts.retailer.address);
  });
});

describe("DigitalPassport: cancelling an offer", () => {
  it("cancelOffer, pending offer, withdraws it and keeps its number", async () => {
    const { ownersPassport, passport } = await offered();
    const head = await passport.head();
    await expect(ownersPassport.cancelOffer()).to.emit(passport, "OfferCancelled").withArgs(1);
    expect(await passport.pendingOffer()).to.deep.equal([ZeroAddress, ZeroHash, 0n, 0n]);
    expect(await passport.offerNonce()).to.equal(1n);
    expect(await passport.head()).to.equal(head);
  });

  it("cancelOffer, then accepted, is refused", async () => {
    const { accounts, by, ownersPassport, passport } = await offered();
    await ownersPassport.cancelOffer();
    await expect(by.acceptOwnership(sale, await passport.head()))
      .to.be.revertedWithCustomError(passport, "DigitalPassportNotOffered")
      .withArgs(accounts.buyer.address, ZeroAddress);
  });

  it("cancelOffer, then accepted in nobody's name, is refused", async () => {
    const { by, ownersPassport, passport } = await offered();
    await ownersPassport.cancelOffer();
    const expectedHead = await passport.head();
    const accept = {
      newOwner: ZeroAddress,
      document: ZeroHash,
      offerNonce: 1n,
      expectedHead,
      deadline: await inAnHour(),
    };
    await expect(by.acceptOwnershipBySignature(accept, "0x", "0x"))
      .to.be.revertedWithCustomError(passport, "DigitalPassportNotOffered")
      .withArgs(ZeroAddress, ZeroAddress);
  });

  it("cancelOffer, without an offer, makes the next number void for a signature that is on its way", async () => {
    const { accounts, passport } = await loadPassport();
    const offer = { newOwner: accounts.buyer.address, document: sale, offerNonce: 1n, expiresAt: await inAnHour() };
    const signature = await accounts.owner.signTypedData(
      { ...(await domainOf(passport)) },
      { Offer: TYPES.Offer },
      offer,
    );
    await expect(passport.connect(accounts.owner).cancelOffer()).to.emit(passport, "OfferCancelled").withArgs(1);
    expect(await passport.offerNonce()).to.equal(1n);
    await expect(passport.offerOwnershipBySignature(offer, "0x", signature))
      .to.be.revertedWithCustomError(passport, "DigitalPassportOfferNonceMismatch")
      .withArgs(1, 2);
  });

  it("cancelOffer, by anybody else, is refused", async () => {
    const { accounts, passport } = await offered();
    for (const caller of [accounts.admin, accounts.buyer]) {
      await expect(passport.connect(caller).cancelOffer())
        .to.be.revertedWithCustomError(passport, "DigitalPassportNotOwner")
        .withArgs(caller.address, accounts.owner.address);
    }
  });

  it("cancelOffer, while locked or stolen, withdraws the offer", async () => {
    const scene = await offered();
    await lock(scene);
    await reportStolen(scene);
    await expect(scene.ownersPassport.cancelOffer()).to.emit(scene.passport, "OfferCancelled").withArgs(1);
    expect((await scene.passport.pendingOffer()).newOwner).to.equal(ZeroAddress);
  });

  it("offerNonce, whatever happens to offers, only grows", async () => {
    const { accounts, by, ownersPassport, passport } = await offered();
    const numbers = [await passport.offerNonce()];
    const note = async () => numbers.push(await passport.offerNonce());
    await ownersPassport.cancelOffer();
    await note();
    await ownersPassport.cancelOffer();
    await note();
    await ownersPassport.offerOwnership(accounts.buyer, sale, await inAnHour());
    await note();
    await by.acceptOwnership(sale, await passport.head());
    await note();
    await by.offerOwnership(accounts.owner, sale, await inAnHour());
    await note();
    expect(numbers).to.deep.equal([1n, 1n, 2n, 3n, 3n, 4n]);
  });
});

describe("DigitalPassport: accepting", () => {
  it("acceptOwnership, by whom it is offered to, records him as attester and owner", async () => {
    const { accounts, by, passport } = await offered();
    const head = await passport.head();
    expect(await by.acceptOwnership.staticCall(sale, head)).to.equal(2n);
    await expectEntry(passport, {
      send: () => by.acceptOwnership(sale, head),
      entry: {
        eventType: nameOf("OWNERSHIP_TRANSFERRED"),
        attester: accounts.buyer.address,
        roles: ROLES.OWNER,
        document: sale,
        owner: accounts.buyer.address,
        condition: ISSUED,
      },
    });
    expect(await passport.pendingOffer()).to.deep.equal([ZeroAddress, ZeroHash, 0n, 0n]);
    expect(await passport.offerNonce()).to.equal(1n);
  });

  it("acceptOwnership, of a motor in service and recalled, keeps its condition", async () => {
    const { accounts, by, passport } = await offered();
    await passport.connect(accounts.technician).attest(nameOf("COMMISSIONED"), documentOf("commissioning"));
    await passport.connect(accounts.regulator).attest(nameOf("RECALLED"), documentOf("recall"));
    await by.acceptOwnership(sale, await passport.head());
    expect(await passport.condition()).to.equal(ISSUED | IN_SERVICE | RECALLED);
  });

  it("acceptOwnership, by anybody else, is refused", async () => {
    const { accounts, passport } = await offered();
    for (const caller of [accounts.owner, accounts.admin, accounts.stranger]) {
      await expect(passport.connect(caller).acceptOwnership(sale, await passport.head()))
        .to.be.revertedWithCustomError(passport, "DigitalPassportNotOffered")
        .withArgs(caller.address, accounts.buyer.address);
    }
  });

  it("acceptOwnership, nothing offered, is refused", async () => {
    const { accounts, passport } = await loadPassport();
    await expect(passport.connect(accounts.buyer).acceptOwnership(sale, await passport.head()))
      .to.be.revertedWithCustomError(passport, "DigitalPassportNotOffered")
      .withArgs(accounts.buyer.address, ZeroAddress);
  });

  it("acceptOwnership, a second time, is refused", async () => {
    const { accounts, by, passport } = await offered();
    await by.acceptOwnership(sale, await passport.head());
    await expect(by.acceptOwnership(sale, await passport.head()))
      .to.be.revertedWithCustomError(passport, "DigitalPassportNotOffered")
      .withArgs(accounts.buyer.address, ZeroAddress);
  });

  it("acceptOwnership, naming another document than the owner, is refused", async () => {
    const { by, passport } = await offered();
    const another = documentOf("another sale");
    await expectUntouched(passport, async () =>
      expect(by.acceptOwnership(another, await passport.head()))
        .to.be.revertedWithCustomError(passport, "DigitalPassportDocumentMismatch")
        .withArgs(another, sale),
    );
  });

  it("acceptOwnership, in the last second, is recorded", async () => {
    const { by, expiresAt, passport } = await offered();
    await recordNextAt(expiresAt);
    await expect(by.acceptOwnership(sale, await passport.head())).to.emit(passport, "Attested");
  });

  it("acceptOwnership, expired offer, is refused", async () => {
    const { by, expiresAt, passport } = await offered();
    await recordNextAt(expiresAt + 1n);
    await expect(by.acceptOwnership(sale, await passport.head()))
      .to.be.revertedWithCustomError(passport, "DigitalPassportExpired")
      .withArgs(expiresAt, expiresAt + 1n);
  });

  it("acceptOwnership, an entry since the buyer looked, is refused until he looks again", async () => {
    const { accounts, by, passport } = await offered();
    const seen = await passport.head();
    await passport.connect(accounts.regulator).attest(nameOf("RECALLED"), documentOf("recall"));
    const head = await passport.head();
    await expectUntouched(passport, () =>
      expect(by.acceptOwnership(sale, seen))
        .to.be.revertedWithCustomError(passport, "DigitalPassportHeadMismatch")
        .withArgs(seen, head),
    );
    await expect(by.acceptOwnership(sale, head)).to.emit(passport, "Attested");
  });

  it("acceptOwnership, locked since the offer, is refused until the release", async () => {
    const scene = await offered();
    const { accounts, by, passport } = scene;
    await lock(scene);
    await expect(by.acceptOwnership(sale, await passport.head()))
      .to.be.revertedWithCustomError(passport, "DigitalPassportConditionForbids")
      .withArgs(ISSUED | LOCKED, LOCKED);
    await passport.connect(accounts.logistics).release();
    await expect(by.acceptOwnership(sale, await passport.head())).to.emit(passport, "Attested");
  });

  it("acceptOwnership, stolen since the offer, is refused until the recovery", async () => {
    const scene = await offered();
    const { by, ownersPassport, passport } = scene;
    await reportStolen(scene);
    await expect(by.acceptOwnership(sale, await passport.head()))
      .to.be.revertedWithCustomError(passport, "DigitalPassportConditionForbids")
      .withArgs(ISSUED | STOLEN, STOLEN);
    await ownersPassport.attest(nameOf("RECOVERED"), documentOf("recovery"));
    await expect(by.acceptOwnership(sale, await passport.head())).to.emit(passport, "Attested");
  });

  it("acceptOwnership, done, leaves the former owner no right", async () => {
    const { accounts, by, manager, ownersPassport, passport } = await offered();
    await by.acceptOwnership(sale, await passport.head());
    const notOwner = [accounts.owner.address, accounts.buyer.address];
    for (const attempt of [
      async () => ownersPassport.offerOwnership(accounts.owner, sale, await inAnHour()),
      async () => ownersPassport.cancelOffer(),
      async () => ownersPassport.lock(accounts.owner, await inAnHour(), sale),
    ]) {
      await expect(attempt())
        .to.be.revertedWithCustomError(passport, "DigitalPassportNotOwner")
        .withArgs(...notOwner);
    }
    await expect(ownersPassport.attest(nameOf("STOLEN"), documentOf("false report")))
      .to.be.revertedWithCustomError(manager, "ManufacturerManagerRoleMissing")
      .withArgs(nameOf("STOLEN"), accounts.owner.address, ROLES.OWNER);
  });

  it("acceptOwnership, by the owner himself, records what he wanted and changes nobody", async () => {
    const { accounts, passport } = await loadPassport();
    const ownersPassport = passport.connect(accounts.owner);
    await ownersPassport.offerOwnership(accounts.owner, sale, await inAnHour());
    await ownersPassport.acceptOwnership(sale, await passport.head());
    expect(await passport.owner()).to.equal(accounts.owner.address);
  });

  it("acceptOwnership, manufacturer suspended, event types paused, grants revoked, is recorded", async () => {
    const { accounts, by, manager, passport, registry } = await offered();
    await registry.connect(accounts.guardian).suspendIssuing(manager);
    for (const type of await manager.eventTypes()) {
      const until = (await now()) + 3_600n;
      await manager
        .connect(accounts.guardian)
        .pause(type, until)
        .catch(() => undefined);
    }
    await manager.revoke(accounts.buyer);
    await manager.revoke(accounts.owner);
    await by.acceptOwnership(sale, await passport.head());
    expect(await passport.owner()).to.equal(accounts.buyer.address);
  });
});

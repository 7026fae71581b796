import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import { documentOf, nameOf } from "../support/contract-values.js";
import { accountOf, type Messages, sign } from "../support/signing.js";
import {
  connection,
  inAnHour,
  loadPassport,
  now,
  ROLES,
  recordNextAt,
  snapshotOf,
  WEG_CONDITIONS,
} from "./behaviours/deployed-suite.js";
import { expectEntry, expectUntouched } from "./behaviours/expect-entry.js";

const { ISSUED, LOCKED, RETIRED, STOLEN, IN_SERVICE } = WEG_CONDITIONS;
const LONGEST_LOCK = 30n * 24n * 3_600n;
const lockDocument = documentOf("lock");
const sale = documentOf("sale");

/** A passport whose owner has locked it for an hour, for the account `logistics` to hold, and a buyer who signs. */
const locked = snapshotOf(async () => {
  const scene = await loadPassport();
  const { accounts, passport } = scene;
  const until = await inAnHour();
  const ownersPassport = passport.connect(accounts.owner);
  await ownersPassport.lock(accounts.logistics, until, lockDocument);
  const buyer = accountOf("buyer");

  const acceptance = async (overrides: Partial<Messages["Accept"]> = {}): Promise<Messages["Accept"]> => ({
    newOwner: buyer.address,
    document: sale,
    offerNonce: (await passport.offerNonce()) + 1n,
    expectedHead: await passport.head(),
    deadline: until,
    ...overrides,
  });
  const settle = async (overrides: Partial<Messages["Accept"]> = {}, caller = accounts.logistics) => {
    const message = await acceptance(overrides);
    const signature = await sign(buyer, { passport, type: "Accept", message });
    return passport.connect(caller).settle(message, "0x", signature);
  };
  return { ...scene, until, ownersPassport, byHolder: passport.connect(accounts.logistics), buyer, acceptance, settle };
});

describe("DigitalPassport: locking", () => {
  it("lock, by the owner, records LOCKED and who holds it", async () => {
    const { accounts, passport } = await loadPassport();
    const until = await inAnHour();
    const ownersPassport = passport.connect(accounts.owner);
    expect(await passport.currentLock()).to.deep.equal([ZeroAddress, 0n, ZeroHash]);
    expect(await ownersPassport.lock.staticCall(accounts.logistics, until, lockDocument)).to.equal(2n);
    await expectEntry(passport, {
      send: async () => {
        const locking = ownersPassport.lock(accounts.logistics, until, lockDocument);
        await expect(locking).to.emit(passport, "LockPlaced").withArgs(accounts.logistics.address, until);
        return locking;
      },
      entry: {
        eventType: nameOf("LOCKED"),
        attester: accounts.owner.address,
        roles: ROLES.OWNER,
        document: lockDocument,
        owner: accounts.owner.address,
        condition: ISSUED | LOCKED,
      },
    });
    expect(await passport.currentLock()).to.deep.equal([accounts.logistics.address, until, lockDocument]);
  });

  it("lock, by anybody else, is refused", async () => {
    const { accounts, passport } = await loadPassport();
    for (const caller of [accounts.admin, accounts.logistics, accounts.stranger]) {
      await expect(passport.connect(caller).lock(caller, await inAnHour(), lockDocument))
        .to.be.revertedWithCustomError(passport, "DigitalPassportNotOwner")
        .withArgs(caller.address, accounts.owner.address);
    }
  });

  it("lock, held by nobody, is refused", async () => {
    const { accounts, passport } = await loadPassport();
    await expect(
      passport.connect(accounts.owner).lock(ZeroAddress, await inAnHour(), lockDocument),
    ).to.be.revertedWithCustomError(passport, "DigitalPassportAddressZero");
  });

  it("lock, without a document, is refused", async () => {
    const { accounts, passport } = await loadPassport();
    await expect(
      passport.connect(accounts.owner).lock(accounts.logistics, await inAnHour(), ZeroHash),
    ).to.be.revertedWithCustomError(passport, "DigitalPassportDocumentZero");
  });

  for (const [name, duration] of [
    ["for no longer than this second", 0n],
    ["for 30 days", LONGEST_LOCK],
  ] as const) {
    it(`lock, ${name}, is recorded`, async () => {
      const { accounts, passport } = await loadPassport();
      const time = await inAnHour();
      await recordNextAt(time);
      await passport.connect(accounts.owner).lock(accounts.logistics, time + duration, lockDocument);
      expect((await passport.currentLock()).until).to.equal(time + duration);
    });
  }

  it("lock, for a second longer than 30 days, is refused", async () => {
    const { accounts, passport } = await loadPassport();
    const time = await inAnHour();
    await recordNextAt(time);
    const until = time + LONGEST_LOCK + 1n;
    await expect(passport.connect(accounts.owner).lock(accounts.logistics, until, lockDocument))
      .to.be.revertedWithCustomError(passport, "DigitalPassportLockTooLong")
      .withArgs(until, time + LONGEST_LOCK);
  });

  it("lock, until the largest number there is, is refused", async () => {
    const { accounts, passport } = await loadPassport();
    const time = await inAnHour();
    await recordNextAt(time);
    await expect(passport.connect(accounts.owner).lock(accounts.logistics, 2n ** 256n - 1n, lockDocument))
      .to.be.revertedWithCustomError(passport, "DigitalPassportLockTooLong")
      .withArgs(2n ** 256n - 1n, time + LONGEST_LOCK);
  });

  it("lock, ending in the past, is refused", async () => {
    const { accounts, passport } = await loadPassport();
    const until = await inAnHour();
    await recordNextAt(until + 1n);
    await expect(passport.connect(accounts.owner).lock(accounts.logistics, until, lockDocument))
      .to.be.revertedWithCustomError(passport, "DigitalPassportExpired")
      .withArgs(until, until + 1n);
  });

  it("lock, locked already, is refused even when that lock has run out", async () => {
    const { accounts, ownersPassport, passport, until } = await locked();
    const attempt = async () =>
      expect(ownersPassport.lock(accounts.owner, (await inAnHour()) + 7_200n, lockDocument))
        .to.be.revertedWithCustomError(passport, "DigitalPassportConditionForbids")
        .withArgs(ISSUED | LOCKED, LOCKED);
    await attempt();
    await connection.networkHelpers.time.increaseTo(until + 1n);
    await attempt();
  });

  it("lock, stolen, is refused", async () => {
    const { accounts, passport } = await loadPassport();
    const ownersPassport = passport.connect(accounts.owner);
    await ownersPassport.attest(nameOf("STOLEN"), documentOf("report"));
    await expect(ownersPassport.lock(accounts.logistics, await inAnHour(), lockDocument))
      .to.be.revertedWithCustomError(passport, "DigitalPassportConditionForbids")
      .withArgs(ISSUED | STOLEN, STOLEN);
  });

  it("lock, in service or retired, keeps the condition beside LOCKED", async () => {
    const { accounts, passport } = await loadPassport();
    await passport.connect(accounts.technician).attest(nameOf("COMMISSIONED"), documentOf("commissioning"));
    const ownersPassport = passport.connect(accounts.owner);
    await ownersPassport.lock(accounts.owner, await inAnHour(), lockDocument);
    expect(await passport.condition()).to.equal(ISSUED | LOCKED | IN_SERVICE);
    await ownersPassport.release();
    await ownersPassport.attest(nameOf("DECOMMISSIONED"), documentOf("end"));
    await ownersPassport.lock(accounts.owner, await inAnHour(), lockDocument);
    expect(await passport.condition()).to.equal(ISSUED | LOCKED | RETIRED);
  });

  it("attest, while locked, records what the rules allow and leaves the lock alone", async () => {
    const { accounts, manager, ownersPassport, passport, until } = await locked();
    await passport.connect(accounts.technician).attest(nameOf("COMMISSIONED"), documentOf("commissioning"));
    await ownersPassport.attest(nameOf("STOLEN"), documentOf("report"));
    expect(await passport.condition()).to.equal(ISSUED | LOCKED | IN_SERVICE | STOLEN);
    expect(await passport.currentLock()).to.deep.equal([accounts.logistics.address, until, lockDocument]);
    await expect(ownersPassport.attest(nameOf("DECOMMISSIONED"), documentOf("end"))).to.be.revertedWithCustomError(
      manager,
      "ManufacturerManagerConditionForbids",
    );
  });
});

describe("DigitalPassport: releasing", () => {
  it("release, by the holder at any time, records RELEASED with the document of LOCKED", async () => {
    const { accounts, byHolder, passport } = await locked();
    expect(await byHolder.release.staticCall()).to.equal(3n);
    await expectEntry(passport, {
      send: () => byHolder.release(),
      entry: {
        eventType: nameOf("RELEASED"),
        attester: accounts.logistics.address,
        roles: 0n,
        document: lockDocument,
        owner: accounts.owner.address,
        condition: ISSUED,
      },
    });
    expect(await passport.currentLock()).to.deep.equal([ZeroAddress, 0n, ZeroHash]);
  });

  it("release, by anybody else until the last second, is refused", async () => {
    const { accounts, byHolder, passport, until } = await locked();
    await recordNextAt(until);
    for (const caller of [accounts.owner, accounts.admin]) {
      await expectUntouched(passport, () =>
        expect(passport.connect(caller).release())
          .to.be.revertedWithCustomError(passport, "DigitalPassportNotLockHolder")
          .withArgs(caller.address, accounts.logistics.address),
      );
    }
    await byHolder.release();
    expect(await now(), "the last second").to.equal(until);
  });

  it("release, by anybody after the last second, is recorded in his name", async () => {
    const { accounts, passport, until } = await locked();
    await recordNextAt(until + 1n);
    await expectEntry(passport, {
      send: () => passport.connect(accounts.stranger).release(),
      entry: {
        eventType: nameOf("RELEASED"),
        attester: accounts.stranger.address,
        roles: 0n,
        document: lockDocument,
        owner: accounts.owner.address,
        condition: ISSUED,
      },
    });
  });

  it("release, stolen meanwhile, leaves the rest of the condition", async () => {
    const { byHolder, ownersPassport, passport } = await locked();
    await ownersPassport.attest(nameOf("STOLEN"), documentOf("report"));
    await byHolder.release();
    expect(await passport.condition()).to.equal(ISSUED | STOLEN);
  });

  it("release, without a lock or a second time, is refused", async () => {
    const { accounts, byHolder, passport } = await locked();
    await byHolder.release();
    for (const caller of [accounts.logistics, accounts.owner, accounts.stranger]) {
      await expect(passport.connect(caller).release())
        .to.be.revertedWithCustomError(passport, "DigitalPassportNotLockHolder")
        .withArgs(caller.address, ZeroAddress);
    }
  });

  it("release, done, lets the owner offer and lock again", async () => {
    const { accounts, byHolder, ownersPassport, passport } = await locked();
    await byHolder.release();
    await ownersPassport.offerOwnership(accounts.buyer, sale, await inAnHour());
    const until = await inAnHour();
    await ownersPassport.lock(accounts.retailer, until, sale);
    expect(await passport.currentLock()).to.deep.equal([accounts.retailer.address, until, sale]);
  });
});

describe("DigitalPassport: settling", () => {
  it("settle, by the holder with the new owner's signature, hands over and ends the lock", async () => {
    const { byHolder, acceptance, buyer, passport, settle } = await locked();
    const message = await acceptance();
    const signature = await sign(buyer, { passport, type: "Accept", message });
    expect(await byHolder.settle.staticCall(message, "0x", signature)).to.equal(3n);
    await expectEntry(passport, {
      send: () => settle(),
      entry: {
        eventType: nameOf("OWNERSHIP_TRANSFERRED"),
        attester: buyer.address,
        roles: ROLES.OWNER,
        document: sale,
        owner: buyer.address,
        condition: ISSUED,
      },
    });
    expect(await passport.currentLock()).to.deep.equal([ZeroAddress, 0n, ZeroHash]);
    expect(await passport.offerNonce()).to.equal(1n);
  });

  it("settle, by anybody else, even after the lock, is refused", async () => {
    const { accounts, passport, settle, until } = await locked();
    for (const time of [until - 100n, until + 1n]) {
      await connection.networkHelpers.time.increaseTo(time);
      for (const caller of [accounts.owner, accounts.admin, accounts.stranger]) {
        await expect(settle({ deadline: until + 7_200n }, caller))
          .to.be.revertedWithCustomError(passport, "DigitalPassportNotLockHolder")
          .withArgs(caller.address, accounts.logistics.address);
      }
    }
  });

  it("settle, without a lock, is refused", async () => {
    const { accounts, byHolder, passport, settle } = await locked();
    await byHolder.release();
    for (const caller of [accounts.logistics, accounts.owner]) {
      await expect(settle({}, caller))
        .to.be.revertedWithCustomError(passport, "DigitalPassportNotLockHolder")
        .withArgs(caller.address, ZeroAddress);
    }
  });

  it("settle, in the last second, is recorded", async () => {
    const { passport, settle, until } = await locked();
    await recordNextAt(until);
    await expect(settle()).to.emit(passport, "Attested");
  });

  it("settle, by the holder after the last second, is refused", async () => {
    const { passport, settle, until } = await locked();
    await recordNextAt(until + 1n);
    await expectUntouched(passport, () =>
      expect(settle({ deadline: until + 3_600n }))
        .to.be.revertedWithCustomError(passport, "DigitalPassportExpired")
        .withArgs(until, until + 1n),
    );
  });

  it("settle, acceptance expired, is refused", async () => {
    const { passport, settle, until } = await locked();
    const deadline = until - 100n;
    await recordNextAt(deadline + 1n);
    await expect(settle({ deadline }))
      .to.be.revertedWithCustomError(passport, "DigitalPassportExpired")
      .withArgs(deadline, deadline + 1n);
  });

  it("settle, to nobody, is refused", async () => {
    const { acceptance, byHolder, passport } = await locked();
    await expect(
      byHolder.settle(await acceptance({ newOwner: ZeroAddress }), "0x", "0x"),
    ).to.be.revertedWithCustomError(passport, "DigitalPassportAddressZero");
  });

  it("settle, without a document, is refused", async () => {
    const { passport, settle } = await locked();
    await expect(settle({ document: ZeroHash })).to.be.revertedWithCustomError(passport, "DigitalPassportDocumentZero");
  });

  it("settle, stolen, is refused until the recovery", async () => {
    const { ownersPassport, passport, settle } = await locked();
    await ownersPassport.attest(nameOf("STOLEN"), documentOf("report"));
    await expect(settle())
      .to.be.revertedWithCustomError(passport, "DigitalPassportConditionForbids")
      .withArgs(ISSUED | LOCKED | STOLEN, STOLEN);
    await ownersPassport.attest(nameOf("RECOVERED"), documentOf("recovery"));
    await expect(settle()).to.emit(passport, "Attested");
  });

  it("settle, another number than the next, is refused", async () => {
    const { passport, settle } = await locked();
    for (const offerNonce of [0n, 2n]) {
      await expect(settle({ offerNonce }))
        .to.be.revertedWithCustomError(passport, "DigitalPassportOfferNonceMismatch")
        .withArgs(offerNonce, 1);
    }
  });

  it("settle, history moved on since the buyer signed, is refused", async () => {
    const { accounts, passport, settle } = await locked();
    const seen = await passport.head();
    await passport.connect(accounts.regulator).attest(nameOf("RECALLED"), documentOf("recall"));
    await expect(settle({ expectedHead: seen }))
      .to.be.revertedWithCustomError(passport, "DigitalPassportHeadMismatch")
      .withArgs(seen, await passport.head());
  });

  it("settle, to the account whose key signed for its contract wallet, is refused", async () => {
    const { acceptance, byHolder, passport } = await locked();
    const account = accountOf("both");
    const wallet = await connection.ethers.deployContract("Erc1271Wallet", [account.address]);
    const forWallet = await acceptance({ newOwner: await wallet.getAddress() });
    const signature = await sign(account, { passport, type: "Accept", message: forWallet });
    const forAccount = { ...forWallet, newOwner: account.address };
    await expect(byHolder.settle(forAccount, "0x", signature))
      .to.be.revertedWithCustomError(passport, "AttesterSignatureInvalid")
      .withArgs(account.address, await passport.acceptDigest(forAccount));
    await byHolder.settle(forWallet, "0x", signature);
    expect(await passport.owner()).to.equal(await wallet.getAddress());
  });

  it("settle, a second time, is refused", async () => {
    const { accounts, passport, settle } = await locked();
    await settle();
    await expect(settle())
      .to.be.revertedWithCustomError(passport, "DigitalPassportNotLockHolder")
      .withArgs(accounts.logistics.address, ZeroAddress);
  });

  it("settle, in service, keeps the rest of the condition", async () => {
    const { accounts, passport, settle } = await locked();
    await passport.connect(accounts.technician).attest(nameOf("COMMISSIONED"), documentOf("commissioning"));
    await settle();
    expect(await passport.condition()).to.equal(ISSUED | IN_SERVICE);
  });

  it("settle, manufacturer pausing and suspended, is recorded", async () => {
    const { accounts, buyer, manager, passport, registry, settle } = await locked();
    await registry.connect(accounts.guardian).suspendIssuing(manager);
    await manager.revoke(buyer.address);
    await manager.revoke(accounts.logistics);
    await settle();
    expect(await passport.owner()).to.equal(buyer.address);
  });
});

describe("DigitalPassport: offers around a lock", () => {
  /** An offer made before the lock is placed. */
  const offeredAndLocked = snapshotOf(async () => {
    const scene = await loadPassport();
    const { accounts, passport } = scene;
    const ownersPassport = passport.connect(accounts.owner);
    const expiresAt = await inAnHour();
    await ownersPassport.offerOwnership(accounts.buyer, sale, expiresAt);
    await ownersPassport.lock(accounts.logistics, expiresAt, lockDocument);
    const settle = async (offerNonce: bigint) => {
      const newOwner = accountOf("buyer");
      const message = {
        newOwner: newOwner.address,
        document: sale,
        offerNonce,
        expectedHead: await passport.head(),
        deadline: expiresAt,
      };
      const signature = await sign(newOwner, { passport, type: "Accept", message });
      return passport.connect(accounts.logistics).settle(message, "0x", signature);
    };
    return { ...scene, ownersPassport, settle };
  });

  it("settle, offer pending from before the lock, takes the next number and ends the offer", async () => {
    const { accounts, passport, settle } = await offeredAndLocked();
    await settle(2n);
    expect(await passport.offerNonce()).to.equal(2n);
    expect(await passport.pendingOffer()).to.deep.equal([ZeroAddress, ZeroHash, 0n, 0n]);
    await expect(passport.connect(accounts.buyer).acceptOwnership(sale, await passport.head()))
      .to.be.revertedWithCustomError(passport, "DigitalPassportNotOffered")
      .withArgs(accounts.buyer.address, ZeroAddress);
  });

  it("settle, with the number of the pending offer, is refused", async () => {
    const { passport, settle } = await offeredAndLocked();
    await expect(settle(1n))
      .to.be.revertedWithCustomError(passport, "DigitalPassportOfferNonceMismatch")
      .withArgs(1, 2);
  });

  it("release, offer pending from before the lock, leaves the offer", async () => {
    const { accounts, passport } = await offeredAndLocked();
    await passport.connect(accounts.logistics).release();
    await passport.connect(accounts.buyer).acceptOwnership(sale, await passport.head());
    expect(await passport.owner()).to.equal(accounts.buyer.address);
  });
});

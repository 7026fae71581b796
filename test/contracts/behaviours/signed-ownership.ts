import { expect } from "chai";
import { type ContractTransactionResponse, ZeroAddress } from "ethers";
import { documentOf, NO_END, nameOf } from "../../support/contract-values.js";
import { issuePassport } from "../../support/deploy-suite.js";
import { type Domain, digestOf, domainOf, type Messages, type Signatory } from "../../support/signing.js";
import { inAnHour, loadSuite, ROLES, recordNextAt, snapshotOf, WEG_CONDITIONS } from "./deployed-suite.js";
import { expectEntry, expectUntouched } from "./expect-entry.js";
import type { SignatoryKind } from "./signatory-kinds.js";
import { malformedFormsOf } from "./signature-forms.js";

const sale = documentOf("sale");
const lockDocument = documentOf("lock");

/**
 * What holds for everything that an owner or a new owner signs, whoever he is.
 *
 * @param kind - the kind of owner and new owner
 */
export function shouldOwnBySignature(kind: SignatoryKind): void {
  const prepare = async () => {
    const suite = await loadSuite();
    const owner = await kind.create(suite, "owner");
    const buyer = await kind.create(suite, "buyer");
    const passport = await issuePassport(suite, { owner: owner.address });
    const { gateway, logistics: holder } = suite.accounts;
    const by = passport.connect(gateway);

    const signAs = async <Type extends keyof Messages>(
      signatory: Signatory,
      type: Type,
      message: Messages[Type],
      domain: Partial<Domain> = {},
    ): Promise<string> => signatory.signDigest(digestOf({ ...(await domainOf(passport)), ...domain }, type, message));

    const send = {
      Offer: (message: Messages["Offer"], signer: string, signature: string) =>
        by.offerOwnershipBySignature(message, signer, signature),
      Cancel: (message: Messages["Cancel"], signer: string, signature: string) =>
        by.cancelOfferBySignature(message.offerNonce, signer, signature),
      Accept: (message: Messages["Accept"], signer: string, signature: string) =>
        by.acceptOwnershipBySignature(message, signer, signature),
      Lock: (message: Messages["Lock"], signer: string, signature: string) =>
        by.lockBySignature(message, signer, signature),
      settle: (message: Messages["Accept"], signer: string, signature: string) =>
        passport.connect(holder).settle(message, signer, signature),
    };

    const offer = async (): Promise<Messages["Offer"]> => ({
      newOwner: buyer.address,
      document: sale,
      offerNonce: (await passport.offerNonce()) + 1n,
      expiresAt: await inAnHour(),
    });
    const lock = async (): Promise<Messages["Lock"]> => ({
      holder: holder.address,
      until: await inAnHour(),
      document: lockDocument,
      sequence: (await passport.entryCount()) + 1n,
      deadline: await inAnHour(),
    });
    const accept = async (offerNonce: bigint): Promise<Messages["Accept"]> => ({
      newOwner: buyer.address,
      document: sale,
      offerNonce,
      expectedHead: await passport.head(),
      deadline: await inAnHour(),
    });
    const placeOffer = async () => {
      const message = await offer();
      return await send.Offer(message, owner.signer, await signAs(owner, "Offer", message));
    };
    const placeLock = async () => {
      const message = await lock();
      return await send.Lock(message, owner.signer, await signAs(owner, "Lock", message));
    };
    return {
      ...suite,
      suite,
      owner,
      buyer,
      holder,
      passport,
      signAs,
      send,
      offer,
      lock,
      accept,
      placeOffer,
      placeLock,
    };
  };
  const load = snapshotOf(prepare);
  type Scene = Awaited<ReturnType<typeof load>>;

  /** A message in a situation in which it is valid, and how to send it. */
  interface Situation<Type extends keyof Messages> {
    readonly scene: Scene;
    readonly signatory: Signatory;
    readonly message: Messages[Type];
    readonly send: (signature: string, signer?: string) => Promise<ContractTransactionResponse>;
  }

  const situationOf = <Type extends keyof Messages>(
    scene: Scene,
    signatory: Signatory,
    message: Messages[Type],
    send: (message: Messages[Type], signer: string, signature: string) => Promise<ContractTransactionResponse>,
  ): Situation<Type> => ({
    scene,
    signatory,
    message,
    send: (signature, signer = signatory.signer) => send(message, signer, signature),
  });

  const offering = async (): Promise<Situation<"Offer">> => {
    const scene = await load();
    return situationOf(scene, scene.owner, await scene.offer(), scene.send.Offer);
  };
  const cancelling = async (): Promise<Situation<"Cancel">> => {
    const scene = await load();
    await scene.placeOffer();
    return situationOf(scene, scene.owner, { offerNonce: 1n }, scene.send.Cancel);
  };
  const accepting = async (overrides: Partial<Messages["Accept"]> = {}): Promise<Situation<"Accept">> => {
    const scene = await load();
    await scene.placeOffer();
    return situationOf(scene, scene.buyer, { ...(await scene.accept(1n)), ...overrides }, scene.send.Accept);
  };
  const locking = async (overrides: Partial<Messages["Lock"]> = {}): Promise<Situation<"Lock">> => {
    const scene = await load();
    return situationOf(scene, scene.owner, { ...(await scene.lock()), ...overrides }, scene.send.Lock);
  };
  const settling = async (overrides: Partial<Messages["Accept"]> = {}): Promise<Situation<"Accept">> => {
    const scene = await load();
    await scene.placeLock();
    return situationOf(scene, scene.buyer, { ...(await scene.accept(1n)), ...overrides }, scene.send.settle);
  };

  const signed = async <Type extends keyof Messages>(situation: Situation<Type>, type: Type): Promise<string> =>
    situation.scene.signAs(situation.signatory, type, situation.message);

  /** What holds for each of the five: only this signature of this person for this message on this passport counts. */
  const shouldNeedItsSignature = <Type extends keyof Messages>(
    name: string,
    options: {
      readonly type: Type;
      readonly prepare: () => Promise<Situation<Type>>;
      readonly changes: { readonly [Field in keyof Messages[Type]]: Messages[Type][Field] };
    },
  ): void => {
    const { type } = options;
    const expectInvalid = async ({ scene, signatory, message, send }: Situation<Type>, signature: string) =>
      expectUntouched(scene.passport, async () =>
        expect(send(signature))
          .to.be.revertedWithCustomError(scene.passport, "AttesterSignatureInvalid")
          .withArgs(signatory.address, digestOf(await domainOf(scene.passport), type, message)),
      );

    for (const [field, value] of Object.entries(options.changes)) {
      it(`${name}, ${field} changed after signing, is refused`, async () => {
        const situation = await options.prepare();
        const changed = { ...situation.message, [field]: value };
        await expectInvalid(situation, await situation.scene.signAs(situation.signatory, type, changed));
      });
    }

    it(`${name}, signed by somebody else, is refused`, async () => {
      const situation = await options.prepare();
      const stranger = await kind.create(situation.scene.suite, "stranger");
      await expectInvalid(situation, await situation.scene.signAs(stranger, type, situation.message));
      await expectInvalid(situation, "0x");
    });

    it(`${name}, signature in any malformed form, is refused`, async () => {
      const situation = await options.prepare();
      const { scene, signatory, message } = situation;
      const digest = digestOf(await domainOf(scene.passport), type, message);
      const good = signatory.signDigest(digest);
      const by = signatory === scene.owner ? "owner" : "buyer";
      for (const [, spoil] of malformedFormsOf(kind)) await expectInvalid(situation, spoil(good, { digest, name: by }));
    });

    it(`${name}, with somebody else's signer, is refused`, async () => {
      const situation = await options.prepare();
      const stranger = await kind.create(situation.scene.suite, "stranger");
      const signer = stranger.signer === "0x" ? `0x${"11".repeat(84)}` : stranger.signer;
      const signature = await situation.scene.signAs(stranger, type, situation.message);
      await expect(situation.send(signature, signer))
        .to.be.revertedWithCustomError(situation.scene.passport, "AttesterSignerMismatch")
        .withArgs(situation.signatory.address, signer.toLowerCase());
    });

    it(`${name}, signed for another passport or another chain, is refused`, async () => {
      const situation = await options.prepare();
      const { scene, signatory, message } = situation;
      const other = await issuePassport(scene.suite, { owner: scene.owner.address });
      for (const domain of [{ verifyingContract: await other.getAddress() }, { chainId: 1n }]) {
        await expectInvalid(situation, await scene.signAs(signatory, type, message, domain));
      }
    });
  };

  describe("offerOwnershipBySignature", () => {
    shouldNeedItsSignature("offerOwnershipBySignature", {
      type: "Offer",
      prepare: offering,
      changes: {
        newOwner: `0x${"22".repeat(20)}`,
        document: documentOf("another sale"),
        offerNonce: 2n,
        expiresAt: NO_END,
      },
    });

    it("offerOwnershipBySignature, by the owner, makes the offer", async () => {
      const situation = await offering();
      const { scene, message } = situation;
      const { passport } = scene;
      expect(await passport.offerDigest(message)).to.equal(digestOf(await domainOf(passport), "Offer", message));
      await expect(situation.send(await signed(situation, "Offer")))
        .to.emit(passport, "OwnershipOffered")
        .withArgs(1, message.newOwner, sale, message.expiresAt);
      expect(await passport.pendingOffer()).to.deep.equal([message.newOwner, sale, 1n, message.expiresAt]);
      expect(await passport.offerNonce()).to.equal(1n);
      expect(await passport.entryCount()).to.equal(1n);
    });

    it("offerOwnershipBySignature, a second time, is refused", async () => {
      const situation = await offering();
      const signature = await signed(situation, "Offer");
      await situation.send(signature);
      await expect(situation.send(signature))
        .to.be.revertedWithCustomError(situation.scene.passport, "DigitalPassportOfferNonceMismatch")
        .withArgs(1, 2);
    });

    it("offerOwnershipBySignature, another number than the next, is refused", async () => {
      const { offer, owner, passport, send, signAs } = await load();
      for (const offerNonce of [0n, 2n]) {
        const message = { ...(await offer()), offerNonce };
        await expect(send.Offer(message, owner.signer, await signAs(owner, "Offer", message)))
          .to.be.revertedWithCustomError(passport, "DigitalPassportOfferNonceMismatch")
          .withArgs(offerNonce, 1);
      }
    });
  });

  describe("cancelOfferBySignature", () => {
    shouldNeedItsSignature("cancelOfferBySignature", {
      type: "Cancel",
      prepare: cancelling,
      changes: { offerNonce: 2n },
    });

    it("cancelOfferBySignature, pending offer, withdraws it", async () => {
      const situation = await cancelling();
      const { passport } = situation.scene;
      expect(await passport.cancelDigest(1)).to.equal(digestOf(await domainOf(passport), "Cancel", { offerNonce: 1n }));
      await expect(situation.send(await signed(situation, "Cancel")))
        .to.emit(passport, "OfferCancelled")
        .withArgs(1);
      expect(await passport.pendingOffer()).to.deep.equal([`0x${"00".repeat(20)}`, `0x${"00".repeat(32)}`, 0n, 0n]);
      expect(await passport.offerNonce()).to.equal(1n);
    });

    it("cancelOfferBySignature, a second time, is refused", async () => {
      const situation = await cancelling();
      const signature = await signed(situation, "Cancel");
      await situation.send(signature);
      await expect(situation.send(signature))
        .to.be.revertedWithCustomError(situation.scene.passport, "DigitalPassportOfferNonceMismatch")
        .withArgs(1, 2);
    });

    it("cancelOfferBySignature, offer not yet made, makes its signature void", async () => {
      const { offer, owner, passport, send, signAs } = await load();
      const message = await offer();
      const offerSignature = await signAs(owner, "Offer", message);
      await expect(send.Cancel({ offerNonce: 1n }, owner.signer, await signAs(owner, "Cancel", { offerNonce: 1n })))
        .to.emit(passport, "OfferCancelled")
        .withArgs(1);
      await expect(send.Offer(message, owner.signer, offerSignature))
        .to.be.revertedWithCustomError(passport, "DigitalPassportOfferNonceMismatch")
        .withArgs(1, 2);
    });

    it("cancelOfferBySignature, another number than the pending offer's, is refused", async () => {
      const { scene } = await cancelling();
      const { owner, passport, send, signAs } = scene;
      await expectUntouched(passport, async () => {
        for (const offerNonce of [0n, 2n, 3n]) {
          await expect(send.Cancel({ offerNonce }, owner.signer, await signAs(owner, "Cancel", { offerNonce })))
            .to.be.revertedWithCustomError(passport, "DigitalPassportOfferNonceMismatch")
            .withArgs(offerNonce, 1);
        }
      });
    });

    it("cancelOfferBySignature, nothing pending, another number than the next, is refused", async () => {
      const { owner, passport, send, signAs } = await load();
      for (const offerNonce of [0n, 2n]) {
        await expect(send.Cancel({ offerNonce }, owner.signer, await signAs(owner, "Cancel", { offerNonce })))
          .to.be.revertedWithCustomError(passport, "DigitalPassportOfferNonceMismatch")
          .withArgs(offerNonce, 1);
      }
    });
  });

  describe("acceptOwnershipBySignature", () => {
    shouldNeedItsSignature("acceptOwnershipBySignature", {
      type: "Accept",
      prepare: accepting,
      changes: {
        // The same key may sign for several addresses.
        newOwner: `0x${"22".repeat(20)}`,
        document: documentOf("another sale"),
        offerNonce: 2n,
        expectedHead: documentOf("another head"),
        deadline: NO_END,
      },
    });

    it("acceptOwnershipBySignature, by whom it is offered to, makes him the owner", async () => {
      const situation = await accepting();
      const { buyer, passport } = situation.scene;
      expect(await passport.acceptDigest(situation.message)).to.equal(
        digestOf(await domainOf(passport), "Accept", situation.message),
      );
      const signature = await signed(situation, "Accept");
      await expectEntry(passport, {
        send: () => situation.send(signature),
        entry: {
          eventType: nameOf("OWNERSHIP_TRANSFERRED"),
          attester: buyer.address,
          roles: ROLES.OWNER,
          document: sale,
          owner: buyer.address,
          condition: WEG_CONDITIONS.ISSUED,
        },
      });
    });

    it("acceptOwnershipBySignature, a second time, is refused", async () => {
      const situation = await accepting();
      const signature = await signed(situation, "Accept");
      await situation.send(signature);
      await expect(situation.send(signature))
        .to.be.revertedWithCustomError(situation.scene.passport, "DigitalPassportNotOffered")
        .withArgs(situation.message.newOwner, ZeroAddress);
    });

    it("acceptOwnershipBySignature, for an offer that has been replaced, is refused", async () => {
      const situation = await accepting();
      const { passport, placeOffer } = situation.scene;
      const signature = await signed(situation, "Accept");
      await placeOffer();
      await expect(situation.send(signature))
        .to.be.revertedWithCustomError(passport, "DigitalPassportOfferNonceMismatch")
        .withArgs(1, 2);
    });
  });

  describe("lockBySignature", () => {
    shouldNeedItsSignature("lockBySignature", {
      type: "Lock",
      prepare: locking,
      changes: {
        holder: `0x${"22".repeat(20)}`,
        until: NO_END,
        document: documentOf("another lock"),
        sequence: 3n,
        deadline: NO_END,
      },
    });

    it("lockBySignature, by the owner, locks", async () => {
      const situation = await locking();
      const { holder, owner, passport } = situation.scene;
      expect(await passport.lockDigest(situation.message)).to.equal(
        digestOf(await domainOf(passport), "Lock", situation.message),
      );
      const signature = await signed(situation, "Lock");
      await expectEntry(passport, {
        send: () => situation.send(signature),
        entry: {
          eventType: nameOf("LOCKED"),
          attester: owner.address,
          roles: ROLES.OWNER,
          document: lockDocument,
          owner: owner.address,
          condition: WEG_CONDITIONS.ISSUED | WEG_CONDITIONS.LOCKED,
        },
      });
      expect(await passport.currentLock()).to.deep.equal([holder.address, situation.message.until, lockDocument]);
    });

    it("lockBySignature, a second time, is refused even after the release", async () => {
      const situation = await locking();
      const { holder, passport } = situation.scene;
      const signature = await signed(situation, "Lock");
      await situation.send(signature);
      await passport.connect(holder).release();
      await expect(situation.send(signature))
        .to.be.revertedWithCustomError(passport, "DigitalPassportSequenceMismatch")
        .withArgs(2, 4);
    });

    it("lockBySignature, any position, is refused: a lock has an exact one", async () => {
      const { lock, owner, passport, send, signAs } = await load();
      const message = { ...(await lock()), sequence: 0n };
      await expect(send.Lock(message, owner.signer, await signAs(owner, "Lock", message)))
        .to.be.revertedWithCustomError(passport, "DigitalPassportSequenceMismatch")
        .withArgs(0, 2);
    });
  });

  describe("settle", () => {
    shouldNeedItsSignature("settle", {
      type: "Accept",
      prepare: settling,
      changes: {
        // The same key may sign for several addresses.
        newOwner: `0x${"22".repeat(20)}`,
        document: documentOf("another sale"),
        offerNonce: 2n,
        expectedHead: documentOf("another head"),
        deadline: NO_END,
      },
    });

    it("settle, with the new owner's signature, makes him the owner", async () => {
      const situation = await settling();
      const { buyer, passport } = situation.scene;
      const signature = await signed(situation, "Accept");
      await expectEntry(passport, {
        send: () => situation.send(signature),
        entry: {
          eventType: nameOf("OWNERSHIP_TRANSFERRED"),
          attester: buyer.address,
          roles: ROLES.OWNER,
          document: sale,
          owner: buyer.address,
          condition: WEG_CONDITIONS.ISSUED,
        },
      });
      expect(await passport.offerNonce()).to.equal(1n);
    });

    it("settle, to another than who signed, is refused", async () => {
      const situation = await settling();
      const { accounts, holder, passport } = situation.scene;
      const signature = await signed(situation, "Accept");
      const forged = { ...situation.message, newOwner: accounts.stranger.address };
      const refusal = expect(passport.connect(holder).settle(forged, situation.signatory.signer, signature)).to.be;
      if (kind.isKey) {
        await refusal
          .revertedWithCustomError(passport, "AttesterSignerMismatch")
          .withArgs(forged.newOwner, situation.signatory.signer);
      } else {
        await refusal
          .revertedWithCustomError(passport, "AttesterSignatureInvalid")
          .withArgs(forged.newOwner, await passport.acceptDigest(forged));
      }
    });
  });

  describe("last second", () => {
    /** Sends in the last second that counts, and in the one after it, each in a situation of its own. */
    const shouldEndWith = <Type extends keyof Messages>(
      name: string,
      options: {
        readonly type: Type;
        readonly prepare: () => Promise<Situation<Type>>;
        readonly lastSecondOf: (message: Messages[Type]) => bigint;
      },
    ): void => {
      it(`${name}, in it, counts; a second later, is refused`, async () => {
        const late = await options.prepare();
        const last = options.lastSecondOf(late.message);
        const signature = await signed(late, options.type);
        await recordNextAt(last + 1n);
        await expect(late.send(signature))
          .to.be.revertedWithCustomError(late.scene.passport, "DigitalPassportExpired")
          .withArgs(last, last + 1n);
        const timely = await options.prepare();
        const timelySignature = await signed(timely, options.type);
        await recordNextAt(options.lastSecondOf(timely.message));
        await timely.send(timelySignature);
      });
    };
    /** Before the offer or the lock ends, which the situation is loaded with. */
    const soon = async () => {
      await load();
      return { deadline: (await inAnHour()) - 1_000n };
    };

    shouldEndWith("offerOwnershipBySignature", {
      type: "Offer",
      prepare: offering,
      lastSecondOf: ({ expiresAt }) => expiresAt,
    });
    shouldEndWith("acceptOwnershipBySignature", {
      type: "Accept",
      prepare: async () => accepting(await soon()),
      lastSecondOf: ({ deadline }) => deadline,
    });
    shouldEndWith("lockBySignature", {
      type: "Lock",
      prepare: async () => locking(await soon()),
      lastSecondOf: ({ deadline }) => deadline,
    });
    shouldEndWith("settle", {
      type: "Accept",
      prepare: async () => settling(await soon()),
      lastSecondOf: ({ deadline }) => deadline,
    });
  });

  it("owner after owner, former owner's signatures, count no more", async () => {
    const situation = await accepting();
    const { offer, owner, lock, passport, send, signAs } = situation.scene;
    await situation.send(await signed(situation, "Accept"));
    const [newOffer, newLock, cancellation] = [await offer(), await lock(), { offerNonce: 2n }];
    const refused = [
      async () => send.Offer(newOffer, owner.signer, await signAs(owner, "Offer", newOffer)),
      async () => send.Lock(newLock, owner.signer, await signAs(owner, "Lock", newLock)),
      async () => send.Cancel(cancellation, owner.signer, await signAs(owner, "Cancel", cancellation)),
    ];
    const error = kind.isKey ? "AttesterSignerMismatch" : "AttesterSignatureInvalid";
    for (const attempt of refused) await expect(attempt()).to.be.revertedWithCustomError(passport, error);
  });
}

import { expect } from "chai";
import { id } from "ethers";
import { documentOf } from "../../support/contract-values.js";
import { headAfter } from "../../support/replay-batches.js";
import { batchesOf, type SignedBatch } from "../../support/signed-batches.js";
import { accountOf, anchorDomainOf, type Domain, digestOf, type Messages } from "../../support/signing.js";
import { connection, loadSuite, snapshotOf } from "./deployed-suite.js";
import { expectAnchored, expectChainsUntouched } from "./expect-anchored.js";
import type { SignatoryKind } from "./signatory-kinds.js";
import { malformedFormsOf } from "./signature-forms.js";

type Batch = Messages["Batch"];

/**
 * What holds for every batch, whoever the gateway is.
 *
 * @param kind - the kind of gateway
 */
export function shouldAnchorBatches(kind: SignatoryKind): void {
  const load = snapshotOf(async () => {
    const suite = await loadSuite();
    const { accounts } = suite;
    const anchor = suite.readingsAnchor.connect(accounts.stranger);
    const gateway = await kind.create(suite, "gateway");
    const accomplice = await kind.create(suite, "accomplice");
    const { batchOf, signBatch } = batchesOf(suite);
    /** The gateway's next batch, signed as it is; `overrides` make it another one. */
    const itemOf = async (overrides: Partial<Batch> = {}, domain: Partial<Domain> = {}) =>
      signBatch(gateway, await batchOf(gateway.address, overrides), domain);
    const submit = ({ batch, signer, signature }: SignedBatch) => anchor.anchor(batch, signer, signature);
    const anchorNext = async (): Promise<SignedBatch> => {
      const item = await itemOf();
      await submit(item);
      return item;
    };
    return { ...suite, anchor, gateway, accomplice, batchOf, signBatch, itemOf, submit, anchorNext };
  });
  type Scene = Awaited<ReturnType<typeof load>>;

  /** Asserts that a batch is refused alone, and that it takes good ones with it that are submitted together with it. */
  const expectRefused = async (
    { accomplice, anchor, batchOf, gateway, signBatch, submit }: Scene,
    item: SignedBatch,
    [error, ...values]: readonly [string, ...unknown[]],
  ) => {
    const bystander = accountOf("bystander");
    const good = await signBatch(bystander, await batchOf(bystander.address));
    const refuse = async () => {
      for (const attempt of [() => submit(item), () => anchor.anchorMany([good, item])]) {
        await expect(attempt())
          .to.be.revertedWithCustomError(anchor, error)
          .withArgs(...values);
      }
    };
    const gateways = [gateway.address, accomplice.address, bystander.address];
    await expectChainsUntouched(anchor, { gateways, refuse });
  };

  const expectInvalid = async (scene: Scene, item: SignedBatch) => {
    const digest = digestOf(await anchorDomainOf(scene.anchor), "Batch", item.batch);
    await expectRefused(scene, item, ["AttesterSignatureInvalid", item.batch.gateway, digest]);
  };

  it("batchDigest, any batch, is what EIP-712 says", async () => {
    const { anchor, batchOf, gateway } = await load();
    const batch = await batchOf(gateway.address);
    expect(await anchor.batchDigest(batch)).to.equal(digestOf(await anchorDomainOf(anchor), "Batch", batch));
  });

  describe("position", () => {
    it("anchor, one batch after the other, records each and moves the head", async () => {
      const { anchor, itemOf, submit } = await load();
      for (let count = 0; count < 3; ++count) {
        const item = await itemOf();
        await expectAnchored(anchor, { send: () => submit(item), batches: [item.batch] });
      }
    });

    it("anchorMany, batches of one chain, records them in their order", async () => {
      const { anchor, gateway, itemOf, signBatch } = await load();
      const first = await itemOf();
      const next = { ...first.batch, sequence: 2n, previousHead: headAfter(first.batch) };
      const items = [first, await signBatch(gateway, next)];
      await expectAnchored(anchor, { send: () => anchor.anchorMany(items), batches: [first.batch, next] });
    });

    it("anchor and anchorMany, the last batch again, change and emit nothing", async () => {
      const { anchor, anchorNext, gateway, submit } = await load();
      await anchorNext();
      const last = await anchorNext();
      const refuse = async () => {
        await expectAnchored(anchor, { send: () => submit(last), batches: [] });
        await expectAnchored(anchor, { send: () => anchor.anchorMany([last, last]), batches: [] });
      };
      await expectChainsUntouched(anchor, { gateways: [gateway.address], refuse });
    });

    it("anchor, the last batch again with any signature and signer, changes and emits nothing", async () => {
      const { accomplice, anchor, anchorNext, gateway, p256Verifier, signBatch, submit } = await load();
      const last = await anchorNext();
      const foreign = await signBatch(accomplice, last.batch);
      const refuse = async () => {
        for (const change of [
          { signature: "0x" },
          { signature: foreign.signature },
          { signer: `${await p256Verifier.getAddress()}${"ab".repeat(64)}` },
        ]) {
          await expectAnchored(anchor, { send: () => submit({ ...last, ...change }), batches: [] });
        }
      };
      await expectChainsUntouched(anchor, { gateways: [gateway.address], refuse });
    });

    it("anchorMany, the last batch again before the next, records the next", async () => {
      const { anchor, anchorNext, itemOf } = await load();
      const [last, next] = [await anchorNext(), await itemOf()];
      await expectAnchored(anchor, { send: () => anchor.anchorMany([last, next]), batches: [next.batch] });
    });

    it("anchor, an older batch again, is refused for ever", async () => {
      const scene = await load();
      const { anchorNext, gateway } = scene;
      const old = await anchorNext();
      for (const nextSequence of [3, 4]) {
        await anchorNext();
        await expectRefused(scene, old, ["ReadingsAnchorSequenceMismatch", gateway.address, 1, nextSequence]);
      }
    });

    it("anchor, another batch at the last position, is refused though it is rightly signed", async () => {
      const scene = await load();
      const { anchorNext, gateway, signBatch } = scene;
      await anchorNext();
      const last = await anchorNext();
      const other = await signBatch(gateway, { ...last.batch, root: id("another root") });
      const values = [gateway.address, 2, headAfter(other.batch), headAfter(last.batch)];
      await expectRefused(scene, other, ["ReadingsAnchorPositionTaken", ...values]);
    });

    for (const [name, sequence] of [
      ["zero", 0n],
      ["a gap", 4n],
      ["2^40", 2n ** 40n],
      ["2^40 and more", 2n ** 40n + 3n],
      ["the largest number", 2n ** 256n - 1n],
    ] as const) {
      it(`anchor, ${name} for a sequence, is refused`, async () => {
        const scene = await load();
        const { gateway, itemOf } = scene;
        const first = await itemOf({ sequence });
        await expectRefused(scene, first, ["ReadingsAnchorSequenceMismatch", gateway.address, sequence, 1]);
        await scene.anchorNext();
        await scene.anchorNext();
        const later = await itemOf({ sequence });
        await expectRefused(scene, later, ["ReadingsAnchorSequenceMismatch", gateway.address, sequence, 3]);
      });
    }

    it("anchor, next by its number but of another chain, is refused", async () => {
      const scene = await load();
      const { accomplice, anchor, anchorNext, gateway, itemOf } = scene;
      const foreignHeads = [`0x${"00".repeat(27)}`, (await anchor.chainOf(accomplice.address)).head];
      const expectForeign = async (previousHead: string, sequence: number) => {
        const { head } = await anchor.chainOf(gateway.address);
        const values = [gateway.address, sequence, previousHead, head];
        await expectRefused(scene, await itemOf({ previousHead }), ["ReadingsAnchorHeadMismatch", ...values]);
      };
      for (const previousHead of foreignHeads) await expectForeign(previousHead, 1);
      const { batch } = await anchorNext();
      for (const previousHead of [...foreignHeads, batch.previousHead]) await expectForeign(previousHead, 2);
    });

    it("anchor, signed for a branch of the chain that was rolled back, is refused on the other", async () => {
      const scene = await load();
      const { anchor, anchorNext, gateway, itemOf, signBatch, submit } = scene;
      const before = await connection.networkHelpers.takeSnapshot();
      await anchorNext();
      const onLostBranch = await itemOf();
      await before.restore();
      await submit(await itemOf({ root: id("what the other branch has instead") }));
      const { head } = await anchor.chainOf(gateway.address);
      const values = [gateway.address, 2, onLostBranch.batch.previousHead, head];
      await expectRefused(scene, onLostBranch, ["ReadingsAnchorHeadMismatch", ...values]);
      const signedAgain = await signBatch(gateway, { ...onLostBranch.batch, previousHead: head });
      await expectAnchored(anchor, { send: () => submit(signedAgain), batches: [signedAgain.batch] });
    });
  });

  describe("content", () => {
    for (const [name, change, error] of [
      ["no readings", { count: 0n }, "ReadingsAnchorCountZero"],
      ["no root", { root: `0x${"00".repeat(32)}` }, "ReadingsAnchorRootZero"],
      ["no document", { document: `0x${"00".repeat(32)}` }, "ReadingsAnchorDocumentZero"],
    ] as const) {
      it(`anchor, ${name}, is refused`, async () => {
        const scene = await load();
        await expectRefused(scene, await scene.itemOf(change), [error, scene.gateway.address, 1]);
      });
    }

    it("anchor, end before the beginning, is refused", async () => {
      const scene = await load();
      const item = await scene.itemOf({ from: 11n, to: 10n });
      await expectRefused(scene, item, ["ReadingsAnchorWindowInvalid", scene.gateway.address, 1, 11, 10]);
    });

    it("anchor, a single reading at any time, is recorded as it was signed", async () => {
      const { anchor, itemOf, submit } = await load();
      for (const time of [0n, 1n, 2n ** 256n - 1n]) {
        const item = await itemOf({ count: 1n, from: time, to: time });
        await expectAnchored(anchor, { send: () => submit(item), batches: [item.batch] });
      }
    });
  });

  describe("signature", () => {
    const changes: readonly Partial<Batch>[] = [
      { root: id("another root") },
      { count: 999n },
      { from: 1_795_349_279n },
      { to: 1_795_349_880n },
      { document: documentOf("another document") },
    ];
    for (const change of changes) {
      it(`anchor, ${Object.keys(change)} changed after signing, is refused`, async () => {
        const scene = await load();
        const item = await scene.itemOf();
        await expectInvalid(scene, { ...item, batch: { ...item.batch, ...change } });
      });
    }

    it("anchor, number or previous head changed to the valid ones after signing, is refused", async () => {
      const scene = await load();
      const { anchorNext, batchOf, gateway, itemOf } = scene;
      for (const signed of [{ sequence: 9n }, { previousHead: `0x${"12".repeat(27)}` }]) {
        const item = await itemOf(signed);
        await expectInvalid(scene, { ...item, batch: await batchOf(gateway.address) });
      }
      const old = await anchorNext();
      await expectInvalid(scene, { ...old, batch: await batchOf(gateway.address) });
    });

    it("anchor, in another's name, is refused", async () => {
      const scene = await load();
      const { accomplice, batchOf, itemOf } = scene;
      const item = await itemOf();
      const forged = { ...item, batch: await batchOf(accomplice.address) };
      if (kind.isKey) {
        await expectRefused(scene, forged, ["AttesterSignerMismatch", accomplice.address, item.signer]);
      } else await expectInvalid(scene, forged);
    });

    it("anchor, signed by another of his kind, is refused", async () => {
      const scene = await load();
      const { signature } = await scene.signBatch(scene.accomplice, (await scene.itemOf()).batch);
      await expectInvalid(scene, { ...(await scene.itemOf()), signature });
    });

    it("anchor, one byte of the signature changed, is refused", async () => {
      const scene = await load();
      const item = await scene.itemOf();
      // In every form of signature r comes first.
      const signature = item.signature.replace(/^0x(..)/, (_, byte: string) => (byte === "00" ? "0x01" : "0x00"));
      await expectInvalid(scene, { ...item, signature });
    });

    it("anchor, signed for another anchor, chain, name or version, is refused", async () => {
      const scene = await load();
      const other = await connection.ethers.deployContract("ReadingsAnchor");
      for (const domain of [
        { verifyingContract: await other.getAddress() },
        { chainId: 42_161n },
        { name: "DigitalPassport" },
        { version: "2" },
      ]) {
        await expectInvalid(scene, await scene.itemOf({}, domain));
      }
    });

    it("anchor, recorded on another anchor, is refused there", async () => {
      const { anchorNext, gateway } = await load();
      const other = await connection.ethers.deployContract("ReadingsAnchor");
      const { batch, signer, signature } = await anchorNext();
      const { head } = await other.chainOf(gateway.address);
      await expect(other.anchor(batch, signer, signature))
        .to.be.revertedWithCustomError(other, "ReadingsAnchorHeadMismatch")
        .withArgs(gateway.address, 1, batch.previousHead, head);
      const moved = { ...batch, previousHead: head };
      await expect(other.anchor(moved, signer, signature))
        .to.be.revertedWithCustomError(other, "AttesterSignatureInvalid")
        .withArgs(gateway.address, await other.batchDigest(moved));
    });

    for (const [name, spoil] of malformedFormsOf(kind)) {
      it(`anchor, ${name}, is refused`, async () => {
        const scene = await load();
        const item = await scene.itemOf();
        const digest = digestOf(await anchorDomainOf(scene.anchor), "Batch", item.batch);
        await expectInvalid(scene, { ...item, signature: spoil(item.signature, { digest, name: "gateway" }) });
      });
    }
  });

  describe("signer", () => {
    it("anchor, with the signer of another gateway, is refused", async () => {
      const scene = await load();
      const verifier = await scene.p256Verifier.getAddress();
      for (const signer of [`${verifier}${"ab".repeat(64)}`, verifier, "0x00"]) {
        const item = { ...(await scene.itemOf()), signer };
        await expectRefused(scene, item, ["AttesterSignerMismatch", scene.gateway.address, signer.toLowerCase()]);
      }
    });

    if (kind.isKey) {
      it("anchor, key without its signer, is refused", async () => {
        const scene = await load();
        await expectInvalid(scene, { ...(await scene.itemOf()), signer: "0x" });
      });

      it("anchor, one byte more in the signer, is refused", async () => {
        const scene = await load();
        const item = await scene.itemOf();
        const signer = `${item.signer}00`;
        const values = [scene.gateway.address, signer.toLowerCase()];
        await expectRefused(scene, { ...item, signer }, ["AttesterSignerMismatch", ...values]);
      });
    }
  });
}

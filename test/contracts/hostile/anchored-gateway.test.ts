import { expect } from "chai";
import { id } from "ethers";
import { documentOf } from "../../support/contract-values.js";
import { headAfter, readBatches } from "../../support/replay-batches.js";
import { batchesOf, type SignedBatch } from "../../support/signed-batches.js";
import { accountOf } from "../../support/signing.js";
import { connection, loadSuite, snapshotOf } from "../behaviours/deployed-suite.js";
import { expectAnchored, expectChainsUntouched } from "../behaviours/expect-anchored.js";

/** Two gateways with three batches each; one of them is hostile. */
const load = snapshotOf(async () => {
  const suite = await loadSuite();
  const anchor = suite.readingsAnchor.connect(suite.accounts.stranger);
  const { batchOf, signBatch } = batchesOf(suite);
  const [gateway, honest] = [accountOf("hostile gateway"), accountOf("honest gateway")];
  const next = async (signatory: typeof gateway, overrides: Parameters<typeof batchOf>[1] = {}) =>
    signBatch(signatory, await batchOf(signatory.address, overrides));
  const submit = ({ batch, signer, signature }: SignedBatch) => anchor.anchor(batch, signer, signature);
  const anchored: SignedBatch[] = [];
  for (let count = 0; count < 3; ++count) {
    await submit(await next(honest));
    const item = await next(gateway);
    await submit(item);
    anchored.push(item);
  }
  /** Each attempt is refused with its error, and neither chain changes. */
  const expectRefusals = (refusals: readonly (readonly [SignedBatch, string])[]) =>
    expectChainsUntouched(anchor, {
      gateways: [gateway.address, honest.address],
      refuse: async () => {
        for (const [item, error] of refusals) {
          await expect(submit(item)).to.be.revertedWithCustomError(anchor, error);
        }
      },
    });
  return { ...suite, anchor, anchored, batchOf, expectRefusals, gateway, honest, next, signBatch, submit };
});

describe("A hostile gateway at the anchor cannot", () => {
  it("anchor a batch in another gateway's name", async () => {
    const { batchOf, expectRefusals, gateway, honest, p256Verifier, signBatch } = await load();
    const forged = await signBatch(gateway, await batchOf(honest.address));
    const signer = `${await p256Verifier.getAddress()}${"ab".repeat(64)}`;
    await expectRefusals([
      [forged, "AttesterSignatureInvalid"],
      [{ ...forged, signer }, "AttesterSignerMismatch"],
    ]);
  });

  it("change, take back, reorder or leave out a batch that stands", async () => {
    const { anchored, expectRefusals, gateway, next, signBatch } = await load();
    const [first, second, third] = anchored;
    if (first === undefined || second === undefined || third === undefined) throw new Error("Three were anchored.");
    const changed = await signBatch(gateway, { ...second.batch, count: 1n });
    const afterFirst = await next(gateway, { sequence: 2n, previousHead: headAfter(first.batch) });
    await expectRefusals([
      [first, "ReadingsAnchorSequenceMismatch"],
      [changed, "ReadingsAnchorSequenceMismatch"],
      [afterFirst, "ReadingsAnchorSequenceMismatch"],
      [await next(gateway, { sequence: 5n }), "ReadingsAnchorSequenceMismatch"],
      [await next(gateway, { previousHead: headAfter(second.batch) }), "ReadingsAnchorHeadMismatch"],
    ]);
  });

  it("say two things under one number: only the first one stands", async () => {
    const { anchor, anchored, expectRefusals, gateway, next, signBatch } = await load();
    const last = anchored.at(-1)?.batch;
    if (last === undefined) throw new Error("Three were anchored.");
    await expectRefusals([
      [await signBatch(gateway, { ...last, root: id("another root") }), "ReadingsAnchorPositionTaken"],
    ]);
    const items = [await next(gateway), await next(gateway, { document: documentOf("another document") })];
    await expect(anchor.anchorMany(items)).to.be.revertedWithCustomError(anchor, "ReadingsAnchorPositionTaken");
  });

  it("move a batch to another branch of a chain that was rolled back, to another anchor or to another chain", async () => {
    const { anchor, expectRefusals, gateway, next, signBatch, submit } = await load();
    const before = await connection.networkHelpers.takeSnapshot();
    await submit(await next(gateway));
    const onLostBranch = await next(gateway);
    await before.restore();
    await submit(await next(gateway, { root: id("what the other branch has instead") }));
    const other = await connection.ethers.deployContract("ReadingsAnchor");
    const { batch } = await next(gateway);
    await expectRefusals([
      [onLostBranch, "ReadingsAnchorHeadMismatch"],
      [await signBatch(gateway, batch, { verifyingContract: await other.getAddress() }), "AttesterSignatureInvalid"],
      [await signBatch(gateway, batch, { chainId: 42_161n }), "AttesterSignatureInvalid"],
    ]);
    await expect(other.anchor(batch, "0x", "0x")).to.be.revertedWithCustomError(
      other,
      "ReadingsAnchorSequenceMismatch",
    );
    expect(await anchor.getAddress()).not.to.equal(await other.getAddress());
  });

  it("touch another gateway's chain, nor hold it up", async () => {
    const { anchor, gateway, honest, next, submit } = await load();
    const prepared = await next(honest);
    await expectChainsUntouched(anchor, {
      gateways: [honest.address],
      refuse: async () => {
        for (let count = 0; count < 3; ++count) await submit(await next(gateway));
      },
    });
    await expectAnchored(anchor, { send: () => submit(prepared), batches: [prepared.batch] });
  });
});

describe("A hostile gateway at the anchor can", () => {
  it("anchor readings that are not true, of any time, under its own address", async () => {
    const { anchor, gateway, next, submit } = await load();
    const item = await next(gateway, { from: 0n, to: 2n ** 256n - 1n });
    await expectAnchored(anchor, { send: () => submit(item), batches: [item.batch] });
    const last = (await readBatches(anchor, gateway.address)).at(-1);
    expect(last?.gateway).to.equal(gateway.address);
    expect(last?.recordedAt, "the chain's own time").to.equal(
      await connection.networkHelpers.time.latest().then(BigInt),
    );
  });

  it("sign a root that nothing stands behind: then nothing can be proven by it", async () => {
    const { anchor, gateway, next, submit } = await load();
    const item = await next(gateway, { root: id("no tree has this root"), count: 2n ** 256n - 1n });
    await expectAnchored(anchor, { send: () => submit(item), batches: [item.batch] });
  });

  it("sign two batches of one number, which together prove it", async () => {
    const { anchor, gateway, next } = await load();
    const [one, other] = [await next(gateway), await next(gateway, { root: id("another root") })];
    for (const { batch, signer, signature } of [one, other]) {
      // Each would be anchored by itself: the chain confirms that both are signed for the same place.
      await anchor.anchor.staticCall(batch, signer, signature);
    }
    expect([one.batch.sequence, one.batch.previousHead]).to.deep.equal([
      other.batch.sequence,
      other.batch.previousHead,
    ]);
    expect(headAfter(one.batch)).not.to.equal(headAfter(other.batch));
  });

  it("make a call of many fail that its refused batch is in; the refusal names it", async () => {
    const { anchor, gateway, honest, next, signBatch } = await load();
    const good = await next(honest);
    const gap = await next(gateway, { sequence: 9n });
    await expect(anchor.anchorMany([good, gap]))
      .to.be.revertedWithCustomError(anchor, "ReadingsAnchorSequenceMismatch")
      .withArgs(gateway.address, 9, 4);
    const { batch } = await next(gateway);
    const unsigned = await signBatch(honest, batch);
    await expect(anchor.anchorMany([good, unsigned]))
      .to.be.revertedWithCustomError(anchor, "AttesterSignatureInvalid")
      .withArgs(gateway.address, await anchor.batchDigest(batch));
    await expectAnchored(anchor, { send: () => anchor.anchorMany([good]), batches: [good.batch] });
  });
});

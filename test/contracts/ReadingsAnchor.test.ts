import { expect } from "chai";
import { concat, id, toBeHex, ZeroAddress } from "ethers";
import { documentOf, fieldsOf } from "../support/contract-values.js";
import { initialGatewayHead, readBatches, replayBatches } from "../support/replay-batches.js";
import { batchesOf } from "../support/signed-batches.js";
import { accountOf, attesterOf, delegateAccount } from "../support/signing.js";
import { shouldAnchorBatches } from "./behaviours/anchored-batches.js";
import { connection, deployTwins, loadSuite, snapshotOf } from "./behaviours/deployed-suite.js";
import { expectAnchored, expectChainsUntouched } from "./behaviours/expect-anchored.js";
import { HOSTILE_SIGNERS, type HostileSigner } from "./behaviours/hostile-signers.js";
import { newSlotsOf } from "./behaviours/new-slots.js";
import { SIGNATORY_KINDS } from "./behaviours/signatory-kinds.js";

const { ethers, networkHelpers } = connection;
const gasLimit = 8_000_000;

const load = snapshotOf(async () => {
  const suite = await loadSuite();
  const anchor = suite.readingsAnchor.connect(suite.accounts.stranger);
  return { ...suite, anchor, ...batchesOf(suite) };
});

describe("ReadingsAnchor", () => {
  it("chainOf, gateway without a batch, is its first head", async () => {
    const { anchor } = await load();
    const options = { chainId: 31_337n, anchor: await anchor.getAddress() };
    for (const gateway of [accountOf("gateway").address, ZeroAddress, options.anchor]) {
      expect(fieldsOf(await anchor.chainOf(gateway))).to.deep.equal({
        sequence: 0n,
        head: initialGatewayHead(gateway, options),
      });
    }
  });

  it("eip712Domain, is what gateways sign for", async () => {
    const { anchor } = await load();
    const { fields, name, version, chainId, verifyingContract } = await anchor.eip712Domain();
    const expected = ["0x0f", "ReadingsAnchor", "1", 31_337n, await anchor.getAddress()];
    expect([fields, name, version, chainId, verifyingContract]).to.deep.equal(expected);
  });

  it("anchorMany, gateways of every kind, records each in its own chain", async () => {
    const suite = await load();
    const { anchor, batchOf, signBatch } = suite;
    const gateways = await Promise.all(SIGNATORY_KINDS.map((kind) => kind.create(suite, "gateway of a kind")));
    for (let count = 0; count < 2; ++count) {
      const items = await Promise.all(gateways.map(async (it) => signBatch(it, await batchOf(it.address))));
      const batches = items.map(({ batch }) => batch);
      await expectAnchored(anchor, { send: () => anchor.anchorMany(items), batches });
    }
  });

  it("anchorMany, nothing, does nothing", async () => {
    const { anchor } = await load();
    await expectAnchored(anchor, { send: () => anchor.anchorMany([]), batches: [] });
  });

  it("anchorMany, the same next batch twice, records it once", async () => {
    const { anchor, batchOf, signBatch } = await load();
    const gateway = accountOf("gateway");
    const item = await signBatch(gateway, await batchOf(gateway.address));
    await expectAnchored(anchor, { send: () => anchor.anchorMany([item, item]), batches: [item.batch] });
  });

  it("anchorMany, two batches of one number, refuses both and says which", async () => {
    const { anchor, batchOf, signBatch } = await load();
    const gateway = accountOf("gateway");
    const items = [
      await signBatch(gateway, await batchOf(gateway.address)),
      await signBatch(gateway, await batchOf(gateway.address, { root: id("another root") })),
    ];
    const refuse = () =>
      expect(anchor.anchorMany(items)).to.be.revertedWithCustomError(anchor, "ReadingsAnchorPositionTaken");
    await expectChainsUntouched(anchor, { gateways: [gateway.address], refuse });
  });

  it("anchor, first batch of a gateway and later ones, take one slot for ever and no more", async () => {
    const { anchor, batchOf, signBatch } = await load();
    const gateway = accountOf("gateway");
    for (const slots of [1, 0, 0]) {
      const { batch, signer, signature } = await signBatch(gateway, await batchOf(gateway.address));
      expect(await newSlotsOf(connection, await anchor.anchor(batch, signer, signature))).to.have.length(slots);
    }
  });

  it("anchor, one gateway's batches, leave every other chain as it is", async () => {
    const { anchor, batchOf, signBatch } = await load();
    const [gateway, other] = [accountOf("gateway"), accountOf("other")];
    const submit = async (signatory: typeof gateway) => {
      const { batch, signer, signature } = await signBatch(signatory, await batchOf(signatory.address));
      return anchor.anchor(batch, signer, signature);
    };
    await submit(other);
    const gateways = [other.address, accountOf("third").address, ZeroAddress];
    await expectChainsUntouched(anchor, { gateways, refuse: () => submit(gateway) });
  });

  it("replayBatches, an event left out, added, exchanged or changed, does not give the head", async () => {
    const { anchor, batchOf, signBatch } = await load();
    const gateway = accountOf("gateway");
    for (let count = 0; count < 3; ++count) {
      const { batch, signer, signature } = await signBatch(gateway, await batchOf(gateway.address));
      await anchor.anchor(batch, signer, signature);
    }
    const batches = await readBatches(anchor, gateway.address);
    const options = { gateway: gateway.address, chainId: 31_337n, anchor: await anchor.getAddress() };
    const { head } = await anchor.chainOf(gateway.address);
    expect(replayBatches(batches, options).head).to.equal(head);
    expect(replayBatches(batches.slice(0, 2), options).head).not.to.equal(head);
    expect(() => replayBatches(batches.toSpliced(1, 1), options)).to.throw("Batch 2 is missing.");
    expect(() => replayBatches(batches, { ...options, chainId: 1n })).to.throw("Batch 1 continues another chain.");
    const changed = batches.map((batch) => (batch.sequence === 2n ? { ...batch, count: 7n } : batch));
    expect(() => replayBatches(changed, options)).to.throw("Batch 3 continues another chain.");
  });
});

describe("ReadingsAnchor: between chains", () => {
  it("anchor, signed for the same address on another chain, is refused", async () => {
    const [here, elsewhere] = await deployTwins();
    const { batchOf, signBatch } = batchesOf(here);
    const [anchor, twin] = [here.readingsAnchor, elsewhere.readingsAnchor];
    expect(await twin.getAddress(), "the same address").to.equal(await anchor.getAddress());
    const gateway = accountOf("gateway");
    const { batch, signer, signature } = await signBatch(gateway, await batchOf(gateway.address));
    await expect(twin.anchor(batch, signer, signature)).to.be.revertedWithCustomError(
      twin,
      "ReadingsAnchorHeadMismatch",
    );
    const moved = await batchesOf(elsewhere).batchOf(gateway.address);
    await expect(twin.anchor(moved, signer, signature))
      .to.be.revertedWithCustomError(twin, "AttesterSignatureInvalid")
      .withArgs(gateway.address, await twin.batchDigest(moved));
    await expect(anchor.anchor(batch, signer, signature)).to.emit(anchor, "Anchored");
  });
});

for (const kind of SIGNATORY_KINDS) {
  describe(`ReadingsAnchor: batches of ${kind.name}`, () => shouldAnchorBatches(kind));
}

/** A gateway whose signatures a hostile contract judges. */
const prepareFor =
  ({ acceptance, create }: HostileSigner) =>
  async () => {
    const scene = await load();
    const { anchor, batchOf, signBatch } = scene;
    const hostile = await ethers.deployContract("HostileContract");
    const { address, signer } = await create(hostile);
    const batch = await batchOf(address);
    const other = accountOf("other");
    const honest = await signBatch(other, await batchOf(other.address));
    const submit = () => anchor.anchor(batch, signer, "0x1234", { gasLimit });
    const expectRefused = async () =>
      expectChainsUntouched(anchor, {
        gateways: [address, other.address],
        refuse: async () => {
          const items = [honest, { batch, signer, signature: "0x1234" }];
          for (const attempt of [submit, () => anchor.anchorMany(items, { gasLimit })]) {
            await expect(attempt())
              .to.be.revertedWithCustomError(anchor, "AttesterSignatureInvalid")
              .withArgs(address, await anchor.batchDigest(batch));
          }
        },
      });
    const expectRecorded = () => expectAnchored(anchor, { send: submit, batches: [batch] });
    const accepted = `${acceptance}${"00".repeat(28)}`;
    return { ...scene, hostile, signer, batch, honest, submit, expectRecorded, expectRefused, accepted };
  };

for (const hostileSigner of HOSTILE_SIGNERS) {
  describe(`ReadingsAnchor: signatures judged by a hostile ${hostileSigner.name}`, () => {
    const loadHostile = snapshotOf(prepareFor(hostileSigner));

    it("anchor, it accepts, writes in its own name only", async () => {
      const { accepted, anchor, batchOf, expectRecorded, hostile, signer } = await loadHostile();
      await hostile.answerWith(accepted);
      await expectRecorded();
      const forged = await batchOf(accountOf("other").address);
      const error = signer === "0x" ? "AttesterSignatureInvalid" : "AttesterSignerMismatch";
      await expect(anchor.anchor(forged, signer, "0x1234")).to.be.revertedWithCustomError(anchor, error);
    });

    for (const [answer, bytesOf] of [
      ["nothing", () => "0x"],
      ["no", () => `0xffffffff${"00".repeat(28)}`],
      ["true", () => `0x${"00".repeat(31)}01`],
      ["yes in four bytes", () => hostileSigner.acceptance],
      ["yes with something behind it", () => `${hostileSigner.acceptance}${"00".repeat(27)}01`],
    ] as const) {
      it(`anchor, it answers ${answer}, is refused`, async () => {
        const { expectRefused, hostile } = await loadHostile();
        await hostile.answerWith(bytesOf());
        await expectRefused();
      });
    }

    it("anchor, it reverts, with the right answer or without or with 100 kB, is refused", async () => {
      const { accepted, expectRefused, hostile } = await loadHostile();
      for (const length of [0, 32, 100_000]) {
        await hostile.revertAtLength(accepted, length);
        await expectRefused();
      }
    });

    it("anchor, it burns all gas, is refused", async () => {
      const { expectRefused, hostile } = await loadHostile();
      await hostile.burnGas();
      await expectRefused();
    });

    it("anchor, it is gone, is refused", async () => {
      const { accepted, expectRefused, hostile } = await loadHostile();
      await hostile.answerWith(accepted);
      await networkHelpers.setCode(await hostile.getAddress(), "0x");
      await expectRefused();
    });

    it("anchor, it calls anchor meanwhile with a good batch, changes nothing by that", async () => {
      const { accepted, anchor, expectRecorded, honest, hostile } = await loadHostile();
      const data = anchor.interface.encodeFunctionData("anchor", [honest.batch, honest.signer, honest.signature]);
      await hostile.execute.staticCall(anchor, data); // at any other moment it would succeed
      await hostile.callBack(anchor, data, accepted);
      const gateways = [honest.batch.gateway];
      await expectChainsUntouched(anchor, { gateways, refuse: expectRecorded });
    });
  });
}

describe("ReadingsAnchor: signatures of nobody", () => {
  it("anchor, in the name of the zero address, is refused", async () => {
    const { anchor, batchOf } = await load();
    const batch = await batchOf(ZeroAddress);
    for (const signature of [
      "0x",
      `0x${"00".repeat(65)}`,
      concat([toBeHex(0, 64), "0x1b"]),
      concat([toBeHex(5, 32), toBeHex(1, 32), "0x1b"]), // no point of the curve has this x
    ]) {
      await expect(anchor.anchor(batch, "0x", signature))
        .to.be.revertedWithCustomError(anchor, "AttesterSignatureInvalid")
        .withArgs(ZeroAddress, await anchor.batchDigest(batch));
    }
  });

  it("anchor, precompile as verifier, is refused", async () => {
    const { anchor, batchOf } = await load();
    for (const precompile of [...Array.from({ length: 0x11 }, (_, index) => index + 1), 0x100]) {
      const signer = concat([toBeHex(precompile, 20), "0x024ad318"]);
      const batch = await batchOf(attesterOf(signer));
      for (const signature of ["0x", "0x024ad318", `0x024ad318${"00".repeat(28)}`]) {
        await expect(anchor.anchor(batch, signer, signature, { gasLimit })).to.be.revertedWithCustomError(
          anchor,
          "AttesterSignatureInvalid",
        );
      }
    }
  });
});

describe("ReadingsAnchor: an account whose delegate accepts everything (EIP-7702)", () => {
  it("anchor, any bytes, are recorded in its own name and no more once the delegation is taken back", async () => {
    const { anchor, batchOf, signBatch } = await load();
    const delegate = await ethers.deployContract("HostileContract");
    const account = await delegateAccount(connection, { name: "careless", to: await delegate.getAddress() });
    const asWallet = await ethers.getContractAt("HostileContract", account.address);
    await asWallet.answerWith(`0x1626ba7e${"00".repeat(28)}`);
    const batch = await batchOf(account.address, { document: documentOf("careless") });
    await expectAnchored(anchor, { send: () => anchor.anchor(batch, "0x", "0x1234"), batches: [batch] });

    await delegateAccount(connection, { name: "careless", to: ZeroAddress });
    const next = await batchOf(account.address);
    await expect(anchor.anchor(next, "0x", "0x1234"))
      .to.be.revertedWithCustomError(anchor, "AttesterSignatureInvalid")
      .withArgs(account.address, await anchor.batchDigest(next));
    const { signer, signature } = await signBatch(account, next);
    await expectAnchored(anchor, { send: () => anchor.anchor(next, signer, signature), batches: [next] });
  });
});

import {
  type Attester,
  accountAttester,
  createMemoryJournal,
  createMemoryStore,
  createPassportClient,
  createProvider,
  createSubmitter,
  type FullDocumentStore,
  gatewayHeadAfter,
  type ItemReceipt,
  p256Attester,
  p256Key,
  type WritingContext,
} from "@digital-product-passport/sdk";
import {
  type AnchoredBatch,
  anchorBatch,
  batchKind,
  createBatch,
  itemOfBatch,
  parseReading,
  parseSignedBatch,
  type Reading,
  type RelayedBatch,
  readGatewayPosition,
  relayReadings,
  type SignedBatch,
  signBatch,
} from "@digital-product-passport/sdk/readings";
import { expect } from "chai";
import { hexlify, Wallet } from "ethers";
import { type AnvilSuite, startAnvilSuite } from "../support/anvil-suite.js";
import { productIdOf } from "../support/deploy-suite.js";

/** One node: it is never behind itself. */
const QUICK = { confirmMilliseconds: 50, settlingMilliseconds: 50 } as const;

describe("readings, on a real chain", () => {
  let suite: AnvilSuite;
  let store: FullDocumentStore;
  let context: WritingContext;
  let gateways = 0;

  before(async () => {
    suite = await startAnvilSuite({ epochBlocks: 4 });
    store = createMemoryStore();
    context = contextOf("stranger");
  });
  after(async () => {
    await suite.close();
  });

  const contextOf = (name: "stranger" | "issuer" | "technician"): WritingContext => {
    const { network, addressBook, participants, url } = suite;
    const { registry, manager, attestationRelay, readingsAnchor } = addressBook.contracts;
    const provider = createProvider(url, { chainId: network.chainId });
    const client = createPassportClient({
      rpc: provider,
      chainId: network.chainId,
      registry: registry.address,
      manager: manager.address,
      attestationRelay: attestationRelay.address,
      store,
      signer: new Wallet(participants[name].privateKey, provider),
    });
    return { ...client.context, readingsAnchor: readingsAnchor.address };
  };
  const walletOf = (name: "issuer" | "technician"): Wallet =>
    new Wallet(suite.participants[name].privateKey, context.provider);
  /** A gateway that nobody has seen before: an account, or a key in a secure element. */
  const newGateway = async (kind: "account" | "p256" = "account"): Promise<Attester> => {
    const privateKey = `0x${(++gateways).toString(16).padStart(64, "7")}`;
    if (kind === "account") return await accountAttester(new Wallet(privateKey));
    return p256Attester(p256Key(privateKey), { verifier: suite.addressBook.contracts.p256Verifier.address });
  };
  const reading = (changes: object = {}): Reading =>
    parseReading({
      sensor: "bearing-de",
      sequence: 1,
      product: productIdOf(800_001),
      quantity: "bearing-temperature",
      unit: "Cel",
      value: "63.5",
      time: "2026-11-27T15:55:46Z",
      ...changes,
    });
  const readings = (first: number, count: number): readonly Reading[] =>
    Array.from({ length: count }, (_, index) => reading({ sequence: first + index }));
  /** Batches of one reading each that follow each other. */
  const chainOfBatches = async (gateway: Attester, count: number): Promise<readonly SignedBatch[]> => {
    const signed: SignedBatch[] = [];
    let { sequence, head } = await readGatewayPosition(context, { gateway: gateway.address });
    for (let index = 0; index < count; index++) {
      const created = await createBatch([reading({ sequence: index + 1 })], {
        ...placeOf(gateway),
        sequence: sequence + 1n,
        previousHead: head,
      });
      signed.push(await signBatch(gateway, { created }));
      [sequence, head] = [created.batch.sequence, gatewayHeadAfter(created.batch)];
    }
    return signed;
  };
  const placeOf = ({ address: gateway }: Attester) => {
    const { chainId, readingsAnchor } = context;
    if (readingsAnchor === undefined) throw new Error("the suite has one");
    return { chainId, readingsAnchor, gateway };
  };

  describe("anchorBatch", () => {
    for (const kind of ["account", "p256"] as const) {
      it(`of a gateway with a key of kind ${kind}, stores and anchors its batch, and again changes nothing`, async () => {
        const gateway = await newGateway(kind);
        const [signed] = await chainOfBatches(gateway, 1);
        const travelled: unknown = JSON.parse(JSON.stringify(signed));
        const { result } = await (await anchorBatch(context, { signed: travelled })).send();
        expect(result.recordedAt).not.to.equal(undefined);
        expect(await readGatewayPosition(context, { gateway: gateway.address })).to.deep.equal({
          sequence: 1n,
          head: result.head,
        });
        expect(await store.get(result.batch.document)).to.have.length.above(0);
        const again = await (await anchorBatch(context, { signed: travelled })).send();
        expect(again.result).to.deep.equal({ ...result, recordedAt: undefined });
      });
    }

    it("of a batch that a thief has changed, refuses before anything is stored", async () => {
      const gateway = await newGateway();
      const [signed] = await chainOfBatches(gateway, 1);
      if (signed === undefined) throw new Error("there is one");
      const forged = parseSignedBatch({ ...signed, message: { ...signed.message, count: "2" } });
      expect(await codeOf(anchorBatch(context, { signed: forged }))).to.equal("contract.attester-signature-invalid");
      const exchanged = { ...signed, readings: `${signed.readings}x` };
      expect(await codeOf(anchorBatch(context, { signed: exchanged }))).to.equal("document.digest-mismatch");
      expect(await codeOf(store.get(signed.message.document))).to.equal("document.not-found");
    });

    it("of a batch for another chain or contract, refuses", async () => {
      const [signed] = await chainOfBatches(await newGateway(), 1);
      expect(await codeOf(anchorBatch(context, { signed: { ...signed, chainId: "1" } }))).to.equal("chain.wrong-chain");
      const readingsAnchor = suite.addressBook.contracts.manager.address;
      expect(await codeOf(anchorBatch(context, { signed: { ...signed, readingsAnchor } }))).to.equal("input.invalid");
    });
  });

  describe("batchKind", () => {
    const submitAll = async (batches: readonly SignedBatch[]) => {
      const receipts: ItemReceipt<AnchoredBatch>[] = [];
      const submitter = await createSubmitter(context, {
        ...QUICK,
        kind: batchKind(context),
        journal: createMemoryJournal(),
        signers: [walletOf("issuer"), walletOf("technician")],
        onReceipt: (receipt) => void receipts.push(receipt),
        maximumPending: 1_000,
      });
      try {
        for (const signed of batches) await submitter.submit(itemOfBatch(signed));
        await submitter.flush();
      } finally {
        await submitter.close();
      }
      return receipts.filter(({ status }) => status === "sequenced" || status === "refused");
    };

    it("of many gateways on two lanes, anchors each batch once, and packs those of one gateway together", async () => {
      const attesters = await Promise.all(Array.from({ length: 4 }, () => newGateway()));
      const chains = await Promise.all(attesters.map((gateway) => chainOfBatches(gateway, 40)));
      const receipts = await submitAll(chains.flat());
      expect(receipts.map(({ status }) => status)).to.deep.equal(Array(160).fill("sequenced"));
      const transactions = new Set(receipts.map((receipt) => "transactionHash" in receipt && receipt.transactionHash));
      expect(transactions.size).to.be.below(40);
      for (const { address } of attesters) {
        expect((await readGatewayPosition(context, { gateway: address })).sequence).to.equal(40n);
      }
    });

    it("of a batch that is on chain already, finds it there, also when others have followed", async () => {
      const gateway = await newGateway();
      const batches = await chainOfBatches(gateway, 3);
      await submitAll(batches);
      const receipts = await submitAll(batches);
      expect(receipts.map(({ status }) => status)).to.deep.equal(Array(3).fill("sequenced"));
      expect((await readGatewayPosition(context, { gateway: gateway.address })).sequence).to.equal(3n);
    });

    it("of a forged batch among others, refuses that one and what its gateway has built on it, and no other", async () => {
      const [honest, other] = [await newGateway(), await newGateway("p256")];
      const [first, second, third] = await chainOfBatches(honest, 3);
      const others = await chainOfBatches(other, 3);
      if (first === undefined || second === undefined || third === undefined) throw new Error("there are three");
      const forged = { ...second, signature: hexlify(new Uint8Array(65).fill(27)) } as SignedBatch;
      const receipts = await submitAll([first, forged, third, ...others]);
      const refused = receipts.filter(({ status }) => status === "refused").map(({ id }) => id);
      expect(refused).to.deep.equal([itemOfBatch(forged).id, itemOfBatch(third).id]);
      expect((await readGatewayPosition(context, { gateway: other.address })).sequence).to.equal(3n);
      expect((await readGatewayPosition(context, { gateway: honest.address })).sequence).to.equal(1n);
    });
  });

  describe("relayReadings", () => {
    it("of a stream, anchors every reading once, and after a crash goes on with the same journal", async () => {
      const gateway = await newGateway("p256");
      const journal = createMemoryJournal();
      const told: RelayedBatch[] = [];
      const relay = async (
        source: AsyncIterable<unknown>,
        onAnchored = (batch: RelayedBatch) => void told.push(batch),
      ) =>
        await relayReadings(context, {
          ...QUICK,
          readings: source,
          gateway,
          journal,
          signers: [walletOf("issuer")],
          maximumReadings: 10,
          onAnchored,
        });
      const crash = () => {
        throw new Error("the power failed");
      };
      await relay(streamOf(readings(1, 35)), crash).then(
        () => expect.fail("it went on"),
        (error: Error) => expect(error.message).to.equal("the power failed"),
      );
      await relay(streamOf(readings(1, 50)));
      const lines = told.flatMap(({ signed }) => signed.readings?.trim().split("\n") ?? []);
      const sequences = lines.map((line) => parseReading(JSON.parse(line)).sequence);
      expect(sequences).to.deep.equal(Array.from({ length: 50 }, (_, index) => index + 1));
      expect(told.map(({ batch }) => batch.sequence)).to.deep.equal(told.map((_, index) => BigInt(index + 1)));
    });
  });
});

async function* streamOf<Value>(values: Iterable<Value>): AsyncGenerator<Value> {
  yield* values;
}

/** The code of the error that a promise fails with. */
async function codeOf(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    () => "it was done",
    (error: { readonly code?: string }) => error.code ?? String(error),
  );
}

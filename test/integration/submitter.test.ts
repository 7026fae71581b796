import { setTimeout } from "node:timers/promises";
import {
  attestationKind,
  createMemoryJournal,
  createMemoryStore,
  createPassportClient,
  createProvider,
  createSubmitter,
  type IssuanceItem,
  type IssuanceOutcome,
  type ItemReceipt,
  isPassportError,
  issuanceKind,
  issueMany,
  type Journal,
  type PassportClient,
  type PassportError,
  parseDigest,
  type SignedAttestation,
  submitMany,
} from "@digital-product-passport/sdk";
import { expect } from "chai";
import { Wallet } from "ethers";
import { WEGManager__factory } from "../../types/ethers-contracts/index.js";
import { type AnvilSuite, startAnvilSuite } from "../support/anvil-suite.js";
import { NO_END } from "../support/contract-values.js";
import { productIdOf } from "../support/deploy-suite.js";
import { SAMPLE_MAINTENANCE, SAMPLE_MOTOR } from "../support/sdk-clients.js";
import { type Sequencer, startSequencer } from "../support/sequencer.js";

/** One node: it is never behind itself. */
const QUICK = { confirmMilliseconds: 50, settlingMilliseconds: 50 } as const;

describe("submitting many, on a sequencer", () => {
  let suite: AnvilSuite;
  let sequencer: Sequencer;
  let client: PassportClient;
  let serial = 100_000;

  before(async () => {
    suite = await startAnvilSuite({ epochBlocks: 4 });
    sequencer = await startSequencer(suite.url, { seed: 7 });
    client = clientOf("issuer");
  });
  after(async () => {
    client.context.provider.destroy();
    await sequencer.close();
    await suite.close();
  });
  afterEach(() => sequencer.setFaults({}));

  const clientOf = (name: "issuer" | "technician" | "stranger"): PassportClient => {
    const { network, addressBook, participants } = suite;
    const { registry, manager, attestationRelay } = addressBook.contracts;
    const provider = createProvider(sequencer.url, { chainId: network.chainId });
    return createPassportClient({
      rpc: provider,
      chainId: network.chainId,
      registry: registry.address,
      manager: manager.address,
      attestationRelay: attestationRelay.address,
      store: createMemoryStore(),
      signer: new Wallet(participants[name].privateKey, provider),
    });
  };
  const motor = (): IssuanceItem => ({
    productId: productIdOf(++serial),
    owner: suite.participants.owner.address,
    document: SAMPLE_MOTOR,
  });
  const motors = (count: number): readonly IssuanceItem[] => Array.from({ length: count }, motor);
  const journalOf = (): Journal => createMemoryJournal();
  const issuedTo = async ({ productId }: IssuanceItem): Promise<boolean> =>
    await client.findPassport({ productId }).then(
      () => true,
      (error: unknown) => {
        if (isPassportError(error, "passport.not-found")) return false;
        throw error;
      },
    );

  describe("issueMany", () => {
    it("of more than one transaction holds, issues each, its document stored, and reports each with its place", async () => {
      const items = motors(120);
      const outcomes: IssuanceOutcome[] = [];
      const journal = journalOf();
      const counts = await issueMany(client.context, {
        ...QUICK,
        items,
        journal,
        onProgress: (outcome) => void outcomes.push(outcome),
      });
      await journal.close();
      expect(counts).to.deep.equal({ issued: 120, registered: 0, refused: 0 });
      expect(outcomes.map(({ position }) => position).sort((left, right) => left - right)).to.deep.equal(
        items.map((_, index) => index),
      );
      for (const outcome of outcomes) {
        expect(items[outcome.position]?.productId).to.equal(outcome.productId);
        expect(outcome.status === "issued" && outcome.passport).to.equal(await client.findPassport(outcome));
      }
      const [first] = items;
      const { entries } = await client.readHistory({ passport: first?.productId ?? "" });
      expect(await client.context.store?.get(parseDigest(entries[0]?.document))).to.have.length.above(100);
    });

    it("a second time, with another journal, sends nothing and says who has a passport", async () => {
      const items = motors(10);
      const [first, second] = [journalOf(), journalOf()];
      await issueMany(client.context, { ...QUICK, items, journal: first });
      await first.close();
      const sequenced = sequencer.counts.get("sequenced");
      const counts = await issueMany(client.context, { ...QUICK, items, journal: second });
      await second.close();
      expect(counts).to.deep.equal({ issued: 0, registered: 10, refused: 0 });
      expect(sequencer.counts.get("sequenced")).to.equal(sequenced);
    });

    it("of bad items among good ones, reports each with its reason and issues the others", async () => {
      const [good, twice, other] = [motor(), motor(), motor()];
      const bad = { ...motor(), productId: "https://other.example/01/09521234567899/21/1" };
      const outcomes: IssuanceOutcome[] = [];
      const journal = journalOf();
      await issueMany(client.context, {
        ...QUICK,
        items: [good, twice, bad, twice, { ...motor(), owner: "nobody" }, other],
        journal,
        onProgress: (outcome) => void outcomes.push(outcome),
      });
      await journal.close();
      const reasons = outcomes
        .toSorted((left, right) => left.position - right.position)
        .map((outcome) => (outcome.status === "refused" ? outcome.error.code : outcome.status));
      expect(reasons).to.deep.equal([
        "issued",
        "issued",
        "identifier.foreign-namespace",
        "input.invalid",
        "input.invalid",
        "issued",
      ]);
    });

    it("of more than the issuer may issue in this hour, issues what he may; once he may more, the rest", async () => {
      const { admin, stranger } = suite.participants;
      const manager = WEGManager__factory.connect(suite.addressBook.contracts.manager.address, admin);
      const limitTo = async (perHour: number) =>
        await (await manager.setIssuingLimit(stranger.address, perHour, NO_END)).wait();
      await (await manager.setIssuingCap(2_000_000)).wait();
      await limitTo(7);
      const context = clientOf("stranger").context;
      const items = motors(10);
      const journal = journalOf();
      expect(await issueMany(context, { ...QUICK, items, journal })).to.include({ issued: 7, refused: 3 });
      await limitTo(100_000);
      // A new limit gives back nothing that was taken: the bucket fills from now on, by 27 in a second.
      await setTimeout(1_100);
      await sequencer.mine(1);
      expect(await issueMany(context, { ...QUICK, items, journal })).to.deep.equal({
        issued: 3,
        registered: 7,
        refused: 0,
      });
      await journal.close();
      context.provider.destroy();
    });

    it("when the node is away for longer than the patience, says so; the same call goes on later", async () => {
      const items = motors(60);
      const journal = journalOf();
      const options = { ...QUICK, items, journal, patienceMilliseconds: 1_500 };
      let told = 0;
      const broken = refusalOf(
        issueMany(client.context, {
          ...options,
          onProgress: () => {
            told += 1;
            if (told === 1) sequencer.setFaults({ serverError: 1 });
          },
        }),
      );
      expect((await broken).code).to.equal("chain.unreachable");
      sequencer.setFaults({});
      const counts = await issueMany(client.context, options);
      await journal.close();
      expect(counts.issued + counts.registered).to.equal(60);
      expect(await Promise.all(items.map(issuedTo))).to.deep.equal(items.map(() => true));
    });

    it("with a key, or a journal, that is in use: journal.in-use; of another kind: journal.foreign", async () => {
      const [first, second] = [journalOf(), journalOf()];
      const submitter = await createSubmitter(client.context, {
        ...QUICK,
        kind: issuanceKind(client.context),
        journal: first,
        signers: [signerOf(client)],
        onReceipt: () => undefined,
      });
      const taken = await refusalOf(issueMany(client.context, { ...QUICK, items: [motor()], journal: second }));
      expect(taken.code).to.equal("journal.in-use");
      await submitter.close();
      await first.close();
      const foreign = await refusalOf(submitMany(client.context, { ...QUICK, items: [], journal: first }));
      expect(foreign.code).to.equal("journal.foreign");
      await first.close();
    });
  });

  describe("createSubmitter", () => {
    const start = async (journal: Journal) => {
      const receipts: ItemReceipt<unknown>[] = [];
      const submitter = await createSubmitter(client.context, {
        ...QUICK,
        kind: issuanceKind(client.context),
        journal,
        signers: [signerOf(client)],
        onReceipt: (receipt) => void receipts.push(receipt),
      });
      return {
        submitter,
        statusesOf: (id: string) => receipts.filter((it) => it.id === id).map(({ status }) => status),
      };
    };
    const issuance = async (): Promise<{
      readonly id: string;
      readonly orderedBy: string;
      readonly payload: never;
    }> => {
      const { productId, owner } = motor();
      const { digest: document } = await storeOf(client).put(new TextEncoder().encode(`{"a":"${productId}"}`));
      // Safety: a payload as the journal holds it.
      return { id: productId, orderedBy: productId, payload: { productId, owner, document } as never };
    };

    it("an item whose block is thrown out: is sent again with the same bytes, and final at last", async () => {
      const journal = journalOf();
      const { submitter, statusesOf } = await start(journal);
      for (const isReplaced of [true, false]) {
        const item = await issuance();
        await submitter.submit(item);
        await submitter.flush();
        const [before] = await transactionsIn(journal);
        await sequencer.rollBack(1, { isReplaced });
        while (statusesOf(item.id).length < 2) await sequencer.mine(0).then(pause);
        expect(await transactionsIn(journal)).to.include(before);
        await sequencer.mine(12);
        await submitter.flush("finalized");
        expect(statusesOf(item.id)).to.include("finalized");
        expect(await client.findPassport({ productId: item.id })).to.match(/^0x/);
      }
      await submitter.close();
      await journal.close();
    });

    it("a nonce that somebody else has used: the items are sent with the next one", async () => {
      const journal = journalOf();
      const { submitter, statusesOf } = await start(journal);
      const { issuer } = suite.participants;
      await (await issuer.sendTransaction({ to: issuer.address })).wait();
      const item = await issuance();
      await submitter.submit(item);
      await submitter.flush();
      expect(statusesOf(item.id)).to.deep.equal(["sequenced"]);
      await submitter.close();
      await journal.close();
    });

    it("fees that are outdated when the node comes back: signs anew for the same nonce, both stay in the journal", async () => {
      const journal = journalOf();
      const { submitter, statusesOf } = await start(journal);
      sequencer.setFaults({ lostBefore: 1 });
      const item = await issuance();
      await submitter.submit(item);
      while ((await transactionsIn(journal)).length === 0) await pause();
      await suite.network.provider.send("anvil_setNextBlockBaseFeePerGas", ["0x174876e800"]);
      await sequencer.mine(1);
      sequencer.setFaults({});
      await submitter.flush();
      expect(statusesOf(item.id)).to.deep.equal(["sequenced"]);
      expect(new Set(await noncesIn(journal)).size).to.equal(1);
      expect((await transactionsIn(journal)).length).to.be.above(1);
      await submitter.close();
      await journal.close();
    });

    it("after its closing: submission.closed", async () => {
      const journal = journalOf();
      const { submitter } = await start(journal);
      await submitter.close();
      expect((await refusalOf(submitter.submit(await issuance()))).code).to.equal("submission.closed");
      await journal.close();
    });

    it("without a signer whose transactions are not final: submission.sender-missing", async () => {
      const journal = journalOf();
      const { submitter } = await start(journal);
      await submitter.submit(await issuance());
      await submitter.flush();
      await submitter.close();
      await journal.close();
      const { context } = clientOf("technician");
      const options = { ...QUICK, kind: issuanceKind(context), journal, onReceipt: () => undefined };
      const refused = await refusalOf(
        createSubmitter(context, { ...options, signers: [signerOf(clientOf("technician"))] }),
      );
      expect(refused.code).to.equal("submission.sender-missing");
      await journal.close();
      context.provider.destroy();
    });
  });

  describe("submitMany", () => {
    const sign = async (
      passport: { readonly passport: string; readonly productId: string },
      deadline = NO_END,
    ): Promise<SignedAttestation> =>
      await clientOf("technician").signAttestation({
        ...passport,
        eventType: "MAINTAINED",
        document: SAMPLE_MAINTENANCE,
        deadline,
      });
    const issueOne = async () => {
      const { productId, owner, document } = motor();
      return (await (await client.issuePassport({ productId, owner, document })).send()).result;
    };

    it("of attestations for one passport with bad ones among them, records the good ones in their order", async () => {
      const passport = await issueOne();
      const good = [await sign(passport), await sign(passport), await sign(passport)];
      const expired = await sign(passport, 1n);
      const journal = journalOf();
      const outcomes: string[] = [];
      const items = [good[0], expired, { not: "one" }, good[1], good[1], good[2]];
      const counts = await submitMany(clientOf("stranger").context, {
        ...QUICK,
        items,
        journal,
        onProgress: (outcome) => {
          outcomes[outcome.position] = outcome.status === "refused" ? outcome.error.code : outcome.status;
        },
      });
      expect(counts).to.deep.equal({ recorded: 3, refused: 3 });
      expect(outcomes).to.deep.equal([
        "recorded",
        "contract.attestation-relay-item-refused",
        "input.invalid",
        "recorded",
        "input.invalid",
        "recorded",
      ]);
      const { entries } = await client.readHistory(passport);
      expect(entries.slice(1).map(({ document }) => document)).to.deep.equal(
        good.map(({ message }) => message.document),
      );
      await journal.close();
      await expectQuarantined(journal, expired);
    });

    it("of what somebody else has submitted meanwhile, calls it recorded", async () => {
      const passport = await issueOne();
      const signed = await sign(passport);
      await (await clientOf("issuer").submitAttestation({ signed })).send();
      const journal = journalOf();
      const counts = await submitMany(clientOf("stranger").context, { ...QUICK, items: [signed], journal });
      expect(counts).to.deep.equal({ recorded: 1, refused: 0 });
      await journal.close();
    });

    const expectQuarantined = async (journal: Journal, expired: SignedAttestation): Promise<void> => {
      const { context } = clientOf("stranger");
      const submitter = await createSubmitter(context, {
        ...QUICK,
        kind: attestationKind(context),
        journal,
        signers: [signerOf(clientOf("stranger"))],
        onReceipt: () => undefined,
      });
      const [quarantined, ...others] = await Array.fromAsync(submitter.quarantined());
      expect(others).to.deep.equal([]);
      expect(quarantined?.item.payload).to.deep.equal(expired);
      expect(quarantined?.reason).to.match(/was refused: .*1970/);
      await submitter.close();
      await journal.close();
    };
  });
});

async function refusalOf(task: Promise<unknown>): Promise<PassportError> {
  const error = await task.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (isPassportError(error)) return error;
  throw error ?? new Error("it was not refused");
}

const pause = (): Promise<void> => setTimeout(20);

async function recordsIn(journal: Journal): Promise<readonly Record<string, unknown>[]> {
  // Safety: a submitter writes nothing but objects.
  return (await Array.fromAsync(journal.read())) as readonly Record<string, unknown>[];
}

async function transactionsIn(journal: Journal): Promise<readonly unknown[]> {
  return (await recordsIn(journal)).filter(({ type }) => type === "transaction").map(({ raw }) => raw);
}

async function noncesIn(journal: Journal): Promise<readonly unknown[]> {
  return (await recordsIn(journal)).filter(({ type }) => type === "transaction").map(({ nonce }) => nonce);
}

function signerOf({ context }: PassportClient) {
  if (context.signer === undefined) throw new Error("the client has no signer");
  return context.signer;
}

function storeOf({ context }: PassportClient) {
  if (context.store === undefined) throw new Error("the client has no store");
  return context.store;
}

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import { documentOf, NATIVE_EVENT_TYPES, NO_END, nameOf } from "../support/contract-values.js";
import { issuePassport } from "../support/deploy-suite.js";
import { projectRoot } from "../support/project-files.js";
import { type RecordedEntry, readEntries, replayEntries } from "../support/replay-head.js";
import { accountOf, type Messages, p256SignatoryOf, type Signatory, sign } from "../support/signing.js";
import {
  connection,
  grantTo,
  inAnHour,
  loadPassport,
  loadSuite,
  now,
  ROLES,
  recordNextAt,
} from "./behaviours/deployed-suite.js";
import { newSlotsOf } from "./behaviours/new-slots.js";

const STEPS = 300;

/** Numbers that look random and are the same in every run (the MINSTD generator). */
const randomFrom = (seed: number) => {
  let state = BigInt(seed);
  return (limit: number): number => {
    state = (state * 48_271n) % 2_147_483_647n;
    return Number(state % BigInt(limit));
  };
};

const pick = <Item>(items: readonly Item[], random: (limit: number) => number): Item => {
  const item = items[random(items.length)];
  if (item === undefined) throw new Error("There is nothing to pick from.");
  return item;
};

/**
 * Lives a life of many steps, by every way there is; what the contracts refuse is part of it.
 *
 * @param seed - which life
 */
async function liveALife(seed: number) {
  const suite = await loadSuite();
  const { accounts, manager } = suite;
  const random = randomFrom(seed);
  const retiring = nameOf("DECOMMISSIONED");
  const eventTypes = [
    // A retired motor has little left to tell: it may retire towards the end only.
    ...(await manager.eventTypes()).filter((eventType) => eventType !== retiring),
    nameOf("PAINTED"),
    ...NATIVE_EVENT_TYPES.map(nameOf),
  ];
  const people: readonly Signatory[] = [
    accountOf("Ada"),
    accountOf("Bela"),
    await p256SignatoryOf(suite, "Carl"),
    await p256SignatoryOf(suite, "Dora"),
  ];
  for (const [index, signatory] of people.entries()) {
    await grantTo(suite, { signatory, roles: index === 0 ? ROLES.TECHNICIAN : 0x1ffn });
  }
  const passport = await issuePassport(suite, { owner: pick(people, random).address });
  const participants = Object.values(accounts);
  const by = passport.connect(accounts.gateway);
  let clock = await now();
  const soon = () => clock + 3_600n;
  const someDocument = () => documentOf(`document ${random(1_000_000)}`);
  const ownerOf = async (): Promise<Signatory> => {
    const owner = await passport.owner();
    const found = people.find(({ address }) => address === owner);
    if (found === undefined) throw new Error("Somebody unknown owns the passport.");
    return found;
  };
  const signAs = <Type extends keyof Messages>(signatory: Signatory, type: Type, message: Messages[Type]) =>
    sign(signatory, { passport, type, message });
  const acceptanceFor = async (
    newOwner: string,
    { offerNonce, document }: { readonly offerNonce: bigint; readonly document: string },
  ): Promise<Messages["Accept"]> => ({
    newOwner,
    document,
    offerNonce,
    expectedHead: await passport.head(),
    deadline: soon(),
  });

  const attest = () => passport.connect(pick(participants, random)).attest(pick(eventTypes, random), someDocument());
  const attestBySignature = async () => {
    const signatory = random(2) === 0 ? pick(people, random) : await ownerOf();
    const message = {
      eventType: pick(eventTypes, random),
      document: someDocument(),
      attester: signatory.address,
      sequence: random(2) === 0 ? 0n : (await passport.entryCount()) + 1n,
      deadline: soon(),
    };
    return by.attestBySignature(message, signatory.signer, await signAs(signatory, "Attestation", message));
  };

  const offer = async () => {
    const owner = await ownerOf();
    const message = {
      newOwner: pick(people, random).address,
      document: someDocument(),
      offerNonce: (await passport.offerNonce()) + 1n,
      expiresAt: soon() + BigInt(random(100_000)),
    };
    return by.offerOwnershipBySignature(message, owner.signer, await signAs(owner, "Offer", message));
  };
  const accept = async () => {
    const { newOwner, document, nonce } = await passport.pendingOffer();
    const buyer = people.find(({ address }) => address === newOwner) ?? pick(people, random);
    const message = await acceptanceFor(buyer.address, { offerNonce: nonce, document });
    return by.acceptOwnershipBySignature(message, buyer.signer, await signAs(buyer, "Accept", message));
  };
  const cancel = async () => {
    const owner = await ownerOf();
    const message = { offerNonce: await passport.offerNonce() };
    return by.cancelOfferBySignature(message.offerNonce, owner.signer, await signAs(owner, "Cancel", message));
  };
  const lock = async () => {
    const owner = await ownerOf();
    const message = {
      holder: accounts.logistics.address,
      until: soon() + BigInt(random(50_000)),
      document: someDocument(),
      sequence: (await passport.entryCount()) + 1n,
      deadline: NO_END,
    };
    return by.lockBySignature(message, owner.signer, await signAs(owner, "Lock", message));
  };
  const settle = async () => {
    const buyer = pick(people, random);
    const offerNonce = (await passport.offerNonce()) + 1n;
    const message = await acceptanceFor(buyer.address, { offerNonce, document: someDocument() });
    const signature = await signAs(buyer, "Accept", message);
    return passport.connect(accounts.logistics).settle(message, buyer.signer, signature);
  };
  const release = (holder = pick([accounts.logistics, accounts.stranger], random)) =>
    passport.connect(holder).release();

  // Every kind of entry at least once, then whatever comes.
  for (const step of [offer, accept, lock, () => release(accounts.logistics), lock, settle]) await step();
  const steps = [attest, attestBySignature, attestBySignature, offer, accept, cancel, lock, release, settle];
  let refusals = 0;
  for (let count = 0; count < STEPS; ++count) {
    if (count === STEPS - 40) eventTypes.push(retiring);
    clock += BigInt(1 + random(20_000));
    await recordNextAt(clock);
    const step = pick(steps, random);
    await step().catch((error: unknown) => {
      if (!(error instanceof Error && error.message.includes("reverted"))) throw error;
      refusals += 1;
    });
  }
  return { passport, refusals };
}

const stateOf = async (passport: Awaited<ReturnType<typeof issuePassport>>) => ({
  head: await passport.head(),
  owner: await passport.owner(),
  condition: await passport.condition(),
  entryCount: await passport.entryCount(),
  lastRecordedAt: await passport.lastRecordedAt(),
});

describe("DigitalPassport: history", () => {
  for (const seed of [104_729, 32_452_843]) {
    it(`head, after long random life ${seed}, is what its events replay to`, async () => {
      const { passport, refusals } = await liveALife(seed);
      const entries = await readEntries(passport);
      const options = { chainId: 31_337n, passport: await passport.getAddress() };
      expect(replayEntries(entries, options)).to.deep.equal(await stateOf(passport));

      const types = new Set(entries.map(({ eventType }) => eventType));
      for (const native of NATIVE_EVENT_TYPES) expect(types, native).to.include(nameOf(native));
      expect(entries.length, "entries").to.be.greaterThan(50);
      expect(refusals, "refusals").to.be.greaterThan(50);
    });
  }

  it("head, any field of any entry changed, does not replay", async () => {
    const { accounts, passport } = await loadPassport();
    for (const document of ["first", "second", "third"]) {
      await passport.connect(accounts.technician).attest(nameOf("MAINTAINED"), documentOf(document));
    }
    const entries = await readEntries(passport);
    const options = { chainId: 31_337n, passport: await passport.getAddress() };
    const head = await passport.head();
    expect(replayEntries(entries, options).head).to.equal(head);

    const changes: readonly Partial<RecordedEntry>[] = [
      { eventType: nameOf("REPAIRED") },
      { attester: accounts.stranger.address },
      { roles: 3n },
      { document: documentOf("forgery") },
      { owner: accounts.stranger.address },
      { condition: 0x0101n },
    ];
    for (const [index, entry] of entries.entries()) {
      for (const change of changes) {
        const forged = entries.with(index, { ...entry, ...change });
        expect(replayEntries(forged, options).head, `${index} ${Object.keys(change)}`).not.to.equal(head);
      }
    }
    for (const other of [
      { ...options, chainId: 1n },
      { ...options, passport: accounts.stranger.address },
    ]) {
      expect(replayEntries(entries, other).head).not.to.equal(head);
    }
    expect(() => replayEntries(entries.slice(1), options)).to.throw("Entry 1 is missing.");
    expect(() => replayEntries(entries.toSpliced(1, 1), options)).to.throw("Entry 2 is missing.");
  });

  it("replayEntries, histories of the vectors, gives their heads", async () => {
    const vectors: unknown = JSON.parse(await readFile(join(projectRoot, "test/vectors/hashing.json"), "utf8"));
    // Safety: this file of ours is checked to be what its generator writes.
    const { histories } = vectors as {
      readonly histories: readonly {
        readonly chainId: string;
        readonly passport: string;
        readonly entries: readonly Readonly<Record<keyof RecordedEntry, string>>[];
        readonly heads: readonly string[];
      }[];
    };
    expect(histories.length).to.be.greaterThan(0);
    for (const { chainId, passport, entries, heads } of histories) {
      const recorded = entries.map((entry, index) => ({
        ...entry,
        sequence: BigInt(entry.sequence),
        roles: BigInt(entry.roles),
        condition: BigInt(entry.condition),
        recordedAt: BigInt(entry.recordedAt),
        previousRecordedAt: BigInt(entries[index - 1]?.recordedAt ?? 0),
      }));
      const headAfter = (count: number) =>
        replayEntries(recorded.slice(0, count), { chainId: BigInt(chainId), passport }).head;
      expect(heads).to.deep.equal(recorded.map((_, index) => headAfter(index + 1)));
    }
  });
});

describe("DigitalPassport: storage that entries take", () => {
  it("sale, lock, release and settlement, take two slots each for the pending offer and the lock, and free them", async () => {
    const { accounts, passport } = await loadPassport();
    const ownersPassport = passport.connect(accounts.owner);
    const address = (await passport.getAddress()).toLowerCase();
    const slotsOf = async (sending: Promise<ContractTransactionResponse>) => {
      const slots = await newSlotsOf(connection, await sending);
      expect(slots.filter(({ contract }) => contract !== address)).to.deep.equal([]);
      return slots.map(({ slot }) => Number(slot)).sort();
    };
    const document = documentOf("sale");
    expect(await slotsOf(ownersPassport.lock(accounts.owner, await inAnHour(), document))).to.deep.equal([6, 7]);
    expect(await slotsOf(ownersPassport.release())).to.deep.equal([]);
    expect(await slotsOf(ownersPassport.offerOwnership(accounts.buyer, document, await inAnHour()))).to.deep.equal([
      4, 5,
    ]);
    expect(
      await slotsOf(passport.connect(accounts.buyer).acceptOwnership(document, await passport.head())),
    ).to.deep.equal([]);
    expect(
      await slotsOf(passport.connect(accounts.buyer).offerOwnership(accounts.owner, document, await inAnHour())),
      "the number stands in the first already",
    ).to.deep.equal([5]);
  });
});

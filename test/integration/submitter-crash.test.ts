import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { env, execPath } from "node:process";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import {
  createPassportClient,
  createProvider,
  type PassportClient,
  parseDigest,
  type SignedAttestation,
} from "@digital-product-passport/sdk";
import { createDiskStore } from "@digital-product-passport/sdk/node";
import { expect } from "chai";
import { type AnvilSuite, startAnvilSuite } from "../support/anvil-suite.js";
import { productIdOf } from "../support/deploy-suite.js";
import { projectRoot } from "../support/project-files.js";
import { createRandom, type Random } from "../support/random.js";
import { SAMPLE_MAINTENANCE, SAMPLE_MOTOR } from "../support/sdk-clients.js";
import { type Sequencer, startSequencer } from "../support/sequencer.js";
import type { SubmitterProcessOptions } from "../support/submitter-process.js";

/** `SUBMITTER_SEED` repeats a run; `SUBMITTER_KILLS` makes it longer. */
const SEED = Number(env["SUBMITTER_SEED"] ?? Date.now() % 1_000_000);
const KILLS = Number(env["SUBMITTER_KILLS"] ?? 20);

const PASSPORTS = 8;
const ATTESTATIONS_PER_KILL = 20;
const FAULTS = { lostBefore: 0.1, lostAfter: 0.1, tooManyRequests: 0.02, serverError: 0.03, slow: 0.03 };
const EPOCH_BLOCKS = 4;
const DEEPEST_ROLLBACK = EPOCH_BLOCKS;
const TRAFFIC_MILLISECONDS = 300;

describe(`a submitter that is killed again and again (SUBMITTER_SEED=${SEED})`, function () {
  this.timeout(120_000 + KILLS * 10_000);
  let suite: AnvilSuite;
  let sequencer: Sequencer;
  let random: Random;
  let client: PassportClient;
  let stopTraffic: () => Promise<void>;

  before(async () => {
    suite = await startAnvilSuite({ epochBlocks: EPOCH_BLOCKS });
    random = createRandom(SEED);
    sequencer = await startSequencer(suite.url, { seed: SEED, faults: FAULTS });
    client = clientOf("issuer");
    // Finality comes with blocks, and blocks come with the traffic of others.
    stopTraffic = sequencer.keepMining(TRAFFIC_MILLISECONDS);
  });
  after(async () => {
    await stopTraffic();
    client.context.provider.destroy();
    await sequencer.close();
    await suite.close();
  });

  /** A client that no fault reaches. */
  const clientOf = (name: "issuer" | "technician"): PassportClient => {
    const { network, addressBook, participants, folder } = suite;
    const { registry, manager, attestationRelay } = addressBook.contracts;
    return createPassportClient({
      rpc: createProvider(suite.url, { chainId: network.chainId }),
      chainId: network.chainId,
      registry: registry.address,
      manager: manager.address,
      attestationRelay: attestationRelay.address,
      store: createDiskStore(join(folder, "documents")),
      signer: participants[name],
    });
  };

  const optionsOf = (
    work: SubmitterProcessOptions["work"],
    options: { readonly keys: SubmitterProcessOptions["keys"]; readonly items: string; readonly pace: number },
  ): Omit<SubmitterProcessOptions, "accepted"> => {
    const { registry, manager, attestationRelay } = suite.addressBook.contracts;
    return {
      ...options,
      work,
      rpc: sequencer.url,
      registry: registry.address,
      manager: manager.address,
      attestationRelay: attestationRelay.address,
      journal: join(suite.folder, `${work}.journal`),
      documents: join(suite.folder, "documents"),
    };
  };

  /** Runs it until it is done, with that many kills in between; returns everything that it has said. */
  const runAndKill = async (
    options: Omit<SubmitterProcessOptions, "accepted">,
    { kills, rollbacks }: { readonly kills: number; readonly rollbacks: number },
  ): Promise<readonly string[]> => {
    const said: string[] = [];
    for (let kill = 0; ; kill += 1) {
      const accepted = said.filter((word) => word === "accepted").length;
      const child = startProcess({ ...options, accepted });
      const isRolledBack = kill > 0 && kill % Math.ceil(kills / rollbacks) === 0;
      const isDone = await listen(child, {
        said,
        killAfter: kill < kills ? random.integer(0, 600) : undefined,
        rollBackAfter: isRolledBack ? random.integer(0, 600) : undefined,
      });
      if (isDone) return said;
      if (random.chance(0.3)) await tear(options.journal);
    }
  };

  const listen = async (
    child: ChildProcess,
    options: {
      readonly said: string[];
      readonly killAfter: number | undefined;
      readonly rollBackAfter: number | undefined;
    },
  ): Promise<boolean> => {
    const { said, killAfter, rollBackAfter } = options;
    if (child.stdout === null || child.stderr === null) throw new Error("the process says nothing");
    const ended = once(child, "exit");
    const complaint = child.stderr.toArray();
    let rollingBack: Promise<void> | undefined;
    const onStarted = (): void => {
      if (killAfter !== undefined) void setTimeout(killAfter).then(() => child.kill("SIGKILL"));
      if (rollBackAfter !== undefined) rollingBack = setTimeout(rollBackAfter).then(rollBack);
    };
    for await (const word of createInterface({ input: child.stdout })) {
      said.push(word);
      if (word === "started") onStarted();
    }
    const [code, signal] = await ended;
    await rollingBack;
    if (code !== 0 && signal !== "SIGKILL") throw new Error(`it ended with ${code}: ${(await complaint).join("")}`);
    return code === 0;
  };

  const rollBack = async (): Promise<void> =>
    await sequencer.rollBack(random.integer(1, DEEPEST_ROLLBACK), { isReplaced: random.chance(0.5) });

  /** What a write leaves that power or space has ended in the middle. */
  const tear = async (journal: string): Promise<void> => {
    const last = (await readFile(journal, "utf8")).trimEnd().split("\n").at(-1) ?? "";
    await appendFile(journal, last.slice(0, random.integer(1, last.length)));
  };

  it("attestations: each accepted one is recorded once, in its passport's order; the bad ones are refused", async () => {
    const attestations = await signAttestations();
    const items = join(suite.folder, "attestations.jsonl");
    await writeFile(items, attestations.map(({ signed }) => `${JSON.stringify(signed)}\n`).join(""));
    const { participants } = suite;
    const keys = [participants.buyer.privateKey, participants.stranger.privateKey] as const;
    const options = optionsOf("attest", { keys, items, pace: 8 });

    const said = await runAndKill(options, { kills: KILLS, rollbacks: 4 });

    const good = attestations.filter(({ isGood }) => isGood);
    const passports = new Set(attestations.map(({ signed }) => signed.passport));
    for (const passport of passports) {
      const { entries } = await client.readHistory({ passport });
      const expected = good.filter(({ signed }) => signed.passport === passport);
      expect(
        entries.slice(1).map(({ document }) => document),
        `history of ${passport}`,
      ).to.deep.equal(expected.map(({ signed }) => signed.message.document));
    }
    const refused = new Set(said.filter((word) => word.startsWith("refused")));
    expect(refused.size, [...refused].join("\n")).to.equal(attestations.length - good.length);
    console.log(`      ${attestations.length} attestations, ${KILLS} kills, ${describeCounts(sequencer)}`);
  });

  it("issueMany: each product has one passport and one document", async () => {
    const kills = Math.ceil(KILLS / 4);
    const products = Array.from({ length: 60 * kills }, (_, index) => productIdOf(500_000 + index));
    const { participants } = suite;
    const owner = participants.owner.address;
    const items = join(suite.folder, "products.jsonl");
    const lines = products.map((productId) => JSON.stringify({ productId, owner, document: SAMPLE_MOTOR }));
    await writeFile(items, `${lines.join("\n")}\n`);
    const before = await countDocuments();
    const keys = [participants.issuer.privateKey, participants.manufacturer.privateKey] as const;
    const said = await runAndKill(optionsOf("issue", { keys, items, pace: 2 }), { kills, rollbacks: 1 });
    expect(said.filter((word) => word.startsWith("refused"))).to.deep.equal([]);

    for (const productId of products) {
      const { entries } = await client.readHistory({ passport: productId });
      expect(entries).to.have.length(1);
      const bytes = await client.context.store?.get(parseDigest(entries[0]?.document));
      expect(JSON.parse(new TextDecoder().decode(bytes)).productId).to.equal(productId);
    }
    expect((await countDocuments()) - before).to.equal(products.length);
  });

  const countDocuments = async (): Promise<number> => {
    const { store } = client.context;
    return store?.list === undefined ? 0 : (await Array.fromAsync(store.list())).length;
  };

  /** For several passports, in turn, and now and then one that the passport must refuse. */
  const signAttestations = async (): Promise<
    readonly { readonly signed: SignedAttestation; readonly isGood: boolean }[]
  > => {
    const items = Array.from({ length: PASSPORTS }, (_, index) => ({
      productId: productIdOf(400_000 + index),
      owner: suite.participants.owner.address,
      document: SAMPLE_MOTOR,
    }));
    const { result: issued } = await (await client.issuePassports({ items })).send();
    // What the test itself has done must survive the rollbacks.
    await sequencer.mine(4 * EPOCH_BLOCKS);
    const technician = clientOf("technician");
    const deadline = 2n ** 40n - 1n;
    const attestations = [];
    for (let index = 0; index < KILLS * ATTESTATIONS_PER_KILL; index += 1) {
      const motor = issued[random.integer(0, issued.length - 1)];
      if (motor === undefined) continue;
      const isGood = !random.chance(0.03);
      const signed = await technician.signAttestation({
        passport: motor.passport,
        productId: motor.productId,
        eventType: "MAINTAINED",
        document: SAMPLE_MAINTENANCE,
        // The first second of all is over.
        deadline: isGood ? deadline : 1n,
      });
      attestations.push({ signed, isGood });
    }
    technician.context.provider.destroy();
    return attestations;
  };
});

function startProcess(options: SubmitterProcessOptions): ChildProcess {
  const script = join(projectRoot, "test", "support", "submitter-process.ts");
  return spawn(execPath, [script, JSON.stringify(options)], { stdio: ["ignore", "pipe", "pipe"] });
}

function describeCounts({ counts }: Sequencer): string {
  return [...counts].map(([what, count]) => `${what} ${count}`).join(", ");
}

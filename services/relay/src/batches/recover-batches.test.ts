import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bytes27, isPassportError, type Journal, parseBytes27 } from "@digital-product-passport/sdk";
import { createFileJournal } from "@digital-product-passport/sdk/node";
import { expect } from "chai";
import type { BatchRecord } from "./batch-records.js";
import { noHead, reconcile, recoverBatches } from "./recover-batches.js";

const CHAIN = "31337 anchor gateway";

const headAt = (sequence: number): Bytes27 =>
  sequence === 0 ? noHead() : parseBytes27(`0x${sequence.toString(16).padStart(54, "0")}`);
const stepOf = (sequence: number, changes: readonly (readonly [string, string | null])[] = []): BatchRecord => ({
  type: "step",
  step: sequence,
  batch: {
    sequence,
    previousHead: headAt(sequence - 1),
    head: headAt(sequence),
    first: sequence * 10 - 9,
    last: sequence * 10,
    salt: "07".repeat(16),
  },
  drafts: [],
  changes,
});

const codeOf = async (task: () => Promise<unknown>): Promise<string> => {
  try {
    await task();
    return "none";
  } catch (error) {
    return isPassportError(error) ? error.code : String(error);
  }
};

describe("recoverBatches", () => {
  let folder: string;
  let journal: Journal;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "recover-batches-"));
    journal = await createFileJournal(join(folder, "batches.journal"));
  });
  afterEach(async () => {
    await journal.close();
    await rm(folder, { recursive: true });
  });

  const recover = async (records: readonly unknown[] = []) => {
    await journal.append(records);
    return await recoverBatches(journal, { chain: CHAIN });
  };

  it("a new journal, is begun for its chain, and tells of nothing", async () => {
    const recovered = await recoverBatches(journal, { chain: CHAIN });
    expect(recovered).to.deep.include({ last: undefined, step: 0, position: 0, anchored: 0, steps: [] });
    expect(await recoverBatches(journal, { chain: CHAIN })).to.deep.equal(recovered);
    expect(await codeOf(() => recoverBatches(journal, { chain: "another" }))).to.equal("journal.foreign");
  });

  it("batches that are final, need not be sent again; the others are there with what was remembered", async () => {
    const opened = { type: "opened", version: 1, chain: CHAIN };
    const recovered = await recover([
      opened,
      stepOf(1, [["level", "1"]]),
      stepOf(2, [["hours", "5"]]),
      { type: "anchored", sequence: 1 },
      stepOf(3, [["level", null]]),
    ]);
    expect(recovered.steps.map(({ step }) => step)).to.deep.equal([2, 3]);
    expect(recovered).to.deep.include({ step: 3, position: 30, anchored: 1, last: { sequence: 3, head: headAt(3) } });
    expect([...recovered.remembered]).to.deep.equal([["hours", "5"]]);
  });

  it("a state, stands for all records before it", async () => {
    const state = { type: "state", step: 7, sequence: 5, head: headAt(5), position: 50, anchored: 4 };
    const recovered = await recover([
      { type: "opened", version: 1, chain: CHAIN },
      stepOf(5, [["level", "1"]]),
      { ...state, remembered: [["hours", "9"]] },
      stepOf(6),
    ]);
    expect(recovered).to.deep.include({ position: 60, anchored: 4, last: { sequence: 6, head: headAt(6) } });
    expect([...recovered.remembered]).to.deep.equal([["hours", "9"]]);
  });

  it("a record that is none of its own, is damage and never skipped", async () => {
    expect(await codeOf(() => recover([{ type: "opened", version: 2, chain: CHAIN }]))).to.equal("journal.damaged");
  });
});

describe("reconcile", () => {
  const recovered = {
    last: { sequence: 3, head: headAt(3) },
    step: 3,
    position: 30,
    anchored: 1,
    steps: [stepOf(2), stepOf(3)].flatMap((record) => (record.type === "step" ? [record] : [])),
    remembered: new Map<string, never>(),
  };
  const goOn = (sequence: number, head = headAt(sequence)) =>
    reconcile(recovered, { gateway: CHAIN, chain: { sequence, head } });

  it("a chain that stands at any batch that is not final, is gone on with behind the last one that was cut", () => {
    for (const sequence of [1, 2, 3]) expect(goOn(sequence)).to.deep.equal(recovered.last);
  });

  it("without a batch of its own, goes on where the chain stands", () => {
    const chain = { sequence: 8, head: headAt(8) };
    expect(reconcile({ ...recovered, last: undefined }, { gateway: CHAIN, chain })).to.equal(chain);
  });

  it("a chain with batches of somebody else, or without what was final, is not gone on with", async () => {
    expect(await codeOf(async () => goOn(4)), "somebody else's batch").to.equal("relay.chain-diverged");
    expect(await codeOf(async () => goOn(0)), "a final batch is gone").to.equal("relay.chain-diverged");
    expect(await codeOf(async () => goOn(2, headAt(9))), "another batch").to.equal("relay.chain-diverged");
  });
});

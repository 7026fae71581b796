import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { type Bytes27, type Journal, parseBytes27 } from "@digital-product-passport/sdk";
import { createFileJournal } from "@digital-product-passport/sdk/node";
import { parseReading, type Reading } from "@digital-product-passport/sdk/readings";
import { expect } from "chai";
import { createReadingWatch } from "../attestations/create-reading-watch.js";
import { createReadingJournal, type ReadingJournal } from "../journal/create-reading-journal.js";
import type { Cut, Step } from "./batch-records.js";
import { type Batcher, type BatcherOptions, createBatcher } from "./create-batcher.js";
import { noHead, reconcile, recoverBatches } from "./recover-batches.js";

const PRODUCT = "https://id.weg.example/01/09521122000019/21/W22-2600037";
const CHAIN = "31337 anchor gateway";
const ADDRESS = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const LIMITS = { maximumReadings: 10, maximumSeries: 400, maximumSeconds: 60, alarmSeconds: 0.1 };

const reading = (sequence: number, changes: Readonly<Record<string, unknown>> = {}): Reading =>
  parseReading({
    sensor: "winding-1",
    sequence,
    product: PRODUCT,
    quantity: "winding-temperature",
    unit: "Cel",
    value: "71.5",
    time: "2026-11-27T12:00:00Z",
    ...changes,
  });
const readings = (first: number, last: number): readonly Reading[] =>
  Array.from({ length: last - first + 1 }, (_, index) => reading(first + index));
/** What stands for the hash of a batch: its number, its salt and how many readings it has. */
const headOf = ({ sequence, salt }: { readonly sequence: number; readonly salt: string }, count: number): Bytes27 =>
  parseBytes27(`0x${[sequence, count].map((part) => part.toString(16).padStart(8, "0")).join("")}${salt}000000`);

describe("createBatcher", () => {
  let folder: string;
  let journal: ReadingJournal<Reading>;
  let steps: Journal;
  let taken: { readonly step: Step; readonly created: readonly Reading[] | undefined }[];
  let wallClock: number;
  let now: number;
  let running: { readonly batcher: Batcher; readonly stop: () => Promise<void> } | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "batcher-"));
    journal = await createReadingJournal<Reading>({ folder: join(folder, "readings") });
    steps = await createFileJournal(join(folder, "batches.journal"));
    taken = [];
    wallClock = Date.parse("2026-11-27T12:00:00Z");
    now = 0;
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
    await steps.close();
    await journal.close();
    await rm(folder, { recursive: true });
  });

  const start = async (options: Partial<BatcherOptions<readonly Reading[]>> & { summarySeconds?: number } = {}) => {
    const recovered = await recoverBatches(steps, { chain: CHAIN });
    const chain = { sequence: 0, head: noHead() };
    const { summarySeconds, ...others } = options;
    const batcher = createBatcher<readonly Reading[]>({
      journal: steps,
      recovered,
      start: recovered.last ?? reconcile(recovered, { gateway: CHAIN, chain }),
      follow: journal.follow,
      watch: createReadingWatch(recovered.remembered, {
        alarms: [
          {
            code: "over-temperature",
            quantity: "winding-temperature",
            levels: [{ name: "over-temperature", above: "130", severity: "critical" }],
            hysteresis: "5",
          },
        ],
        summarySeconds,
        readingsAnchor: ADDRESS as never,
        gateway: ADDRESS as never,
      }),
      create: async (created, place) => ({ head: headOf(place, created.length), created }),
      limits: LIMITS,
      clock: () => wallClock,
      now: () => now,
      randomBytes: (length) => new Uint8Array(length).fill(7),
      onStep: async (step, created) => {
        taken.push({ step, created });
      },
      ...others,
    });
    const abort = new AbortController();
    const run = batcher.run(abort.signal);
    run.catch(() => undefined);
    running = {
      batcher,
      stop: async () => {
        abort.abort();
        await run.catch(() => undefined);
      },
    };
    return { batcher, run };
  };
  const cuts = (): readonly Cut[] => taken.flatMap(({ step }) => step.batch ?? []);
  const ranges = () => cuts().map(({ first, last }) => [first, last]);
  const until = async (isSo: () => boolean): Promise<void> => {
    const end = performance.now() + 5_000;
    while (!isSo()) {
      if (performance.now() > end) throw new Error(`It did not come; so far ${JSON.stringify(ranges())}`);
      await setTimeout(5);
    }
  };

  it("as many readings as a batch may have, are cut at once; the rest waits until it is asked for", async () => {
    const { batcher } = await start();
    await journal.append(readings(1, 25));
    await until(() => batcher.position() === 25);
    expect(ranges()).to.deep.equal([
      [1, 10],
      [11, 20],
    ]);
    expect(batcher.batched()).to.equal(20);
    await batcher.flush();
    await batcher.flush();
    expect(ranges()).to.deep.equal([
      [1, 10],
      [11, 20],
      [21, 25],
    ]);
    expect(taken.flatMap(({ created = [] }) => created)).to.deep.equal(readings(1, 25));
  });

  it("each batch, names the head before it", async () => {
    await start();
    await journal.append(readings(1, 30));
    await until(() => cuts().length === 3);
    const [first, second, third] = cuts();
    expect(cuts().map(({ sequence }) => sequence)).to.deep.equal([1, 2, 3]);
    expect(first?.previousHead).to.equal(noHead());
    expect([second?.previousHead, third?.previousHead]).to.deep.equal([first?.head, second?.head]);
  });

  it("a reading that is old enough, is cut, whatever the clock on the wall was set to", async () => {
    const { batcher } = await start();
    await journal.append(readings(1, 3));
    await until(() => batcher.position() === 3);
    wallClock = 0;
    await setTimeout(150);
    expect(ranges()).to.deep.equal([]);
    now = 60_000;
    await until(() => cuts().length === 1);
    expect(ranges()).to.deep.equal([[1, 3]]);
  });

  it("a reading that raises an alarm, is cut soon, with what is to be recorded", async () => {
    const { batcher } = await start();
    await journal.append([reading(1), reading(2, { value: "131" })]);
    await until(() => batcher.position() === 2);
    now = 100;
    await until(() => cuts().length === 1);
    expect(taken[0]?.step.drafts).to.have.length(1);
  });

  it("one sensor more than a batch may have, is in the next one", async () => {
    const { batcher } = await start({ limits: { ...LIMITS, maximumSeries: 2 } });
    await journal.append(["a", "b", "a", "c"].map((sensor, index) => reading(index + 1, { sensor })));
    await until(() => batcher.position() === 4);
    await batcher.flush();
    expect(ranges()).to.deep.equal([
      [1, 3],
      [4, 4],
    ]);
  });

  it("a sensor that was listed anew with another quantity, takes two series of a batch", async () => {
    const { batcher } = await start({ limits: { ...LIMITS, maximumSeries: 2 } });
    const moved = { quantity: "bearing-temperature" };
    await journal.append([reading(1), reading(2, moved), reading(3, { sensor: "b" })]);
    await until(() => batcher.position() === 3);
    await batcher.flush();
    expect(ranges()).to.deep.equal([
      [1, 2],
      [3, 3],
    ]);
  });

  it("while the stage after it takes a step, cuts no other, and no looks at the clock pile up", async () => {
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let looks = 0;
    await start({
      clock: () => {
        looks += 1;
        return wallClock;
      },
      onStep: async (step) => {
        taken.push({ step, created: undefined });
        await held;
      },
    });
    await journal.append(readings(1, 20));
    await until(() => taken.length === 1);
    looks = 0;
    await setTimeout(550);
    expect([ranges(), looks]).to.deep.equal([[[1, 10]], 0]);
    letGo();
    // One for the second batch, one for the look that waited; a slow machine may have had time for others.
    await until(() => looks >= 2);
    expect(looks).to.be.below(5);
  });

  it("a summary that is due while nothing comes, is a step without a batch", async () => {
    const { batcher } = await start({ summarySeconds: 60 });
    await journal.append(readings(1, 2));
    await until(() => batcher.position() === 2);
    await batcher.flush();
    wallClock += 60_000;
    await until(() => taken.length === 2);
    expect(taken[1]?.step).to.deep.include({ step: 2 });
    expect(Object.keys(taken[1]?.step ?? {})).not.to.include("batch");
    expect(taken[1]?.step.drafts).to.have.length(1);
  });

  it("started again, goes on behind the last batch, and cuts what was open anew", async () => {
    const { batcher } = await start();
    await journal.append(readings(1, 13));
    await until(() => batcher.position() === 13);
    await running?.stop();
    await steps.close();
    steps = await createFileJournal(join(folder, "batches.journal"));
    const again = await start();
    await journal.append(readings(14, 15));
    await until(() => again.batcher.position() === 15);
    await again.batcher.flush();
    expect(ranges()).to.deep.equal([
      [1, 10],
      [11, 15],
    ]);
    expect(cuts().map(({ sequence, previousHead }) => [sequence, previousHead])[1]).to.deep.equal([2, cuts()[0]?.head]);
  });

  it("what fails in the next stage, ends it and is told", async () => {
    const { run } = await start({
      onStep: async () => {
        throw new Error("the disk has failed");
      },
    });
    await journal.append(readings(1, 10));
    expect(await run.catch((error: Error) => error.message)).to.equal("the disk has failed");
  });
});

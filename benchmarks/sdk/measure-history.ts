import { productIdOf } from "../../test/support/deploy-suite.js";
import { recordLongHistory } from "../../test/support/long-history.js";
import { liveHeapMB } from "../lib/live-heap.js";
import { medianOf } from "./alternate.js";
import type { BenchSuite } from "./bench-suite.js";

const [SHORT, LONG] = [1_000, 50_000];
const SERIAL = 910_000;

/** How long a history takes to be read and replayed to the head that the passport shows. */
export interface HistoryFigures {
  readonly seconds1000: number;
  readonly seconds50000: number;
  /** How much more of the heap is in use at the most while the long history is read than while the short one is. */
  readonly heapGrowthMB: number;
}

/**
 * Measures the reading of a history of 1,000 and one of 50,000 entries, page by page, each verified against the head.
 *
 * @param suite - the chain
 * @param options - `rounds` of the short history, which takes no time; the long one is read once
 * @returns seconds and heap
 */
export async function measureHistory(
  suite: BenchSuite,
  { rounds }: { readonly rounds: number },
): Promise<HistoryFigures> {
  const short = await recordHistory(suite, { serial: SERIAL + 1, count: SHORT });
  const long = await recordHistory(suite, { serial: SERIAL + 2, count: LONG });
  await readThrough(suite, short);
  const shortOnes: Reading[] = [];
  while (shortOnes.length < rounds) shortOnes.push(await readThrough(suite, short));
  const longOne = await readThrough(suite, long);
  const heapOfShort = (await readThrough(suite, { ...short, isWeighed: true })).heapMB;
  const heapOfLong = (await readThrough(suite, { ...long, isWeighed: true })).heapMB;
  return {
    seconds1000: medianOf(shortOnes.map(({ seconds }) => seconds)),
    seconds50000: longOne.seconds,
    heapGrowthMB: heapOfLong - heapOfShort,
  };
}

interface Recorded {
  readonly passport: string;
  readonly count: number;
}

interface Reading {
  readonly seconds: number;
  readonly heapMB: number;
}

async function recordHistory(
  suite: BenchSuite,
  { serial, count }: { readonly serial: number; readonly count: number },
): Promise<Recorded> {
  const { passport } = await recordLongHistory(suite, { productId: productIdOf(serial), entryCount: count });
  return { passport, count };
}

/** Weighing collects garbage after each page, which takes its time: seconds and heap are measured apart. */
async function readThrough(
  suite: BenchSuite,
  { passport, count, isWeighed = false }: Recorded & { readonly isWeighed?: boolean },
): Promise<Reading> {
  const started = performance.now();
  let [entries, heapMB] = [0, 0];
  for await (const page of suite.clientOf().iterateHistory({ passport })) {
    if (page.kind === "withdrawn") throw new Error("Nobody reorganises this chain");
    entries += page.entries.length;
    if (isWeighed) heapMB = Math.max(heapMB, liveHeapMB());
  }
  if (entries !== count) throw new Error(`${entries} entries were read of ${count}`);
  return { seconds: (performance.now() - started) / 1_000, heapMB };
}

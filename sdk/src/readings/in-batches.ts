import { sleep } from "../primitives/sleep.js";
import { MAXIMUM_READINGS, MAXIMUM_SERIES } from "./batch-document.js";
import type { Reading } from "./reading.js";

/** When a batch is complete. */
export interface BatchingOptions {
  /** Most readings of a batch; 1,000 if left out. */
  readonly maximumReadings?: number | undefined;
  /** How long the first reading of a batch waits for others, in milliseconds; 60,000 if left out. */
  readonly maximumMilliseconds?: number | undefined;
}

const READINGS = 1_000;
const MILLISECONDS = 60_000;

/**
 * Collects readings into batches: by number, by time, and so that each batch fits its document. Of a reading that comes
 * twice in one batch the first is taken.
 *
 * @param readings - read only as fast as batches are taken
 * @param options - when a batch is complete
 * @returns the batches, none of them empty
 */
export async function* inBatches(
  readings: AsyncIterable<Reading>,
  { maximumReadings = READINGS, maximumMilliseconds = MILLISECONDS }: BatchingOptions,
): AsyncGenerator<readonly Reading[], void> {
  const iterator = readings[Symbol.asyncIterator]();
  const limit = Math.min(maximumReadings, MAXIMUM_READINGS);
  let next = iterator.next();
  try {
    for (;;) {
      const first = await next;
      if (first.done) return;
      next = iterator.next();
      const batch = createCollection(first.value);
      const abort = new AbortController();
      const timeout = sleep(maximumMilliseconds, abort.signal).then(() => undefined);
      while (batch.size() < limit) {
        const following = await Promise.race([next, timeout]);
        if (following === undefined || following.done || !batch.take(following.value)) break;
        next = iterator.next();
      }
      abort.abort();
      yield batch.readings();
    }
  } finally {
    // It is awaited nowhere else when whoever takes the batches stops.
    next.catch(() => undefined);
    await iterator.return?.();
  }
}

function createCollection(first: Reading) {
  const taken = new Map<string, Reading>();
  const series = new Set<string>();
  const take = (reading: Reading): boolean => {
    const { sensor, sequence, product, quantity } = reading;
    const name = [product, sensor, quantity].join("\n");
    if (!series.has(name) && series.size === MAXIMUM_SERIES) return false;
    series.add(name);
    const key = `${sensor} ${sequence}`;
    if (!taken.has(key)) taken.set(key, reading);
    return true;
  };
  take(first);
  return { take, size: () => taken.size, readings: () => [...taken.values()] };
}

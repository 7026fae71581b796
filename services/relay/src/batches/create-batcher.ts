import type { Bytes27, Journal } from "@digital-product-passport/sdk";
import type { Reading } from "@digital-product-passport/sdk/readings";
import { hexlify } from "ethers";
import type * as z from "zod";
import type { BatchRecord, Cut, Step } from "./batch-records.js";
import { type ChainPosition, noHead, type RecoveredBatches } from "./recover-batches.js";

/** What decides about entries on passports; see `ReadingWatch`. */
export interface Watch {
  readonly observe: (reading: Reading) => boolean;
  readonly isSummaryDue: (now: number) => boolean;
  readonly conclude: (
    batch: { readonly sequence: number; readonly readings: readonly Reading[] } | undefined,
    now: number,
  ) => { readonly drafts: readonly z.core.util.JSONType[]; readonly changes: Step["changes"] };
}

/** Where a batch goes, and its salt. */
export interface BatchPlace {
  readonly sequence: number;
  readonly previousHead: Bytes27;
  readonly salt: string;
}

/** When a batch is cut: at whichever comes first. */
export interface BatchLimits {
  readonly maximumReadings: number;
  /** Products, sensors and quantities. */
  readonly maximumSeries: number;
  /** Age of its first reading. */
  readonly maximumSeconds: number;
  /** After a reading that raises an alarm. */
  readonly alarmSeconds: number;
}

/** What batches are cut from, and who goes on with them. */
export interface BatcherOptions<Created> {
  readonly journal: Journal;
  readonly recovered: RecoveredBatches;
  /** Where the next batch goes on. */
  readonly start: ChainPosition;
  readonly follow: (
    position: number,
    options: { readonly signal: AbortSignal },
  ) => AsyncIterable<{ readonly position: number; readonly readings: readonly Reading[] }>;
  readonly watch: Watch;
  /** Makes the batch; the same readings at the same place give the same bytes. */
  readonly create: (
    readings: readonly Reading[],
    place: BatchPlace,
  ) => Promise<{ readonly head: Bytes27; readonly created: Created }>;
  readonly limits: BatchLimits;
  /** Returns the present time in Unix milliseconds. */
  readonly clock: () => number;
  /** Monotonic, in milliseconds: a batch must not wait for a clock that was set back. */
  readonly now?: (() => number) | undefined;
  /** Returns that many random bytes. */
  readonly randomBytes: (length: number) => Uint8Array;
  /** Told of each step when it is durable; the next one waits until it has returned. */
  readonly onStep: (step: Step, created: Created | undefined) => Promise<void>;
}

/** Cuts batches. */
export interface Batcher {
  /** Cuts until the signal; whatever fails ends it. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** Cuts what has been read so far. */
  readonly flush: () => Promise<void>;
  /** Notes that batches are final on chain. */
  readonly markAnchored: (sequence: number) => Promise<void>;
  /** Last position of the journal that has been read, in a batch or not yet. */
  readonly position: () => number;
  /** Last position of the journal that is in a batch. */
  readonly batched: () => number;
}

const SALT_BYTES = 16;
/** Time between two looks at the clock, in milliseconds. */
const TICK_MILLISECONDS = 100;
const COMPACTION_BYTES = 4_000_000;

/**
 * Cuts the journal of readings into batches, and decides with each what is to be recorded on passports. A step is durable
 * before anything is signed: after a crash it is read back, and the readings after it are cut anew.
 *
 * @param options - the journals, the watch, the limits
 * @returns the batcher
 */
export function createBatcher<Created>(options: BatcherOptions<Created>): Batcher {
  const { journal, recovered, watch, limits, clock, create, now = () => performance.now() } = options;
  let { sequence, head } = options.start;
  let { step, position, anchored } = recovered;
  const remembered = new Map(recovered.remembered);
  let unanchored = recovered.steps.flatMap(({ batch }) => batch ?? []);
  let open: Reading[] = [];
  let series = new Set<string>();
  let dueAt = Number.POSITIVE_INFINITY;
  let compactedBytes = 0;
  let turn: Promise<unknown> = Promise.resolve();

  /** Readings, clock and finality take turns. */
  const inTurn = <Result>(task: () => Promise<Result>): Promise<Result> => {
    const done = turn.then(task);
    turn = done.catch(() => undefined);
    return done;
  };
  const append = async (record: BatchRecord): Promise<void> => await journal.append([record]);

  const takeStep = async (cut: Cut | undefined, readings: readonly Reading[], created: Created | undefined) => {
    const watched = cut === undefined ? undefined : { sequence: cut.sequence, readings };
    const { drafts, changes } = watch.conclude(watched, clock());
    const record: Step = {
      type: "step",
      step: step + 1,
      ...(cut === undefined ? {} : { batch: cut }),
      drafts: [...drafts],
      changes,
    };
    await append(record);
    step += 1;
    for (const [name, value] of changes) {
      if (value === null) remembered.delete(name);
      else remembered.set(name, value);
    }
    await options.onStep(record, created);
  };
  const cutOpen = async (): Promise<void> => {
    const readings = open;
    const place = {
      sequence: sequence + 1,
      previousHead: head,
      salt: hexlify(options.randomBytes(SALT_BYTES)).slice(2),
    };
    const { head: headAfter, created } = await create(readings, place);
    const first = position + 1;
    const cut: Cut = { ...place, head: headAfter, first, last: position + readings.length };
    open = [];
    series = new Set();
    dueAt = Number.POSITIVE_INFINITY;
    ({ sequence } = cut);
    head = headAfter;
    position = cut.last;
    unanchored = [...unanchored, cut];
    await takeStep(cut, readings, created);
    await compact();
  };
  const take = async (readings: readonly Reading[]): Promise<void> => {
    for (const reading of readings) {
      const name = [reading.product, reading.sensor, reading.quantity].join("\n");
      if (!series.has(name) && series.size >= limits.maximumSeries) await cutOpen();
      if (open.length === 0) dueAt = now() + limits.maximumSeconds * 1_000;
      open.push(reading);
      series.add(name);
      if (watch.observe(reading)) dueAt = Math.min(dueAt, now() + limits.alarmSeconds * 1_000);
      if (open.length >= limits.maximumReadings) await cutOpen();
    }
  };
  const look = async (): Promise<void> => {
    const isSummaryDue = watch.isSummaryDue(clock());
    if (open.length > 0 && (now() >= dueAt || isSummaryDue)) await cutOpen();
    else if (isSummaryDue) await takeStep(undefined, [], undefined);
  };
  const compact = async (): Promise<void> => {
    if (journal.size() < Math.max(COMPACTION_BYTES, 2 * compactedBytes)) return;
    const state: BatchRecord = {
      type: "state",
      step,
      sequence,
      head: sequence === 0 ? noHead() : head,
      position,
      anchored,
      remembered: [...remembered],
    };
    await append(state);
    const current = step;
    await journal.compact((value) => {
      // Safety: nothing but the batcher writes its journal, and recovering has checked every record.
      const record = value as BatchRecord;
      if (record.type === "opened") return true;
      if (record.type === "state") return record.step === current;
      return record.type === "step" && record.batch !== undefined && record.batch.sequence > anchored;
    });
    compactedBytes = journal.size();
  };

  return {
    position: () => position + open.length,
    batched: () => position,
    flush: () =>
      inTurn(async () => {
        if (open.length > 0) await cutOpen();
      }),
    markAnchored: (upTo) =>
      inTurn(async () => {
        if (upTo <= anchored) return;
        await append({ type: "anchored", sequence: upTo });
        anchored = upTo;
        unanchored = unanchored.filter((cut) => cut.sequence > upTo);
      }),
    run: async (signal) => {
      let failure: { readonly error: unknown } | undefined;
      const stop = new AbortController();
      const both = AbortSignal.any([signal, stop.signal]);
      let isLooking = false;
      const timer = setInterval(() => {
        // While a step waits out an outage, looks must not pile up behind it.
        if (isLooking) return;
        isLooking = true;
        inTurn(look)
          .catch((error: unknown) => {
            failure ??= { error };
            stop.abort();
          })
          .finally(() => {
            isLooking = false;
          });
      }, TICK_MILLISECONDS);
      try {
        for await (const { readings } of options.follow(position + open.length + 1, { signal: both })) {
          await inTurn(() => take(readings));
        }
        await turn;
      } finally {
        clearInterval(timer);
      }
      if (failure !== undefined) throw failure.error;
    },
  };
}

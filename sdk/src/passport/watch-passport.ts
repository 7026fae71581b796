import * as z from "zod";
import { isPassportError, type PassportError } from "../errors/passport-error.js";
import { type Address, bytes32Schema } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";
import { sleep } from "../primitives/sleep.js";
import { nextHead } from "../signing/passport-hashing.js";
import type { ReadingContext } from "./context.js";
import type { RecordedEntry } from "./decode-attested.js";
import type { HistoryCursor } from "./history-cursor.js";
import { historyPages } from "./history-pages.js";
import { type IterateHistoryOptions, parseReading } from "./iterate-history.js";
import { resolvePassport } from "./resolve-passport.js";

/** What is watched, and how. */
export interface WatchPassportOptions extends IterateHistoryOptions {
  /** Ends the watching, at once. */
  readonly signal: AbortSignal;
  /** Time from one look at the chain to the next, in milliseconds; 200 if left out. */
  readonly intervalMilliseconds?: number | undefined;
  /** Longest time between two looks while the node does not answer, in milliseconds; 30,000 if left out. */
  readonly maximumPauseMilliseconds?: number | undefined;
  /** Is told of each look that failed; it is repeated, and nothing is missed. */
  readonly onProblem?: ((problem: PassportError) => void) | undefined;
}

/** What happened to a watched passport. */
export type PassportChange =
  | {
      readonly kind: "entries";
      /** New ones, in order, without a gap to those before. */
      readonly entries: readonly RecordedEntry[];
      /** To watch on from here another time. */
      readonly cursor: HistoryCursor;
    }
  | {
      /** A reorganisation took entries back. */
      readonly kind: "withdrawn";
      /** All entries after that position are taken back. */
      readonly afterSequence: bigint;
      /** Those of them that this watching has reported and still knows; the last ones at least. */
      readonly entries: readonly RecordedEntry[];
    };

const pauseSchema = z.int().min(10).max(86_400_000);

/** Entries are compared by what a head would commit to, whatever that head is. */
const NO_HEAD = bytes32Schema.parse(`0x${"00".repeat(32)}`);

/**
 * Watches a passport: reports the entries that it has, and each new one as it comes. It asks the node again and again,
 * for nothing that a node pushes survives a lost connection or tells of a reorganisation; any provider will do, as long
 * as it gives up in time. An outage, at the beginning too, makes the pauses longer, and nothing is missed after it. An
 * entry is taken for the same after a reorganisation if the head that it leads to is the same.
 *
 * The next look at the chain begins only when the last one has ended and the caller has taken what it found.
 *
 * @param context - `provider`, `chainId`, `registry`
 * @param options - the passport and the signal that ends the watching; interval, cursor, level, first block, cache
 * @returns the changes, until the signal ends them
 * @throws PassportError `input.invalid`, `identifier.*`, `passport.*`; never `chain.*`: those go to `onProblem`
 *
 * @example
 * ```ts
 * const watching = new AbortController();
 * for await (const change of watchPassport(context, { passport, signal: watching.signal })) {
 *   if (change.kind === "withdrawn") console.log("no longer true after entry", change.afterSequence);
 *   else for (const { sequence, eventType } of change.entries) console.log(sequence, eventTypeName(eventType));
 * }
 * ```
 */
export async function* watchPassport(
  context: Pick<ReadingContext, "provider" | "chainId" | "registry">,
  options: WatchPassportOptions,
): AsyncGenerator<PassportChange, void> {
  const { signal, onProblem } = options;
  const reading = parseReading(options);
  const interval = parsePause(options.intervalMilliseconds ?? 200, { field: "intervalMilliseconds" });
  const longest = parsePause(options.maximumPauseMilliseconds ?? 30_000, { field: "maximumPauseMilliseconds" });
  const look = createLook(context, reading);
  const resolve = rememberAnswer(() => resolvePassport(context, options));
  let pause = interval;
  while (!signal.aborted) {
    try {
      yield* untilAborted(look(resolve), signal);
      pause = interval;
    } catch (error) {
      if (!isPassportError(error) || !error.code.startsWith("chain.")) throw error;
      onProblem?.(error);
      pause = Math.min(pause * 2, longest);
    }
    await sleep(pause, signal);
  }
}

function parsePause(value: unknown, options: { readonly field: string }): number {
  return parseInput(pauseSchema, value, options);
}

/** Looks once for what is new since the last look. A look that fails changes nothing, so the next one finds it all. */
function createLook(
  context: Pick<ReadingContext, "provider" | "chainId">,
  reading: ReturnType<typeof parseReading>,
): (resolve: () => Promise<Address>) => AsyncGenerator<PassportChange, void> {
  let cursor = reading.after;
  let reported: readonly RecordedEntry[] = [];

  const report = (entries: readonly RecordedEntry[], next: HistoryCursor): PassportChange | undefined => {
    cursor = next;
    const forgotten = next.earlier[0]?.sequence ?? 0n;
    reported = [...reported, ...entries].filter(({ sequence }) => sequence > forgotten);
    return entries.length === 0 ? undefined : { kind: "entries", entries, cursor };
  };
  const withdraw = (afterSequence: bigint): PassportChange | undefined => {
    const entries = reported.filter(({ sequence }) => sequence > afterSequence);
    reported = reported.filter(({ sequence }) => sequence <= afterSequence);
    return (cursor?.sequence ?? 0n) > afterSequence ? { kind: "withdrawn", afterSequence, entries } : undefined;
  };

  return async function* look(resolve) {
    let reread: Reread | undefined;
    for await (const page of historyPages(context, { ...reading, passport: await resolve(), after: cursor })) {
      if (page.kind === "withdrawn") {
        reread = withdrawFrom(reread, page.afterSequence);
      } else if (reread === undefined) {
        yield* present(report(page.entries, page.cursor));
      } else {
        for (const entry of page.entries) reread.entries.push(entry);
        reread.cursor = page.cursor;
      }
    }
    if (reread?.cursor === undefined) return;
    const same = lastSame(reported, reread);
    yield* present(withdraw(same));
    const entries = reread.entries.filter(({ sequence }) => sequence > same);
    yield* present(report(entries, reread.cursor));
  };
}

/** What was read again because of a reorganisation. */
interface Reread {
  readonly afterSequence: bigint;
  readonly entries: RecordedEntry[];
  cursor?: HistoryCursor;
}

function withdrawFrom(reread: Reread | undefined, afterSequence: bigint): Reread {
  if (reread === undefined || reread.afterSequence >= afterSequence) return { afterSequence, entries: [] };
  const entries = reread.entries.filter(({ sequence }) => sequence <= afterSequence);
  return { afterSequence: reread.afterSequence, entries };
}

/** Position of the last entry that is the same as before. */
function lastSame(reported: readonly RecordedEntry[], { afterSequence, entries }: Reread): bigint {
  const before = new Map(reported.map((entry) => [entry.sequence, entry]));
  const changed = entries.find((entry) => {
    const other = before.get(entry.sequence);
    return other === undefined || nextHead(NO_HEAD, other) !== nextHead(NO_HEAD, entry);
  });
  return changed === undefined ? afterSequence + BigInt(entries.length) : changed.sequence - 1n;
}

function present<Value>(value: Value | undefined): readonly Value[] {
  return value === undefined ? [] : [value];
}

function rememberAnswer<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let answer: Answer | undefined;
  return async () => {
    answer ??= await ask();
    return answer;
  };
}

/** Passes values on; after the signal none any more, even if the next one never comes. */
async function* untilAborted<Value>(values: AsyncGenerator<Value, void>, signal: AbortSignal): AsyncGenerator<Value> {
  for (;;) {
    const step = await beforeAbort(values.next(), signal);
    if (step === undefined || step.done === true) return;
    yield step.value;
  }
}

/** The value; undefined if the signal comes first. */
async function beforeAbort<Value>(value: Promise<Value>, signal: AbortSignal): Promise<Value | undefined> {
  let stop: (() => void) | undefined;
  const aborted = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([value, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener("abort", stop);
  }
}

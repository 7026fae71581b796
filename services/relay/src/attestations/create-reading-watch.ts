import { type Address, timestampOf } from "@digital-product-passport/sdk";
import { billionthsOf, decimalOf, divideHalfToEven, type Reading } from "@digital-product-passport/sdk/readings";
import type * as z from "zod";
import type { AlarmLevel, AlarmRule } from "./alarm-rule.js";
import type { Draft } from "./draft.js";
import {
  alarmedSchema,
  createReadingState,
  hoursSchema,
  levelStateSchema,
  productStateSchema,
  summarisedSchema,
  type Tally,
  tallySchema,
} from "./reading-state.js";

/** What passports are told of, and how the batches are called there. */
export interface ReadingWatchOptions {
  readonly alarms: readonly AlarmRule[];
  /** Left out: no summaries. */
  readonly summarySeconds?: number | undefined;
  readonly readingsAnchor: Address;
  readonly gateway: Address;
}

/** A batch that was cut. */
export interface WatchedBatch {
  readonly sequence: number;
  readonly readings: readonly Reading[];
}

/** What is to be recorded, and what has to be remembered for the next time: both durable together, or neither. */
export interface Conclusion {
  readonly drafts: readonly Draft[];
  readonly changes: readonly (readonly [name: string, value: z.core.util.JSONType])[];
}

/**
 * Decides what passports are told. It knows nothing but the readings in their order, and what it has concluded before: run
 * again over the same readings, it decides the same.
 */
export interface ReadingWatch {
  /** Looks at the next reading; true if it raises an alarm, so that its batch should not wait. */
  readonly observe: (reading: Reading) => boolean;
  /** Whether something is waiting for a summary that is due. */
  readonly isSummaryDue: (now: number) => boolean;
  /** Ends a batch, whose readings have all been observed; or only asks for a summary that is due. */
  readonly conclude: (batch: WatchedBatch | undefined, now: number) => Conclusion;
}

/** A rule whose level a reading has entered. */
interface Raised {
  readonly rule: AlarmRule;
  readonly level: AlarmLevel;
  readonly reading: Reading;
}

/**
 * Begins to watch, with what an earlier run has remembered.
 *
 * @param known - changes of all conclusions so far, the latest by name
 * @param options - alarms, cadence of summaries
 * @returns the watch
 */
export function createReadingWatch(
  known: ReadonlyMap<string, z.core.util.JSONType>,
  options: ReadingWatchOptions,
): ReadingWatch {
  const { alarms, summarySeconds, readingsAnchor, gateway } = options;
  const state = createReadingState(known);
  let raised: Raised[] = [];

  /** At most one alarm of a level in a time, by the readings' own times: they are the same when it is decided again. */
  const raise = (alarm: Raised): void => {
    const { rule, level, reading } = alarm;
    const name = nameOf("alarmed", rule.code, reading.product, reading.sensor, level.above);
    const before = state.get(name, alarmedSchema);
    const time = Date.parse(reading.time);
    if (before !== undefined && time < before.time + (rule.repeatSeconds ?? REPEAT_SECONDS) * 1_000) return;
    state.set(name, { time });
    raised.push(alarm);
  };
  const watchLevels = (reading: Reading): void => {
    for (const rule of alarms.filter((each) => isAbout(each, reading))) {
      const name = nameOf("level", rule.code, reading.product, reading.sensor);
      const before = state.get(name, levelStateSchema) ?? { level: 0, latest: 0 };
      const time = Date.parse(reading.time);
      const level = levelAfter(rule, { before: before.level, value: reading.value, isLatest: time >= before.latest });
      const entered = level > before.level ? rule.levels[level - 1] : undefined;
      if (entered?.severity !== undefined) raise({ rule, level: entered, reading });
      state.set(name, { level, latest: Math.max(time, before.latest) });
    }
  };
  const countHours = (reading: Reading): void => {
    if (reading.quantity !== "running-time") return;
    const name = nameOf("hours", reading.product);
    const time = Date.parse(reading.time);
    const before = state.get(name, hoursSchema);
    if (before === undefined || time >= before.time) state.set(name, { value: reading.value, time });
  };
  const tally = (reading: Reading): void => {
    // A sensor that is listed anew may measure another quantity.
    const name = nameOf("tally", reading.product, reading.sensor, reading.quantity);
    state.set(name, withReading(state.get(name, tallySchema), reading));
  };
  const countBatch = ({ sequence, readings }: WatchedBatch): void => {
    for (const product of new Set(readings.map((reading) => reading.product))) {
      const name = nameOf("product", product);
      const first = state.get(name, productStateSchema)?.first ?? sequence;
      state.set(name, { first, last: sequence });
    }
  };
  const hoursOf = (product: string): { readonly runningHours?: string } => {
    const hours = state.get(nameOf("hours", product), hoursSchema);
    return hours === undefined ? {} : { runningHours: decimalOf(billionthsOf(hours.value)) };
  };
  const draftAlarm = ({ rule, level, reading }: Raised, { sequence, readings }: WatchedBatch): Draft => {
    const { product, sensor, quantity, unit, value } = reading;
    const own = readings.filter(
      (other) => other.product === product && other.sensor === sensor && other.quantity === quantity,
    );
    const summed = own.reduce<Tally | undefined>(withReading, undefined) ?? withReading(undefined, reading);
    const what = `${quantity} of sensor ${sensor}: ${value} ${unit}`;
    return {
      kind: "alarm",
      productId: product,
      data: {
        window: windowOf([summed]),
        batches: { readingsAnchor, gateway, first: sequence, last: sequence },
        series: [seriesOf(sensor, summed)],
        ...hoursOf(product),
        alarm: {
          severity: level.severity ?? "warning",
          code: rule.code,
          description: `${what} is above ${level.above} ${unit}, where ${level.name} begins.`,
        },
      },
    };
  };
  const draftSummary = (product: string): readonly Draft[] => {
    const batches = state.get(nameOf("product", product), productStateSchema);
    const prefix = nameOf("tally", product, "");
    const tallies = state.names(prefix).flatMap((name) => {
      const summed = state.get(name, tallySchema);
      const [sensor = ""] = name.slice(prefix.length).split("\n");
      return summed === undefined ? [] : [{ name, sensor, summed }];
    });
    if (batches === undefined || tallies.length === 0) return [];
    for (const { name } of tallies) state.set(name, undefined);
    state.set(nameOf("product", product), undefined);
    return chunksOf(tallies, MAXIMUM_SERIES).map((some) => ({
      kind: "summary" as const,
      productId: product,
      data: {
        window: windowOf(some.map(({ summed }) => summed)),
        batches: { readingsAnchor, gateway, ...batches },
        series: some.map(({ sensor, summed }) => seriesOf(sensor, summed)),
        ...hoursOf(product),
      },
    }));
  };
  const isSummaryDue = (now: number): boolean => {
    if (summarySeconds === undefined) return false;
    const since = state.get(SUMMARISED, summarisedSchema)?.time;
    // A clock that was ahead and is set right must not silence the summaries until it gets there again.
    return since !== undefined && Math.abs(now - since) >= summarySeconds * 1_000;
  };
  const draftSummaries = (now: number): readonly Draft[] => {
    if (summarySeconds === undefined) return [];
    const isDue = isSummaryDue(now);
    // The first batch begins the first window.
    if (isDue || state.get(SUMMARISED, summarisedSchema) === undefined) state.set(SUMMARISED, { time: now });
    if (!isDue) return [];
    const prefix = nameOf("product", "");
    return state.names(prefix).flatMap((name) => draftSummary(name.slice(prefix.length)));
  };

  return {
    isSummaryDue,
    observe: (reading) => {
      const before = raised.length;
      watchLevels(reading);
      countHours(reading);
      if (summarySeconds !== undefined) tally(reading);
      return raised.length > before;
    },
    conclude: (batch, now) => {
      if (batch !== undefined && summarySeconds !== undefined) countBatch(batch);
      const alarmDrafts = batch === undefined ? [] : raised.map((each) => draftAlarm(each, batch));
      if (batch !== undefined) raised = [];
      const drafts = [...alarmDrafts, ...draftSummaries(now)];
      return { drafts, changes: state.takeChanges() };
    },
  };
}

/** Most series of one document. */
const MAXIMUM_SERIES = 200;

const REPEAT_SECONDS = 600;

const SUMMARISED = "summarised";

/** None of the parts has a line break in it. */
function nameOf(...parts: readonly string[]): string {
  return parts.join("\n");
}

function isAbout({ quantity, products, sensors }: AlarmRule, reading: Reading): boolean {
  if (quantity !== reading.quantity) return false;
  return (products?.includes(reading.product) ?? true) && (sensors?.includes(reading.sensor) ?? true);
}

/** Any reading can raise the level; only the latest can lower it, and only by more than the hysteresis. */
function levelAfter(
  { levels, hysteresis }: AlarmRule,
  { before, value, isLatest }: { readonly before: number; readonly value: string; readonly isLatest: boolean },
): number {
  const measured = billionthsOf(value);
  const reached = levels.filter(({ above }) => measured > billionthsOf(above)).length;
  if (reached >= before || !isLatest) return Math.max(reached, before);
  const margin = billionthsOf(hysteresis);
  const held = levels.filter(({ above }) => measured > billionthsOf(above) - margin).length;
  return Math.min(before, held);
}

function withReading(before: Tally | undefined, { quantity, unit, value, time }: Reading): Tally {
  const measured = billionthsOf(value);
  const moment = Date.parse(time);
  if (before === undefined) {
    const digits = measured.toString();
    return { quantity, unit, count: 1, minimum: digits, maximum: digits, sum: digits, from: moment, until: moment };
  }
  const [minimum, maximum] = [BigInt(before.minimum), BigInt(before.maximum)];
  return {
    quantity,
    unit,
    count: before.count + 1,
    minimum: (measured < minimum ? measured : minimum).toString(),
    maximum: (measured > maximum ? measured : maximum).toString(),
    sum: (BigInt(before.sum) + measured).toString(),
    from: Math.min(before.from, moment),
    until: Math.max(before.until, moment),
  };
}

function seriesOf(sensor: string, { quantity, unit, count, minimum, maximum, sum }: Tally) {
  return {
    id: sensor,
    quantity,
    unit,
    count,
    minimum: decimalOf(BigInt(minimum)),
    mean: decimalOf(divideHalfToEven(BigInt(sum), BigInt(count))),
    maximum: decimalOf(BigInt(maximum)),
  };
}

function windowOf(tallies: readonly Tally[]) {
  const from = Math.min(...tallies.map((each) => each.from));
  const until = Math.max(...tallies.map((each) => each.until));
  return { from: timestampOf(secondsOf(from)), until: timestampOf(secondsOf(until)) };
}

function secondsOf(milliseconds: number): bigint {
  return BigInt(Math.floor(milliseconds / 1_000));
}

function chunksOf<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

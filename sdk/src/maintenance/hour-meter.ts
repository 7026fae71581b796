import type { RecordedWork } from "./work-of-history.js";

/** What is known of a motor's hour meter. */
export interface HourMeter {
  /** What it said last. */
  readonly lastHours: number;
  /** Chain time at which that was recorded, Unix seconds. */
  readonly lastRecordedAt: bigint;
  /** Positions of the entries that say so, in order. */
  readonly sequences: readonly bigint[];
  /** How much the motor runs; undefined if it was read once only, or stands still. */
  readonly hoursPerDay: number | undefined;
  /** Position of the entry since which it counts anew, because it said less than before; undefined: it never did. */
  readonly restartedAt: bigint | undefined;
  /**
   * What it said when an entry was recorded, or last before it: never too much, so that work is never called for too
   * late.
   */
  readonly hoursAt: (sequence: bigint) => number;
}

interface Reading {
  readonly sequence: bigint;
  readonly recordedAt: bigint;
  readonly hours: number;
}

const SECONDS_PER_DAY = 86_400;

/**
 * Reads a motor's hour meter from what was recorded.
 *
 * @param work - in the order of the history
 * @returns the hour meter; undefined if nobody ever recorded running hours
 */
export function readHourMeter(work: readonly RecordedWork[]): HourMeter | undefined {
  const all = work.flatMap(({ sequence, recordedAt, runningHours }) =>
    runningHours === undefined ? [] : [{ sequence, recordedAt, hours: runningHours }],
  );
  const restart = all.findLastIndex(({ hours }, index) => hours < (all[index - 1]?.hours ?? 0));
  const readings = restart === -1 ? all : all.slice(restart);
  const [first, last] = [readings.at(0), readings.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return {
    lastHours: last.hours,
    lastRecordedAt: last.recordedAt,
    sequences: readings.map(({ sequence }) => sequence),
    hoursPerDay: rateBetween(first, last),
    restartedAt: restart === -1 ? undefined : first.sequence,
    hoursAt: (sequence) => {
      const before = readings.findLast((reading) => reading.sequence <= sequence);
      // A motor begins with no hours; a meter that counts anew, with what it said first.
      return before?.hours ?? (restart === -1 ? 0 : first.hours);
    },
  };
}

function rateBetween(first: Reading, last: Reading): number | undefined {
  const days = Number(last.recordedAt - first.recordedAt) / SECONDS_PER_DAY;
  const hours = last.hours - first.hours;
  return days > 0 && hours > 0 ? hours / days : undefined;
}

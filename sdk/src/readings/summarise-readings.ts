import { billionthsOf, decimalOf, divideHalfToEven } from "./decimals.js";
import type { Reading } from "./reading.js";

/** What a sensor measured on a product, summed up. */
export interface Series {
  readonly product: string;
  readonly sensor: string;
  readonly quantity: Reading["quantity"];
  readonly unit: Reading["unit"];
  readonly count: number;
  /** Lowest and highest sequence: where `count` is less than there are numbers between them, readings are missing. */
  readonly firstSequence: number;
  readonly lastSequence: number;
  /** In the shortest form: of `1.0` and `1` the same. */
  readonly minimum: string;
  /** Exact, rounded half to even to 9 digits after the point. */
  readonly mean: string;
  readonly maximum: string;
  /** Time of the earliest reading, as it was sent. */
  readonly from: string;
  /** Time of the latest reading, as it was sent. */
  readonly until: string;
}

/** Sums up readings as they come, without keeping them. */
export interface Summary {
  readonly add: (reading: Reading) => void;
  /** Of all that were added: one for each product, sensor and quantity, in the order of their names. */
  readonly series: () => readonly Series[];
}

/** A series under way; numbers are billionths. */
interface Sum {
  readonly first: Reading;
  count: number;
  firstSequence: number;
  lastSequence: number;
  minimum: bigint;
  total: bigint;
  maximum: bigint;
  from: string;
  until: string;
  /** The same as Unix milliseconds. */
  earliest: number;
  latest: number;
}

/**
 * Sums readings up, exactly.
 *
 * @param readings - in any order; of equal times the first is named
 * @returns a summary for each product, sensor and quantity, in the order of their names
 */
export function summariseReadings(readings: Iterable<Reading>): readonly Series[] {
  const summary = createSummary();
  for (const reading of readings) summary.add(reading);
  return summary.series();
}

/**
 * Begins to sum up.
 *
 * @returns the summary of nothing
 */
export function createSummary(): Summary {
  const sums = new Map<string, Sum>();
  return {
    add: (reading) => {
      // None of the three has a line break in it: no two series share a name, and the names sort as their parts do.
      const name = [reading.product, reading.sensor, reading.quantity].join("\n");
      const sum = sums.get(name);
      if (sum === undefined) sums.set(name, begin(reading));
      else goOn(sum, reading);
    },
    series: () => [...sums].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, sum]) => seriesOf(sum)),
  };
}

function begin(reading: Reading): Sum {
  const { sequence, time } = reading;
  const value = billionthsOf(reading.value);
  const moment = Date.parse(time);
  return {
    first: reading,
    count: 1,
    firstSequence: sequence,
    lastSequence: sequence,
    minimum: value,
    total: value,
    maximum: value,
    from: time,
    until: time,
    earliest: moment,
    latest: moment,
  };
}

function goOn(sum: Sum, { sequence, value, time }: Reading): void {
  const measured = billionthsOf(value);
  sum.count += 1;
  sum.firstSequence = Math.min(sum.firstSequence, sequence);
  sum.lastSequence = Math.max(sum.lastSequence, sequence);
  if (measured < sum.minimum) sum.minimum = measured;
  sum.total += measured;
  if (measured > sum.maximum) sum.maximum = measured;
  // Not compared as text: 46Z and 46.000Z are the same moment.
  const moment = Date.parse(time);
  if (moment < sum.earliest) Object.assign(sum, { from: time, earliest: moment });
  if (moment > sum.latest) Object.assign(sum, { until: time, latest: moment });
}

function seriesOf({ first, minimum, total, maximum, earliest: _, latest: __, ...sum }: Sum): Series {
  const { product, sensor, quantity, unit } = first;
  return {
    product,
    sensor,
    quantity,
    unit,
    ...sum,
    minimum: decimalOf(minimum),
    mean: decimalOf(divideHalfToEven(total, BigInt(sum.count))),
    maximum: decimalOf(maximum),
  };
}

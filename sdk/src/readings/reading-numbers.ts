import { concat, randomBytes, sha256 } from "ethers";
import type { Address } from "../primitives/hex.js";
import type { Finding } from "../verify/finding.js";
import type { Reading } from "./reading.js";
import { readingBytes } from "./reading-bytes.js";

/** Numbers of a sensor that no batch has, between two that some batch has. */
export interface ReadingGap {
  readonly gateway: Address;
  readonly sensor: string;
  readonly first: number;
  readonly last: number;
}

/** A batch that was read. */
export interface NumberedBatch {
  readonly gateway: Address;
  readonly sequence: bigint;
  /** All of its readings, those of other products among them. */
  readonly all: readonly Reading[];
  /** Those that count for the product. */
  readonly counted: readonly Reading[];
}

/** Which numbers the sensors of a product have used: missing ones and repeated ones. */
export interface ReadingNumbers {
  /** Takes the next batch in; returns its readings whose numbers an earlier batch has. */
  readonly add: (batch: NumberedBatch) => ReadonlySet<Reading>;
  readonly gaps: () => readonly ReadingGap[];
  /** Numbers that were anchored twice, by gateway and sensor. */
  readonly findings: () => readonly Finding[];
}

/** Consecutive numbers of a sensor in one batch. */
interface Run {
  readonly first: number;
  last: number;
  readonly batch: bigint;
  /** What tells the readings apart, in their order. */
  readonly fingerprints: number[];
}

/** A number of a sensor. */
interface Numbered {
  readonly batch: bigint;
  readonly sequence: number;
  readonly fingerprint: number;
}

/** Consecutive numbers that two batches have. */
interface Repeat {
  readonly first: number;
  last: number;
  readonly earlier: bigint;
  readonly later: bigint;
}

/** Repeated numbers: how many, and the first of them. */
interface Repeats {
  count: number;
  readonly listed: Repeat[];
}

/** What is known of one sensor. */
interface Sensor {
  readonly gateway: Address;
  readonly sensor: string;
  /** In the order of their numbers; no number is in two of them. */
  readonly runs: Run[];
  /** Those of the batch that is being taken in. */
  readonly fresh: Run[];
  /** Twice the same reading. */
  readonly same: Repeats;
  /** Two readings under one number. */
  readonly different: Repeats;
}

/** However many a gateway repeats. */
const MAXIMUM_LISTED = 10;

/** Of sha2-256, what fits into a number: 52 bits. */
const FINGERPRINT_DIGITS = 13;

/**
 * Begins without numbers. Of each reading it keeps 8 bytes.
 *
 * @returns the numbers
 */
export function createReadingNumbers(): ReadingNumbers {
  const sensors = new Map<string, Sensor>();
  // Nobody can look for two readings with the same fingerprint beforehand.
  const salt = randomBytes(16);
  const fingerprintOf = ({ signature: _, ...said }: Reading): number =>
    Number.parseInt(sha256(concat([salt, readingBytes(said)])).slice(2, 2 + FINGERPRINT_DIGITS), 16);
  return {
    add: ({ gateway, sequence: batch, all, counted }) => {
      // A sensor counts for all products together: what it said of another one is not missing here.
      for (const { sensor } of counted) {
        const name = `${gateway} ${sensor}`;
        if (!sensors.has(name)) sensors.set(name, newSensor(gateway, sensor));
      }
      const touched = new Set<Sensor>();
      const repeated = all
        .toSorted((one, other) => one.sequence - other.sequence)
        .filter((reading) => {
          const sensor = sensors.get(`${gateway} ${reading.sensor}`);
          if (sensor === undefined) return false;
          touched.add(sensor);
          return !take(sensor, { batch, sequence: reading.sequence, fingerprint: fingerprintOf(reading) });
        });
      for (const { runs, fresh } of touched) insert(runs, fresh.splice(0));
      return new Set(repeated);
    },
    gaps: () => [...sensors.values()].flatMap(gapsOf),
    findings: () => [...sensors.values()].flatMap(findingsOn),
  };
}

function newSensor(gateway: Address, sensor: string): Sensor {
  const none = (): Repeats => ({ count: 0, listed: [] });
  return { gateway, sensor, runs: [], fresh: [], same: none(), different: none() };
}

/** Takes the next number of a batch in; false if an earlier batch has it. */
function take({ runs, fresh, same, different }: Sensor, { batch, sequence, fingerprint }: Numbered): boolean {
  const known = findRun(runs, sequence);
  if (known !== undefined) {
    const isSame = known.fingerprints[sequence - known.first] === fingerprint;
    note(isSame ? same : different, { sequence, earlier: known.batch, later: batch });
    return false;
  }
  const run = fresh.at(-1);
  if (run?.last !== sequence - 1) fresh.push({ first: sequence, last: sequence, batch, fingerprints: [fingerprint] });
  else {
    run.last = sequence;
    run.fingerprints.push(fingerprint);
  }
  return true;
}

/** The run that has the number, by halving. */
function findRun(runs: readonly Run[], sequence: number): Run | undefined {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[middle]?.first ?? sequence) <= sequence) low = middle + 1;
    else high = middle;
  }
  const run = runs[low - 1];
  return run !== undefined && sequence <= run.last ? run : undefined;
}

function insert(runs: Run[], fresh: readonly Run[]): void {
  const isBehind = (fresh[0]?.first ?? 0) > (runs.at(-1)?.last ?? 0);
  runs.push(...fresh);
  if (!isBehind) runs.sort((one, other) => one.first - other.first);
}

function note(
  repeats: Repeats,
  { sequence, earlier, later }: { readonly sequence: number; readonly earlier: bigint; readonly later: bigint },
): void {
  const { listed } = repeats;
  repeats.count += 1;
  const before = listed.at(-1);
  if (before?.last === sequence - 1 && before.earlier === earlier && before.later === later) before.last = sequence;
  else if (listed.length < MAXIMUM_LISTED) listed.push({ first: sequence, last: sequence, earlier, later });
}

function gapsOf({ gateway, sensor, runs }: Sensor): readonly ReadingGap[] {
  return runs.flatMap(({ first }, index) => {
    const before = runs[index - 1];
    if (before === undefined || first === before.last + 1) return [];
    return [{ gateway, sensor, first: before.last + 1, last: first - 1 }];
  });
}

function findingsOn({ gateway, sensor, same, different }: Sensor): readonly Finding[] {
  const who = `The gateway ${gateway} has anchored`;
  const found: Finding[] = [];
  if (same.count > 0) {
    const reason = `${who} readings of the sensor ${sensor} again; the second ones do not count. Numbers: ${inWords(same)}.`;
    found.push({ code: "reading.repeated", reason });
  }
  if (different.count > 0) {
    const what = `different readings of the sensor ${sensor} under one number; the second ones do not count`;
    found.push({ code: "reading.contradicted", reason: `${who} ${what}. Numbers: ${inWords(different)}.` });
  }
  return found;
}

function inWords({ count, listed }: Repeats): string {
  const more = listed.reduce((rest, { first, last }) => rest - (last - first + 1), count);
  const ranges = listed.map(({ first, last, earlier, later }) => {
    const numbers = first === last ? `${first}` : `${first} to ${last}`;
    return `${numbers} in batches ${earlier} and ${later}`;
  });
  return [...ranges, ...(more === 0 ? [] : [`${more} more`])].join(", ");
}

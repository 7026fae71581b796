import { createSeenSequences, type Range, type SeenSequences } from "./seen-sequences.js";

/** How many of a sensor's last readings are known by their content as well. */
export const REMEMBERED_CONTENTS = 256;

/** What is known of the readings of one sensor. */
export interface SensorMemory {
  readonly seen: SeenSequences;
  /** What was recorded under this number, in short; undefined if that is not known any more. */
  readonly contentOf: (sequence: number) => number | undefined;
  /** Latest time of its readings, in Unix milliseconds; undefined as long as none is known. */
  readonly latest: () => number | undefined;
  readonly remember: (reading: Remembered) => void;
}

/** What is remembered of a reading. */
export interface Remembered {
  readonly sequence: number;
  /** In Unix milliseconds. */
  readonly time: number;
  readonly content: number;
}

/**
 * Begins with what a checkpoint says of a sensor, or with nothing.
 *
 * @param known - ranges in ascending order
 * @param options - `floor`, `latest`: of the checkpoint
 * @returns the memory; of contents it knows none yet
 */
export function createSensorMemory(
  known: readonly Range[] = [],
  options: { readonly floor?: number; readonly latest?: number | undefined } = {},
): SensorMemory {
  const seen = createSeenSequences(known, options);
  let { latest } = options;
  /** After a checkpoint without times, one that comes late says nothing of those that were sent after it. */
  const isLatest = ({ sequence, time }: Remembered): boolean =>
    latest === undefined ? sequence >= (seen.ranges().at(-1)?.[1] ?? 0) : time > latest;
  const sequences = new Float64Array(REMEMBERED_CONTENTS);
  const contents = new Float64Array(REMEMBERED_CONTENTS);
  return {
    seen,
    contentOf: (sequence) => {
      const place = sequence % REMEMBERED_CONTENTS;
      return sequences[place] === sequence ? contents[place] : undefined;
    },
    latest: () => latest,
    remember: (reading) => {
      const { sequence, content } = reading;
      const place = sequence % REMEMBERED_CONTENTS;
      if (isLatest(reading)) latest = reading.time;
      seen.add(sequence);
      sequences[place] = sequence;
      contents[place] = content;
    },
  };
}

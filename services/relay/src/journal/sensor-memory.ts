import { createSeenSequences, type Range, type SeenSequences } from "./seen-sequences.js";

/** How many of a sensor's last readings are known by their content as well. */
export const REMEMBERED_CONTENTS = 256;

/** What is known of the readings of one sensor. */
export interface SensorMemory {
  readonly seen: SeenSequences;
  /** What was recorded under this number, in short; undefined if that is not known any more. */
  readonly contentOf: (sequence: number) => number | undefined;
  readonly remember: (sequence: number, content: number) => void;
}

/**
 * Begins with what a checkpoint says of a sensor, or with nothing.
 *
 * @param known - ranges in ascending order
 * @param options - `floor`: of the checkpoint
 * @returns the memory; of contents it knows none yet
 */
export function createSensorMemory(
  known: readonly Range[] = [],
  options: { readonly floor?: number } = {},
): SensorMemory {
  const seen = createSeenSequences(known, options);
  const sequences = new Float64Array(REMEMBERED_CONTENTS);
  const contents = new Float64Array(REMEMBERED_CONTENTS);
  return {
    seen,
    contentOf: (sequence) => {
      const place = sequence % REMEMBERED_CONTENTS;
      return sequences[place] === sequence ? contents[place] : undefined;
    },
    remember: (sequence, content) => {
      const place = sequence % REMEMBERED_CONTENTS;
      seen.add(sequence);
      sequences[place] = sequence;
      contents[place] = content;
    },
  };
}

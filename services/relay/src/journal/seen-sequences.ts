/** First and last of numbers without a gap. */
export type Range = readonly [first: number, last: number];

/**
 * Which sequence numbers of a sensor were seen. A sensor that counts takes one range; what comes late closes gaps.
 *
 * A sensor that leaves more gaps than can be remembered loses the oldest: numbers up to `floor` count as seen.
 */
export interface SeenSequences {
  readonly has: (sequence: number) => boolean;
  readonly add: (sequence: number) => void;
  /** Every number up to here counts as seen, though some may be missing. */
  readonly floor: () => number;
  /** Ascending, for a checkpoint. */
  readonly ranges: () => readonly Range[];
}

/** Gaps that are remembered for each sensor. */
export const MAXIMUM_RANGES = 1_024;

/**
 * Begins with what a checkpoint says, or with nothing.
 *
 * @param known - ranges in ascending order
 * @param options - `floor`: of the checkpoint
 * @returns the numbers
 */
export function createSeenSequences(
  known: readonly Range[] = [],
  options: { readonly floor?: number } = {},
): SeenSequences {
  const ranges: [number, number][] = known.map(([first, last]) => [first, last]);
  let floor = options.floor ?? 0;

  /** Place of the first range that ends at this number or behind it. */
  const placeOf = (sequence: number): number => {
    let low = 0;
    let high = ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ranges[middle]?.[1] ?? 0) < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const has = (sequence: number): boolean => {
    if (sequence <= floor) return true;
    const range = ranges[placeOf(sequence)];
    return range !== undefined && range[0] <= sequence;
  };
  const forgetOldest = (): void => {
    const [oldest] = ranges.splice(0, 1);
    floor = oldest?.[1] ?? floor;
  };

  return {
    has,
    floor: () => floor,
    ranges: () => ranges.map(([first, last]) => [first, last] as const),
    add: (sequence) => {
      if (has(sequence)) return;
      const place = placeOf(sequence);
      const before = ranges[place - 1];
      const after = ranges[place];
      const joinsBefore = before !== undefined && before[1] === sequence - 1;
      const joinsAfter = after !== undefined && after[0] === sequence + 1;
      if (joinsBefore && joinsAfter) {
        before[1] = after[1];
        ranges.splice(place, 1);
      } else if (joinsBefore) before[1] = sequence;
      else if (joinsAfter) after[0] = sequence;
      else ranges.splice(place, 0, [sequence, sequence]);
      if (ranges.length > MAXIMUM_RANGES) forgetOldest();
    },
  };
}

/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** At least 0 and less than 1. */
  readonly next: () => number;
  /** A whole number of the range, both ends included. */
  readonly integer: (minimum: number, maximum: number) => number;
  /** True with that probability. */
  readonly chance: (probability: number) => boolean;
}

/**
 * Makes a source of numbers (mulberry32).
 *
 * @param seed - any whole number
 * @returns the source
 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    integer: (minimum, maximum) => minimum + Math.floor(next() * (maximum - minimum + 1)),
    chance: (probability) => next() < probability,
  };
}

/** One of the sides that are compared: does its work once, and answers how many items that were. */
export type Side = () => Promise<number>;

/** How often the sides take turns. */
export interface AlternateOptions {
  /** Rounds that count; one more is run before them, in which programs and caches warm up. */
  readonly rounds: number;
}

/**
 * Measures sides that are to be compared by turns in one run, so that whatever else the machine does hits both. Each
 * round begins with another side.
 *
 * @param sides - by name
 * @param options - `rounds`
 * @returns items per second of each side, the median of its rounds
 */
export async function alternate<Name extends string>(
  sides: Readonly<Record<Name, Side>>,
  { rounds }: AlternateOptions,
): Promise<Readonly<Record<Name, number>>> {
  const names = Object.keys(sides).filter((name): name is Name => Object.hasOwn(sides, name));
  const rates = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    const first = round % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      const started = performance.now();
      const items = await sides[name]();
      const seconds = (performance.now() - started) / 1_000;
      if (round > 0) rates.get(name)?.push(items / seconds);
    }
  }
  // Safety: there is an entry for each name.
  return Object.fromEntries(names.map((name) => [name, medianOf(rates.get(name) ?? [])])) as Record<Name, number>;
}

/**
 * The middle of some values.
 *
 * @param values - at least one
 * @returns the median
 */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.slice(Math.floor((sorted.length - 1) / 2), Math.floor(sorted.length / 2) + 1);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

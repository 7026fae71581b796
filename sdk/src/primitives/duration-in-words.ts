const UNITS: readonly (readonly [string, bigint])[] = [
  ["day", 86_400n],
  ["hour", 3_600n],
  ["minute", 60n],
];

/**
 * Writes a duration for people, exactly.
 *
 * @param seconds - not negative
 * @returns in the largest unit that it is a multiple of, such as `7 days`, `36 hours` or `90 seconds`
 */
export function durationInWords(seconds: bigint): string {
  const [unit, length] = UNITS.find(([, long]) => seconds > 0n && seconds % long === 0n) ?? ["second", 1n];
  const count = seconds / length;
  return `${count} ${unit}${count === 1n ? "" : "s"}`;
}

import { timestampOf } from "../primitives/timestamp.js";

const UNITS = [
  ["day", 86_400n],
  ["hour", 3_600n],
  ["minute", 60n],
  ["second", 1n],
] as const;

/**
 * Says how long something lasts.
 *
 * @param seconds - not negative; less than nothing counts as nothing
 * @returns such as `3 hours`, rounded down
 */
export function secondsInWords(seconds: bigint): string {
  const length = seconds < 0n ? 0n : seconds;
  const [unit, size] = UNITS.find(([, secondsOfUnit]) => length >= secondsOfUnit) ?? ["second", 1n];
  const count = length / size;
  return `${count} ${unit}${count === 1n ? "" : "s"}`;
}

/**
 * Names entries.
 *
 * @param sequences - their positions, at least one
 * @returns such as `entry 3` or `entries 3, 4 and 7`
 */
export function entriesInWords(sequences: readonly bigint[]): string {
  return `${sequences.length === 1 ? "entry" : "entries"} ${listInWords(sequences.map(String))}`;
}

/**
 * Joins words.
 *
 * @param words - at least one
 * @returns such as `a, b and c`
 */
export function listInWords(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/**
 * Writes a time that may be none.
 *
 * @param unixSeconds - whatever a contract or a node says
 * @returns such as `2026-11-22T13:08:00Z`; the number where no calendar has such a time
 */
export function timeInWords(unixSeconds: bigint): string {
  return unixSeconds < 253_402_300_800n ? timestampOf(unixSeconds) : `second ${unixSeconds}`;
}

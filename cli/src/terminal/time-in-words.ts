/**
 * Writes a time for people.
 *
 * @param unixSeconds - seconds since 1970 in UTC
 * @returns such as `2026-11-22 13:08:00 UTC`
 */
export function timeInWords(unixSeconds: bigint): string {
  // 40 bits of seconds, the most that the contracts hold, are more than a calendar of four digits has.
  if (unixSeconds > 253_402_300_799n) return "without end";
  return new Date(Number(unixSeconds) * 1_000).toISOString().replace("T", " ").replace(".000Z", " UTC");
}

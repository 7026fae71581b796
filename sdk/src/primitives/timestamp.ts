import * as z from "zod";
import type { FieldOptions } from "./hex.js";
import { parseInput } from "./parse-input.js";

/** A time in UTC to the second, in the one spelling documents use: `2026-11-22T13:08:00Z` (RFC 3339). */
export const timestampSchema = z.iso
  .datetime({ precision: 0, error: "expected a time in UTC to the second, such as 2026-11-22T13:08:00Z" })
  .brand<"Timestamp">();

/** A time in UTC to the second, such as `2026-11-22T13:08:00Z`. */
export type Timestamp = z.infer<typeof timestampSchema>;

// Safety: the last second that RFC 3339 can write, 9999-12-31T23:59:59Z, is far below 2^53.
const LAST_SECOND = 253_402_300_799n;

/**
 * Parses a time written in UTC to the second.
 *
 * @param value - from outside
 * @param options - `field`: its name in an error
 * @returns the time
 * @throws PassportError `input.invalid`
 */
export function parseTimestamp(value: unknown, options: FieldOptions = {}): Timestamp {
  return parseInput(timestampSchema, value, { field: options.field ?? "time" });
}

/**
 * Writes a block's time, or another one, as documents write it.
 *
 * @param unixSeconds - seconds since 1970 in UTC, not negative and before the year 10000
 * @returns the time
 * @throws PassportError `input.invalid`
 */
export function timestampOf(unixSeconds: bigint): Timestamp {
  const field = "unixSeconds";
  const seconds = parseInput(z.bigint().min(0n).max(LAST_SECOND), unixSeconds, { field });
  return timestampSchema.parse(new Date(Number(seconds) * 1_000).toISOString().replace(".000Z", "Z"));
}

/**
 * Reads a time as the chain counts it.
 *
 * @param timestamp - in UTC to the second
 * @returns seconds since 1970; negative before
 */
export function unixSecondsOf(timestamp: Timestamp): bigint {
  return BigInt(Date.parse(timestamp)) / 1_000n;
}

import { parseTimestamp, unixSecondsOf } from "@digital-product-passport/sdk";
import { InvalidArgumentError, Option } from "commander";
import ms, { type StringValue } from "ms";

/**
 * Reads a time on a command line: a time in UTC, or how long from now, or with a minus sign how long ago.
 *
 * @param text - such as `2026-12-24T12:00:00Z`, `30d` or `-2h`
 * @returns Unix seconds
 * @throws InvalidArgumentError of commander
 */
export function parseMoment(text: string): bigint {
  const milliseconds = findDuration(text);
  if (milliseconds !== undefined)
    return BigInt(Math.floor(Date.now() / 1_000)) + BigInt(Math.trunc(milliseconds / 1_000));
  try {
    return unixSecondsOf(parseTimestamp(text));
  } catch {
    throw new InvalidArgumentError("expected a time such as 2026-12-24T12:00:00Z, or a duration such as 30d or 12h");
  }
}

/**
 * Makes an option that takes a time.
 *
 * @param flags - of the option, such as `--until <time>`
 * @param options - its description, and the duration from now that it stands for if left out
 * @returns the option; its value is Unix seconds
 */
export function momentOption(
  flags: string,
  options: { readonly description: string; readonly otherwise: string },
): Option {
  const { description, otherwise } = options;
  return new Option(flags, description).argParser(parseMoment).default(parseMoment(otherwise), otherwise);
}

/**
 * Reads how long something may take, on a command line.
 *
 * @param text - such as `10m` or `30s`
 * @returns milliseconds
 * @throws InvalidArgumentError of commander
 */
export function parseDuration(text: string): number {
  const milliseconds = findDuration(text);
  if (milliseconds !== undefined && milliseconds >= 0) return milliseconds;
  throw new InvalidArgumentError("expected a duration such as 10m or 30s");
}

/** A number without a unit is none: it could be seconds or days. */
function findDuration(text: string): number | undefined {
  if (!/^-?\d.*[a-z]$/.test(text) || text.length >= 20) return undefined;
  // Safety: for text that is no duration, ms returns undefined.
  return ms(text as StringValue);
}

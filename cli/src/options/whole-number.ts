import { InvalidArgumentError } from "commander";

/**
 * Reads a whole number on a command line.
 *
 * @param text - decimal digits
 * @returns the number
 * @throws InvalidArgumentError of commander
 */
export function parseWholeNumber(text: string): bigint {
  if (/^\d{1,19}$/.test(text)) return BigInt(text);
  throw new InvalidArgumentError("expected a whole number in decimal digits");
}

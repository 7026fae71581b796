import { formatUnits } from "ethers";

/** Digits after the point that a decimal number has at most. */
const DIGITS = 9;

/**
 * Reads a decimal number exactly.
 *
 * @param decimal - that was parsed: at most 9 digits after the point
 * @returns its billionths
 */
export function billionthsOf(decimal: string): bigint {
  const [whole = "", fraction = ""] = decimal.split(".");
  if (fraction.length > DIGITS) throw new RangeError(`${decimal} has more than ${DIGITS} digits after the point`);
  return BigInt(`${whole}${fraction.padEnd(DIGITS, "0")}`);
}

/**
 * Writes a decimal number in its shortest form: no zeros at the end, no sign before zero.
 *
 * @param billionths - of the number
 * @returns the number
 */
export function decimalOf(billionths: bigint): string {
  return formatUnits(billionths, DIGITS).replace(/\.0$/, "");
}

/**
 * Divides, and rounds half to even, as IEC 60559 does.
 *
 * @param dividend - of any sign
 * @param divisor - above zero
 * @returns the nearest whole number
 */
export function divideHalfToEven(dividend: bigint, divisor: bigint): bigint {
  // BigInt cuts towards zero; from the floor on, one rule serves both signs.
  const rest = ((dividend % divisor) + divisor) % divisor;
  const floor = (dividend - rest) / divisor;
  const isAbove = 2n * rest > divisor || (2n * rest === divisor && floor % 2n !== 0n);
  return isAbove ? floor + 1n : floor;
}

import { quantities } from "../document/schemas/quantity.js";
import { billionthsOf } from "./decimals.js";
import type { Reading } from "./reading.js";

const ranges = new Map<string, { readonly minimum: bigint; readonly maximum: bigint }>(
  Object.entries(quantities).map(([name, { minimum, maximum }]) => [
    name,
    { minimum: billionthsOf(minimum), maximum: billionthsOf(maximum) },
  ]),
);

/**
 * Tells whether a working sensor could have measured this value.
 *
 * @param reading - any
 * @returns whether the value is in the range of its quantity
 */
export function isPlausible({ quantity, value }: Pick<Reading, "quantity" | "value">): boolean {
  const range = ranges.get(quantity);
  const measured = billionthsOf(value);
  return range !== undefined && range.minimum <= measured && measured <= range.maximum;
}

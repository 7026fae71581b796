import { quantities } from "../document/schemas/quantity.js";
import { billionthsOf } from "./decimals.js";
import type { Reading } from "./reading.js";

/**
 * Tells whether a working sensor could have measured this value.
 *
 * @param reading - any
 * @returns whether the value is in the range of its quantity
 */
export function isPlausible({ quantity, value }: Pick<Reading, "quantity" | "value">): boolean {
  const { minimum, maximum } = quantities[quantity];
  const measured = billionthsOf(value);
  return billionthsOf(minimum) <= measured && measured <= billionthsOf(maximum);
}

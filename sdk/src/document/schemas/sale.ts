import * as z from "zod";
import { amount, label } from "./fields.js";

/** What a transfer or a lock is about, as far as it is public. */
export const sale = z.strictObject({
  /** Number of the contract both sides know. */
  contractReference: label.exactOptional(),
  /** Only if both sides want it public. */
  price: z
    .strictObject({ amount, currency: z.string().regex(/^[A-Z]{3}$/, "expected a currency code, such as EUR") })
    .exactOptional(),
});

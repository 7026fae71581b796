import * as z from "zod";
import { defineDocument } from "./envelope.js";
import { amount, text } from "./fields.js";

/** The product's service ended for good. */
export const decommissionedSchema = defineDocument("DECOMMISSIONED", {
  data: z.strictObject({ reason: text, state: text, runningHours: amount.exactOptional() }),
});

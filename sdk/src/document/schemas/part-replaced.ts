import * as z from "zod";
import { defineDocument } from "./envelope.js";
import { amount, label, part, text } from "./fields.js";

/** A part was exchanged for another. */
export const partReplacedSchema = defineDocument("PART_REPLACED", {
  data: z.strictObject({
    position: label,
    removed: part,
    installed: part,
    reason: text,
    runningHours: amount.exactOptional(),
  }),
});

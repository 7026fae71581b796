import * as z from "zod";
import { defineDocument } from "./envelope.js";
import { amount, listOf, measurement, nextDue, part, text } from "./fields.js";

/** Work that removed a fault. */
export const repairedSchema = defineDocument("REPAIRED", {
  data: z.strictObject({
    fault: text,
    cause: text.exactOptional(),
    description: text,
    parts: listOf(part).exactOptional(),
    runningHours: amount.exactOptional(),
    measurements: listOf(measurement).exactOptional(),
    nextDue: nextDue.exactOptional(),
  }),
});

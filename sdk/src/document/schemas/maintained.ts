import * as z from "zod";
import { defineDocument } from "./envelope.js";
import { amount, listOf, measurement, nextDue, part, text } from "./fields.js";

/** Planned work that keeps the product in order. */
export const maintainedSchema = defineDocument("MAINTAINED", {
  data: z.strictObject({
    kind: z.enum(["preventive", "predictive", "lubrication", "cleaning", "calibration"]),
    description: text,
    parts: listOf(part).exactOptional(),
    runningHours: amount.exactOptional(),
    measurements: listOf(measurement).exactOptional(),
    nextDue: nextDue.exactOptional(),
  }),
});

import * as z from "zod";
import { addressSchema } from "../../primitives/hex.js";
import { timestampSchema } from "../../primitives/timestamp.js";
import { defineDocument } from "./envelope.js";
import { amount, count, decimal, label, listOf, sensor, text } from "./fields.js";

/** What a gateway measured in a window of time, summed up; each single reading is in an anchored batch. */
export const readingsSchema = defineDocument("READINGS", {
  data: z.strictObject({
    window: z.strictObject({ from: timestampSchema, until: timestampSchema }),
    batches: z.strictObject({ readingsAnchor: addressSchema, gateway: addressSchema, first: count, last: count }),
    series: listOf(sensor.extend({ count, minimum: decimal, maximum: decimal, mean: decimal })),
    runningHours: amount.exactOptional(),
    alarm: z
      .strictObject({ severity: z.enum(["warning", "critical"]), code: label, description: text })
      .exactOptional(),
  }),
});

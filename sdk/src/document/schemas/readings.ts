import * as z from "zod";
import { addressSchema } from "../../primitives/hex.js";
import { timestampSchema } from "../../primitives/timestamp.js";
import { defineDocument } from "./envelope.js";
import { amount, count, decimal, isAscending, isSound, label, listOf, sensor, text } from "./fields.js";

const series = sensor
  .safeExtend({ count, minimum: decimal, mean: decimal, maximum: decimal })
  .refine(({ minimum, mean, maximum }) => isAscending(minimum, mean, maximum), {
    error: "minimum, mean and maximum are not in this order",
    when: isSound,
  });

/** What a gateway measured in a window of time, summed up. */
export const readingsSchema = defineDocument("READINGS", {
  data: z.strictObject({
    window: z
      .strictObject({ from: timestampSchema, until: timestampSchema })
      .refine(({ from, until }) => from <= until, "the window ends before it begins"),
    /** The anchored batches that hold the single readings; a gateway that anchors none sums up only. */
    batches: z
      .strictObject({ readingsAnchor: addressSchema, gateway: addressSchema, first: count, last: count })
      .refine(({ first, last }) => first <= last, "the last batch is before the first")
      .exactOptional(),
    series: listOf(series),
    runningHours: amount.exactOptional(),
    alarm: z
      .strictObject({ severity: z.enum(["warning", "critical"]), code: label, description: text })
      .exactOptional(),
  }),
});

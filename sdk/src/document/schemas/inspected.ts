import * as z from "zod";
import { defineDocument } from "./envelope.js";
import { label, listOf, measurement, nextDue, text } from "./fields.js";

/** Somebody looked at the product and judged it. */
export const inspectedSchema = defineDocument("INSPECTED", {
  data: z.strictObject({
    scope: label,
    standard: label.exactOptional(),
    findings: listOf(z.strictObject({ severity: z.enum(["note", "minor", "major", "critical"]), description: text })),
    result: z.enum(["passed", "passed-with-findings", "failed"]),
    measurements: listOf(measurement).exactOptional(),
    nextDue: nextDue.exactOptional(),
  }),
});

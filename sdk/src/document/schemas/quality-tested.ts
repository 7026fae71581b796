import * as z from "zod";
import { defineDocument } from "./envelope.js";
import { label, listOf, measurement, organisation, text } from "./fields.js";

/** A test of the product; its certificate is an attachment. */
export const qualityTestedSchema = defineDocument("QUALITY_TESTED", {
  data: z.strictObject({
    test: label,
    standard: label,
    result: z.enum(["passed", "failed"]),
    laboratory: organisation.exactOptional(),
    certificateNumber: label.exactOptional(),
    validUntil: z.iso.date().exactOptional(),
    measurements: listOf(measurement).exactOptional(),
    remarks: text.exactOptional(),
  }),
});

import * as z from "zod";
import { defineDocument } from "./envelope.js";
import { amount, label, listOf, place } from "./fields.js";

/** The product was taken apart for its materials. */
export const recycledSchema = defineDocument("RECYCLED", {
  data: z.strictObject({
    method: label,
    facility: place,
    recoveredMaterials: listOf(
      z.strictObject({
        name: label,
        massKilograms: amount,
        use: z.enum(["reused", "recycled", "energy-recovered", "disposed"]),
      }),
    ),
    certificateNumber: label.exactOptional(),
  }),
});

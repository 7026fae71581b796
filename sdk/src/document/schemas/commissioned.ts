import * as z from "zod";
import { defineDocument } from "./envelope.js";
import { count, label, listOf, measurement, place, productReference, range, text } from "./fields.js";

/** The product was put into service. */
export const commissionedSchema = defineDocument("COMMISSIONED", {
  data: z.strictObject({
    site: place,
    /** The machine it became part of, if that has an identifier. */
    machine: productReference.exactOptional(),
    operatingConditions: z.strictObject({
      load: label,
      supply: z.enum(["direct-on-line", "star-delta", "soft-starter", "frequency-converter"]).exactOptional(),
      ambientCelsius: range.exactOptional(),
      altitudeMetres: count.exactOptional(),
      mounting: label.exactOptional(),
    }),
    firstMeasurements: listOf(measurement),
    remarks: text.exactOptional(),
  }),
});

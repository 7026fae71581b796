import * as z from "zod";
import { countrySchema } from "./country.js";
import { defineDocument } from "./envelope.js";
import { label } from "./fields.js";

/** The owner reports the product stolen. */
export const stolenSchema = defineDocument("STOLEN", {
  data: z.strictObject({
    reportReference: label,
    authority: label.exactOptional(),
    country: countrySchema.exactOptional(),
  }),
});

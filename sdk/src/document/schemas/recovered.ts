import * as z from "zod";
import { defineDocument } from "./envelope.js";
import { label, text } from "./fields.js";

/** The owner has the product again. */
export const recoveredSchema = defineDocument("RECOVERED", {
  data: z.strictObject({ reportReference: label.exactOptional(), remarks: text.exactOptional() }),
});

import * as z from "zod";
import { defineDocument } from "./envelope.js";
import { productReference, text } from "./fields.js";

/** Another passport continues this one. It counts only if the successor's first document names this product, too. */
export const supersededSchema = defineDocument("SUPERSEDED", {
  data: z.strictObject({ successor: productReference.required(), reason: text }),
});

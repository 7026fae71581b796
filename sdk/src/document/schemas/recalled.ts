import * as z from "zod";
import { defineDocument } from "./envelope.js";
import { label, text, webPage } from "./fields.js";

/** The product must not be used until something is put right. */
export const recalledSchema = defineDocument("RECALLED", {
  data: z.strictObject({ campaign: label, reason: text, remedy: text, page: webPage.exactOptional() }),
});

import * as z from "zod";
import { defineDocument } from "./envelope.js";
import { label, listOf, part, text } from "./fields.js";

/** What the recall asked for was done on this product. */
export const recallClosedSchema = defineDocument("RECALL_CLOSED", {
  data: z.strictObject({ campaign: label, remedyDone: text, parts: listOf(part).exactOptional() }),
});

import * as z from "zod";
import { defineDocument } from "./envelope.js";
import { label, productReference, text } from "./fields.js";

/** A component that has an identifier of its own is no longer part of the product. */
export const componentRemovedSchema = defineDocument("COMPONENT_REMOVED", {
  data: z.strictObject({ component: productReference, position: label, reason: text }),
});

import * as z from "zod";
import { defineDocument } from "./envelope.js";
import { label, productReference, text } from "./fields.js";

/** A component that has an identifier of its own became part of the product. */
export const componentInstalledSchema = defineDocument("COMPONENT_INSTALLED", {
  data: z.strictObject({ component: productReference, position: label, remarks: text.exactOptional() }),
});

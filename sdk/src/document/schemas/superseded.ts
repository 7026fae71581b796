import * as z from "zod";
import { addressSchema } from "../../primitives/hex.js";
import { httpsUrlSchema } from "../../primitives/https-url.js";
import { defineDocument } from "./envelope.js";
import { text } from "./fields.js";

/** Another passport continues this one. It counts only if the successor's first document names this product, too. */
export const supersededSchema = defineDocument("SUPERSEDED", {
  data: z.strictObject({
    successor: z.strictObject({ productId: httpsUrlSchema, passport: addressSchema }),
    reason: text,
  }),
});

import * as z from "zod";
import { defineDocument } from "./envelope.js";
import { text } from "./fields.js";
import { shipment } from "./shipment.js";

/** The product arrived at a place. */
export const receivedSchema = defineDocument("RECEIVED", {
  data: shipment.extend({ state: z.enum(["intact", "damaged"]), damage: text.exactOptional() }),
});

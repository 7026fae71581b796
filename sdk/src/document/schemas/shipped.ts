import { defineDocument } from "./envelope.js";
import { shipment } from "./shipment.js";

/** The product left a place. */
export const shippedSchema = defineDocument("SHIPPED", { data: shipment });

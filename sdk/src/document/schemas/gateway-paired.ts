import { defineDocument } from "./envelope.js";
import { listOf, sensor } from "./fields.js";
import { pairing } from "./pairing.js";

/** A gateway was attached to the product: what it measures from now on is measured on this product. */
export const gatewayPairedSchema = defineDocument("GATEWAY_PAIRED", {
  data: pairing.extend({ sensors: listOf(sensor).min(1) }),
});

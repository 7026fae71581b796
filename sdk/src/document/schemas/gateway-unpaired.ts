import { defineDocument } from "./envelope.js";
import { text } from "./fields.js";
import { pairing } from "./pairing.js";

/** A gateway was taken off the product. A lost or stolen one cannot sign any more. */
export const gatewayUnpairedSchema = defineDocument("GATEWAY_UNPAIRED", {
  data: pairing.extend({ gatewaySignature: pairing.shape.gatewaySignature.exactOptional(), reason: text }),
});

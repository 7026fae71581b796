import { hexSchema } from "../../primitives/hex.js";
import { defineDocument } from "./envelope.js";
import { listOf, sensor } from "./fields.js";
import { pairing } from "./pairing.js";

const pairedSensor = sensor.safeExtend({
  /** The key with which the sensor signs its readings, on P-256: `x | y`. With one, no reading counts without a signature. */
  publicKey: hexSchema.refine(({ length }) => length === 130, "expected x and y, 32 bytes each").exactOptional(),
});

const sensors = listOf(pairedSensor)
  .min(1)
  .refine((listed) => new Set(listed.map(({ id }) => id)).size === listed.length, "a sensor is listed twice");

/** A gateway was attached to the product: what it measures from now on is measured on this product. */
export const gatewayPairedSchema = defineDocument("GATEWAY_PAIRED", {
  data: pairing.extend({ sensors }),
});

import * as z from "zod";
import { addressSchema, bytes27Schema, hexSchema } from "../../primitives/hex.js";
import { count } from "./fields.js";

/**
 * Where a gateway's chain of batches stands at this moment: its readings belong to the product from the pairing to the
 * unpairing, counted in batches and not by the gateway's clock.
 */
export const pairing = z.strictObject({
  gateway: addressSchema,
  /** The gateway's key in ERC-7913 form (verifier and key), if its address is derived from one. */
  gatewayKey: hexSchema.exactOptional(),
  readingsAnchor: addressSchema,
  /** Position of the gateway's last batch; 0 without one. */
  batchSequence: count,
  /** Head of the gateway's chain at that position. */
  batchHead: bytes27Schema,
  /** The gateway's own word that it is attached to this product, checked off chain. */
  gatewaySignature: hexSchema,
});

import { id } from "ethers";
import type * as z from "zod";
import { bytes32Schema } from "../primitives/hex.js";
import type { ProductId } from "./parse-product-id.js";

const productKeySchema = bytes32Schema.brand<"ProductKey">();

/** keccak256 of a productId: how the registry indexes it. */
export type ProductKey = z.infer<typeof productKeySchema>;

/**
 * The registry's key of a product.
 *
 * @param productId - in its normal form
 * @returns keccak256 of its UTF-8 bytes
 */
export function productKey(productId: ProductId): ProductKey {
  return productKeySchema.parse(id(productId));
}

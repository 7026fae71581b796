import { sha256 } from "ethers";
import { type Digest, digestSchema } from "../primitives/hex.js";

/**
 * The digest that the chain keeps of a document.
 *
 * @param bytes - the document, or any other bytes
 * @returns sha2-256 of them
 */
export function digestOf(bytes: Uint8Array): Digest {
  return digestSchema.parse(sha256(bytes));
}

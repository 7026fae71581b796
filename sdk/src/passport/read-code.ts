import type { Provider } from "ethers";
import { askNode } from "../chain/ask-node.js";
import { type Address, type Hex, parseHex } from "../primitives/hex.js";

/**
 * Reads the code at an address.
 *
 * @param provider - any ethers provider
 * @param options - the address, and the number of the block
 * @returns the code; `0x` without one
 * @throws PassportError `chain.*`
 */
export async function readCode(
  provider: Provider,
  options: { readonly address: Address; readonly block: bigint },
): Promise<Hex> {
  return parseHex(await askNode(provider, () => provider.getCode(options.address, options.block)));
}

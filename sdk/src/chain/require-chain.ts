import type { Provider } from "ethers";
import { PassportError } from "../errors/passport-error.js";
import { readChainId } from "./read-chain-id.js";

/**
 * Makes sure that an endpoint serves the chain that is meant. It is asked each time: a wallet may change its chain.
 *
 * @param provider - any ethers provider
 * @param options - `chainId`: the expected one
 * @throws PassportError `chain.wrong-chain`, `chain.unreachable`, `chain.answer-invalid`
 */
export async function requireChain(provider: Provider, options: { readonly chainId: bigint }): Promise<void> {
  const actual = await readChainId(provider);
  if (actual !== options.chainId) throw new PassportError("chain.wrong-chain", { expected: options.chainId, actual });
}

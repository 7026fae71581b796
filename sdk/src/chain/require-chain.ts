import { getBigInt, type Provider } from "ethers";
import { PassportError } from "../errors/passport-error.js";
import { askNode } from "./ask-node.js";

/**
 * Makes sure that an endpoint serves the chain that is meant. It is asked each time: a wallet may change its chain.
 *
 * @param provider - any ethers provider
 * @param options - `chainId`: the expected one
 * @throws PassportError `chain.wrong-chain`, `chain.unreachable`, `chain.answer-invalid`
 */
export async function requireChain(provider: Provider, options: { readonly chainId: bigint }): Promise<void> {
  const actual = await askNode(provider, () => readChainId(provider));
  if (actual !== options.chainId) throw new PassportError("chain.wrong-chain", { expected: options.chainId, actual });
}

/** A provider of a static network believes what it was told, so the node itself is asked where that is possible. */
async function readChainId(provider: Provider): Promise<bigint> {
  if ("send" in provider && typeof provider.send === "function") {
    return getBigInt(await provider.send("eth_chainId", []));
  }
  return (await provider.getNetwork()).chainId;
}

import { getBigInt, type Provider } from "ethers";
import { askNode } from "./ask-node.js";

/**
 * Asks an endpoint which chain it serves.
 *
 * @param provider - any ethers provider; what it was told about its chain is not taken for an answer
 * @returns the chain id
 * @throws PassportError `chain.unreachable`, `chain.request-refused`, `chain.answer-invalid`
 */
export async function readChainId(provider: Provider): Promise<bigint> {
  return await askNode(provider, async () => {
    if ("send" in provider && typeof provider.send === "function") {
      return getBigInt(await provider.send("eth_chainId", []));
    }
    return (await provider.getNetwork()).chainId;
  });
}

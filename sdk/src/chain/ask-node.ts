import type { Provider } from "ethers";
import { PassportError } from "../errors/passport-error.js";
import { endpointOf } from "./endpoint-of.js";
import { withChainErrors } from "./with-chain-errors.js";

/**
 * Asks a node one question. Whatever goes wrong is the node's fault: it is away, it refuses, or its answer is nonsense.
 *
 * @param provider - the provider that is asked, for its name
 * @param question - a call of the provider or of a contract, and nothing else
 * @returns the answer
 * @throws PassportError `chain.unreachable`, `chain.request-refused`, `chain.no-contract`, `chain.answer-invalid`,
 *   `contract.*`
 */
export async function askNode<Answer>(provider: Provider, question: () => Promise<Answer>): Promise<Answer> {
  try {
    return await withChainErrors(provider, question);
  } catch (error) {
    if (error instanceof PassportError) throw error;
    const problem = error instanceof Error ? error.message : String(error);
    throw new PassportError("chain.answer-invalid", { endpoint: endpointOf(provider), problem }, { cause: error });
  }
}

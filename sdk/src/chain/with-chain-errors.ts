import type { Provider } from "ethers";
import { chainErrorOf } from "./chain-error-of.js";
import { endpointOf } from "./endpoint-of.js";

/**
 * Runs something that asks the chain, and says in the SDK's own errors what went wrong. Every use of a provider goes
 * through here: an outage must never look like a forgery, nor the other way round.
 *
 * @param provider - the provider that is asked, for its name
 * @param task - what asks it
 * @returns what the task returns
 * @throws PassportError `chain.unreachable`, `chain.request-refused`, `chain.no-contract`, `contract.*`
 */
export async function withChainErrors<Result>(provider: Provider, task: () => Promise<Result>): Promise<Result> {
  try {
    return await task();
  } catch (error) {
    throw chainErrorOf(error, { endpoint: endpointOf(provider) });
  }
}

import { FetchRequest, JsonRpcProvider, Network } from "ethers";
import * as z from "zod";
import { parseInput } from "../primitives/parse-input.js";
import { fetchAnswer } from "./fetch-answer.js";

/** How a provider is made. */
export interface ProviderOptions {
  /** The chain that the endpoint must serve; `requireChain` asks it. */
  readonly chainId: bigint;
  /** Time between two questions for a receipt, in milliseconds; 200 if left out. Arbitrum makes four blocks a second. */
  readonly pollingIntervalMilliseconds?: number;
  /** How long one request may take, in milliseconds; 30,000 if left out. */
  readonly timeoutMilliseconds?: number;
}

const urlSchema = z.url({ protocol: /^https?$/, error: "expected the http or https URL of an RPC endpoint" });

/**
 * Makes an ethers provider as Arbitrum wants it: it polls often, caches no answer, gives up in time, and breaks off an
 * answer that is too large. No request is made yet.
 *
 * @param url - of the RPC endpoint
 * @param options - chain id, polling interval, timeout
 * @returns the provider; call its `destroy()` when it is no longer needed
 * @throws PassportError `input.invalid`
 *
 * @example
 * ```ts
 * const provider = createProvider("https://arb1.arbitrum.io/rpc", { chainId: 42161n });
 * await requireChain(provider, { chainId: 42161n });
 * ```
 */
export function createProvider(url: string, options: ProviderOptions): JsonRpcProvider {
  const request = new FetchRequest(parseInput(urlSchema, url, { field: "RPC endpoint" }));
  request.getUrlFunc = fetchAnswer;
  request.timeout = options.timeoutMilliseconds ?? 30_000;
  // Two more attempts when told to slow down; whoever wants to wait for longer decides so himself.
  request.setThrottleParams({ maxAttempts: 3 });
  const network = Network.from(options.chainId);
  return new JsonRpcProvider(request, network, {
    staticNetwork: network,
    pollingInterval: options.pollingIntervalMilliseconds ?? 200,
    cacheTimeout: -1,
    // One request each: some endpoints refuse batches, and one refusal would fail them all.
    batchMaxCount: 1,
  });
}

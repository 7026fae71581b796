import { FetchRequest, type Provider } from "ethers";

/**
 * How an RPC endpoint is named in errors: by its origin only, because many endpoints carry an API key in their path.
 *
 * @param provider - any ethers provider
 * @returns such as `https://arb1.arbitrum.io`; `the provider` where it does not tell
 */
export function endpointOf(provider: Provider): string {
  if (!("_getConnection" in provider) || typeof provider._getConnection !== "function") return "the provider";
  const connection: unknown = provider._getConnection();
  return connection instanceof FetchRequest ? new URL(connection.url).origin : "the provider";
}

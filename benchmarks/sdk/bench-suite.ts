import {
  createMemoryStore,
  createPassportClient,
  createProvider,
  type PassportClient,
} from "@digital-product-passport/sdk";
import type { Signer } from "ethers";
import { type AnvilSuite, startAnvilSuite } from "../../test/support/anvil-suite.js";

/** The suite on an anvil, and clients that share a store. */
export interface BenchSuite extends AnvilSuite {
  readonly clientOf: (signer?: Signer) => PassportClient;
}

/**
 * Starts the chain of a benchmark.
 *
 * @returns the running chain and what makes clients
 */
export async function startBenchSuite(): Promise<BenchSuite> {
  const suite = await startAnvilSuite({});
  const { chainId } = suite.network;
  const { registry, manager } = suite.addressBook.contracts;
  const provider = createProvider(suite.url, { chainId });
  const store = createMemoryStore();
  return {
    ...suite,
    clientOf: (signer) =>
      createPassportClient({
        rpc: provider,
        chainId,
        registry: registry.address,
        manager: manager.address,
        store,
        signer: signer?.connect(provider),
      }),
    close: async () => {
      provider.destroy();
      await suite.close();
    },
  };
}

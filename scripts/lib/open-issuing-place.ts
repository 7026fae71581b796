import type { IssuingPlace } from "@digital-product-passport/cli/issuing";
import { PassportError, readIssuing } from "@digital-product-passport/sdk";
import type { Wallet } from "ethers";
import { requireAddressBook } from "./address-book-file.js";
import { type OpenNetwork, openNetwork } from "./open-network.js";

/** Which network, and where the address books lie. */
export interface IssuingPlaceOptions {
  readonly network: string;
  readonly deployments: string;
}

/**
 * Opens a network of hardhat.config.ts to issue on, by the first of its accounts that may.
 *
 * @param options - of the command line
 * @returns where passports are issued, and by whom
 * @throws PassportError `input.invalid` if none of the accounts is an issuer, `chain.*`
 */
export async function openIssuingPlace(options: IssuingPlaceOptions): Promise<IssuingPlace> {
  const { contracts, rpcUrl } = await requireAddressBook(options.network, { folder: options.deployments });
  const network = await openNetwork(options.network, { rpcUrl, accounts: "issuers" });
  const { chainId, provider } = network;
  const manager = contracts.manager.address;
  const registry = contracts.registry.address;
  const close = (): void => provider.destroy();
  try {
    const issuer = await findIssuer(network, { manager });
    return { chainId, provider, registry, manager, issuers: [issuer], [Symbol.dispose]: close };
  } catch (error) {
    close();
    throw error;
  }
}

async function findIssuer(
  { accounts, name, provider }: OpenNetwork,
  { manager }: Pick<IssuingPlace, "manager">,
): Promise<Wallet> {
  for (const account of accounts) {
    const { perHour } = await readIssuing({ provider, manager }, { issuer: account.address });
    if (perHour > 0n) return account;
  }
  const problem = "none of them may issue; the administrator names issuers by setIssuingLimit";
  const value = accounts.map(({ address }) => address);
  throw new PassportError("input.invalid", { field: `accounts of ${name}`, problem, value });
}

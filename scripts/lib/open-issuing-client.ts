import {
  type AddressBook,
  createPassportClient,
  type DocumentStore,
  type PassportClient,
  PassportError,
  withChainErrors,
} from "@digital-product-passport/sdk";
import type { Wallet } from "ethers";
import { WEGManager__factory } from "../../types/ethers-contracts/index.js";
import type { OpenNetwork } from "./open-network.js";

/** Where passports are issued, and where their documents go. */
export interface IssuingClientOptions {
  readonly addressBook: AddressBook;
  readonly store: DocumentStore;
}

/**
 * Makes an SDK client whose signer is the first account of the network that may issue.
 *
 * @param network - whose accounts are tried
 * @param options - address book and store
 * @returns the client, and the issuer's address
 * @throws PassportError `input.invalid` if none of the accounts is an issuer, `chain.*`
 */
export async function openIssuingClient(
  network: OpenNetwork,
  options: IssuingClientOptions,
): Promise<{ readonly client: PassportClient; readonly issuer: string }> {
  const { addressBook, store } = options;
  const { chainId, provider } = network;
  const { manager, registry } = addressBook.contracts;
  const signer = await findIssuer(network, manager.address);
  const client = createPassportClient({
    rpc: provider,
    chainId,
    registry: registry.address,
    manager: manager.address,
    store,
    signer,
  });
  return { client, issuer: signer.address };
}

async function findIssuer({ accounts, name, provider }: OpenNetwork, manager: string): Promise<Wallet> {
  const contract = WEGManager__factory.connect(manager, provider);
  for (const account of accounts) {
    const { perHour } = await withChainErrors(provider, () => contract.issuingLimitOf(account.address));
    if (perHour > 0n) return account;
  }
  const problem = "none of them may issue; the administrator names issuers by setIssuingLimit";
  const value = accounts.map(({ address }) => address);
  throw new PassportError("input.invalid", { field: `accounts of ${name}`, problem, value });
}

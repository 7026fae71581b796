import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AddressBook } from "@digital-product-passport/sdk";
import { keccak256 } from "ethers";
import { findAddressBook, writeAddressBook } from "./address-book-file.js";
import type { DeploymentParameters } from "./deployment-parameters.js";
import { describeDeployment, readStandardInput } from "./describe-deployment.js";
import { LOCAL_NETWORK, type OpenNetwork } from "./open-network.js";
import { requireGoverningSafe } from "./require-governing-safe.js";
import { runIgnition } from "./run-ignition.js";

/** What is deployed, and where it is written down. */
export interface DeployOptions {
  readonly parameters: DeploymentParameters;
  /** Folder of the address books, and in `ignition/deployments` of the journals. */
  readonly folder: string;
}

/** A deployment that is complete. */
export interface Deployed {
  readonly addressBook: AddressBook;
  /** Transactions that this run sent; 0: everything was there. */
  readonly transactionCount: number;
}

/**
 * Deploys the suite and WEG to a network, or finishes what an earlier run began, and writes the address book, and
 * for a public network the standard JSON input of the compiler. Where all is deployed, nothing is sent and nothing
 * changes. On the local chain, contracts or parameters that differ from those deployed are deployed anew. On a public
 * network the timelocks and the Safe govern in the end, and the deployer keeps nothing.
 *
 * @param network - checked network, whose first account deploys
 * @param options - parameters and folder
 * @returns the address book
 * @throws PassportError `input.invalid` for contracts or parameters that differ from those deployed, or a Safe that is not
 *   fit to govern,
 *   `contract.reverted`, `chain.*`
 */
export async function deployTo(network: OpenNetwork, options: DeployOptions): Promise<Deployed> {
  const { folder, parameters } = options;
  if (parameters.Governance !== undefined) await requireGoverningSafe(network, parameters.Governance);
  const journal = join(folder, "ignition", "deployments", `chain-${network.chainId}`);
  const known = await findAddressBook(network.name, { folder });
  // A local chain forgets everything when it restarts; Ignition's journal does not.
  const isLocal = network.name === LOCAL_NETWORK;
  if (isLocal && (known === undefined || !(await isOnChain(network, known)))) await forget(journal);

  let run = await runIgnition(network, { journal, parameters });
  if ("conflict" in run && isLocal) {
    await forget(journal);
    run = await runIgnition(network, { journal, parameters });
  }
  if ("conflict" in run) throw run.conflict;

  const { addresses, transactionCount } = run;
  const described = await describeDeployment(network, { journal, addresses, parameters });
  const addressBook = known !== undefined && isSameDeployment(known, described) ? known : described;
  await writeAddressBook(addressBook, { folder });
  if (!isLocal) await writeStandardInput(network, { folder, journal });
  return { addressBook, transactionCount };
}

/** Whether each contract of an address book still runs the code that it did. */
async function isOnChain({ provider }: OpenNetwork, addressBook: AddressBook): Promise<boolean> {
  const checks = Object.values(addressBook.contracts).map(
    async ({ address, codeHash }) => keccak256(await provider.getCode(address)) === codeHash,
  );
  return (await Promise.all(checks)).every((isSame) => isSame);
}

/** So that anybody can have the sources verified, at any explorer, without this project's tools. */
async function writeStandardInput(
  { name }: OpenNetwork,
  { folder, journal }: { readonly folder: string; readonly journal: string },
): Promise<void> {
  const input = await readStandardInput(journal);
  await writeFile(join(folder, `${name}.standard-input.json`), `${JSON.stringify(input)}\n`);
}

async function forget(journal: string): Promise<void> {
  await rm(journal, { recursive: true, force: true });
}

function isSameDeployment(known: AddressBook, described: AddressBook): boolean {
  const deploymentsOf = ({ contracts }: AddressBook) =>
    Object.values(contracts).map(({ address, transactionHash, block }) => `${address} ${transactionHash} ${block}`);
  return deploymentsOf(known).join() === deploymentsOf(described).join();
}

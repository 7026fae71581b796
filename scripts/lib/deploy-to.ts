import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  errorDeploymentResultToExceptionMessage,
  HardhatArtifactResolver,
} from "@nomicfoundation/hardhat-ignition/helpers";
import { type DeploymentResult, DeploymentResultType, deploy, listTransactions } from "@nomicfoundation/ignition-core";
import { keccak256 } from "ethers";
import hre from "hardhat";
import weg from "../../deployments/ignition/modules/weg.js";
import { findAddressBook, writeAddressBook } from "./address-book-file.js";
import type { DeploymentParameters } from "./deployment-parameters.js";
import { describeDeployment } from "./describe-deployment.js";
import { LOCAL_NETWORK, type OpenNetwork } from "./open-network.js";
import { type AddressBook, PassportError } from "./sdk.js";

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
 * Deploys the suite and WEG to a network, or finishes what an earlier run began, and writes the address book. Where all
 * is deployed, nothing is sent and nothing changes.
 *
 * @param network - checked network, whose first account deploys
 * @param options - parameters and folder
 * @returns the address book
 * @throws PassportError `input.invalid` for contracts or parameters that differ from those deployed, `chain.*`
 */
export async function deployTo(network: OpenNetwork, options: DeployOptions): Promise<Deployed> {
  const { folder } = options;
  const journal = join(folder, "ignition", "deployments", `chain-${network.chainId}`);
  const known = await findAddressBook(network.name, { folder });
  const isLocal = network.name === LOCAL_NETWORK;
  // A local chain forgets everything when it restarts; Ignition's journal does not.
  if (isLocal && !(known !== undefined && (await isOnChain(network, known))))
    await rm(journal, { recursive: true, force: true });

  const sentBefore = await countTransactions(journal);
  let result = await runIgnition(network, journal, options);
  if (isLocal && result.type === DeploymentResultType.RECONCILIATION_ERROR) {
    await rm(journal, { recursive: true, force: true });
    result = await runIgnition(network, journal, options);
  }
  if (result.type !== DeploymentResultType.SUCCESSFUL_DEPLOYMENT) throw deploymentErrorOf(network, result);

  const addresses = new Map(Object.entries(result.contracts).map(([id, { address }]) => [id, address]));
  const { namespace } = options.parameters.WEG;
  const described = await describeDeployment(network, { journal, addresses, namespace });
  const addressBook = known !== undefined && isSameDeployment(known, described) ? known : described;
  await writeAddressBook(addressBook, { folder });
  return { addressBook, transactionCount: (await countTransactions(journal)) - sentBefore };
}

/** Whether each contract of an address book still runs the code that it did. */
async function isOnChain({ provider }: OpenNetwork, addressBook: AddressBook): Promise<boolean> {
  const checks = Object.values(addressBook.contracts).map(
    async ({ address, codeHash }) => keccak256(await provider.getCode(address)) === codeHash,
  );
  return (await Promise.all(checks)).every((isSame) => isSame);
}

async function runIgnition(
  network: OpenNetwork,
  journal: string,
  { parameters }: DeployOptions,
): Promise<DeploymentResult> {
  const { accounts, chainId, name, rpcUrl } = network;
  const connection = await hre.network.create({
    network: name,
    override: {
      url: rpcUrl,
      chainId: Number(chainId),
      accounts: accounts.map(({ privateKey }) => privateKey),
    },
  });
  try {
    await mkdir(journal, { recursive: true });
    return await deploy({
      artifactResolver: new HardhatArtifactResolver(hre.artifacts),
      provider: connection.provider,
      deploymentDir: journal,
      ignitionModule: weg,
      deploymentParameters: parameters,
      accounts: accounts.map(({ address }) => address.toLowerCase()),
      config: {
        // A transaction on Arbitrum is sequenced when it is answered: there is nothing to wait for or to outbid.
        requiredConfirmations: 1,
        blockPollingInterval: name === LOCAL_NETWORK ? 20 : 250,
      },
      disableFeeBumping: true,
      maxPriorityFeePerGas: 0n,
    });
  } finally {
    await connection.close();
  }
}

async function countTransactions(journal: string): Promise<number> {
  if (!existsSync(join(journal, "journal.jsonl"))) return 0;
  return (await listTransactions(journal, new HardhatArtifactResolver(hre.artifacts))).length;
}

function isSameDeployment(known: AddressBook, described: AddressBook): boolean {
  const transactionsOf = ({ contracts }: AddressBook) =>
    Object.values(contracts).map(({ address, transactionHash, block }) => `${address} ${transactionHash} ${block}`);
  return transactionsOf(known).join() === transactionsOf(described).join();
}

function deploymentErrorOf(
  network: OpenNetwork,
  result: Exclude<DeploymentResult, { type: DeploymentResultType.SUCCESSFUL_DEPLOYMENT }>,
): PassportError {
  const problem = errorDeploymentResultToExceptionMessage(result).replace(/\s+/g, " ");
  if (result.type === DeploymentResultType.EXECUTION_ERROR && result.failed.length > 0) {
    return new PassportError("contract.reverted", { problem });
  }
  return new PassportError("input.invalid", { field: `deployment on ${network.name}`, problem, value: result.type });
}

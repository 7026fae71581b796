import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  type AddressBook,
  type DeployedContract,
  parseAddress,
  parseBytes32,
  timestampOf,
} from "@digital-product-passport/sdk";
import { HardhatArtifactResolver } from "@nomicfoundation/hardhat-ignition/helpers";
import { listTransactions } from "@nomicfoundation/ignition-core";
import { getAddress, keccak256 } from "ethers";
import hre from "hardhat";
import { z } from "zod";
import governance from "../../deployments/ignition/modules/governance.js";
import weg from "../../deployments/ignition/modules/weg.js";
import { DigitalPassportFactory__factory } from "../../types/ethers-contracts/index.js";
import type { DeploymentParameters } from "./deployment-parameters.js";
import { LOCAL_NETWORK, type OpenNetwork } from "./open-network.js";
import { projectFolder } from "./project-paths.js";

const artifactSchema = z.object({ buildInfoId: z.string() });
const buildInfoSchema = z.object({
  solcLongVersion: z.string(),
  input: z.object({ settings: z.record(z.string(), z.json()) }).loose(),
});

/** A finished deployment. */
export interface FinishedDeployment {
  /** Folder of Ignition's journal. */
  readonly journal: string;
  /** Address of each contract by its identifier in Ignition's modules. */
  readonly addresses: ReadonlyMap<string, string>;
  readonly parameters: DeploymentParameters;
}

/**
 * Describes a deployment by what its journal and the chain say.
 *
 * @param network - where it is
 * @param deployment - journal, addresses and parameters
 * @returns the address book
 */
export async function describeDeployment(network: OpenNetwork, deployment: FinishedDeployment): Promise<AddressBook> {
  const describe = await createDescriber(network, deployment);
  const { Governance, WEG } = deployment.parameters;
  const { registry, factory, manager, attestationRelay, readingsAnchor, p256Verifier, webAuthnVerifier } = weg.results;
  const deployedFactory = await describe(factory.id);
  const contracts = {
    registry: await describe(registry.id),
    factory: deployedFactory,
    implementation: await describeImplementation(network, deployedFactory),
    manager: await describe(manager.id),
    attestationRelay: await describe(attestationRelay.id),
    readingsAnchor: await describe(readingsAnchor.id),
    p256Verifier: await describe(p256Verifier.id),
    webAuthnVerifier: await describe(webAuthnVerifier.id),
    ...(Governance !== undefined && {
      admissionTimelock: await describe(governance.results.admissionTimelock.id),
      listingTimelock: await describe(governance.results.listingTimelock.id),
    }),
  };
  const block = await network.provider.getBlock(Number(contracts.registry.block));
  if (block === null) throw new Error(`The node does not have block ${contracts.registry.block} of the deployment`);
  const commit = await readCommit();
  return {
    version: 1,
    chainId: network.chainId,
    network: network.name,
    ...(network.name === LOCAL_NETWORK && { rpcUrl: network.rpcUrl }),
    deployedAt: timestampOf(BigInt(block.timestamp)),
    ...(commit !== undefined && { commit }),
    compiler: await readCompiler(deployment.journal),
    namespace: WEG.namespace,
    ...(Governance !== undefined && { safe: parseAddress(getAddress(Governance.safe)) }),
    contracts,
  };
}

/** What a contract is, by its identifier in the modules. */
async function createDescriber(
  { provider }: OpenNetwork,
  { journal, addresses }: FinishedDeployment,
): Promise<(id: string) => Promise<DeployedContract>> {
  const transactions = await listTransactions(journal, new HardhatArtifactResolver(hre.artifacts));
  return async (id) => {
    const address = addresses.get(id);
    const transaction = transactions.find((candidate) => candidate.address === address);
    const receipt = transaction === undefined ? null : await provider.getTransactionReceipt(transaction.txHash);
    if (address === undefined || transaction === undefined || receipt === null) {
      throw new Error(`The transaction that deployed ${id} is not in ${journal}, or the node does not have it`);
    }
    return {
      contract: transaction.name ?? id,
      address: parseAddress(address),
      block: BigInt(receipt.blockNumber),
      transactionHash: parseBytes32(receipt.hash),
      constructorArguments: z.array(z.json()).parse(toJson(transaction.params ?? [])),
      codeHash: parseBytes32(keccak256(await provider.getCode(address))),
    };
  };
}

/** The factory deploys its implementation itself. */
async function describeImplementation({ provider }: OpenNetwork, factory: DeployedContract): Promise<DeployedContract> {
  const address = await DigitalPassportFactory__factory.connect(factory.address, provider).implementation();
  return {
    ...factory,
    contract: "DigitalPassport",
    address: parseAddress(address),
    constructorArguments: [],
    codeHash: parseBytes32(keccak256(await provider.getCode(address))),
  };
}

/**
 * Reads what was handed to the compiler: with it, anybody makes the deployed code again, and explorers verify it.
 *
 * @param journal - Ignition's folder
 * @returns the standard JSON input of solc
 */
export async function readStandardInput(journal: string): Promise<Readonly<Record<string, unknown>>> {
  return (await readBuildInfo(journal)).input;
}

async function readCompiler(journal: string): Promise<AddressBook["compiler"]> {
  const { input, solcLongVersion } = await readBuildInfo(journal);
  // Which outputs were asked for says nothing about the code.
  const { outputSelection: _, ...settings } = input.settings;
  return { version: solcLongVersion, settings };
}

/** Ignition keeps the artifact and the compiler's input of what it deployed: a later build may differ. */
async function readBuildInfo(journal: string): Promise<z.infer<typeof buildInfoSchema>> {
  // All contracts are compiled together.
  const { id } = weg.results.registry;
  const { buildInfoId } = artifactSchema.parse(await readJson(join(journal, "artifacts", `${id}.json`)));
  return buildInfoSchema.parse(await readJson(join(journal, "build-info", `${buildInfoId}.json`)));
}

/** A download without git's history has no commit to tell. */
async function readCommit(): Promise<string | undefined> {
  const describe = ["describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"];
  try {
    const { stdout } = await promisify(execFile)("git", describe, { cwd: projectFolder });
    return stdout.trim();
  } catch {
    return undefined;
  }
}

function toJson(value: unknown): unknown {
  const withoutNumbers = (_: string, item: unknown) =>
    typeof item === "bigint" || typeof item === "number" ? String(item) : item;
  return JSON.parse(JSON.stringify(value, withoutNumbers));
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, "utf8"));
}

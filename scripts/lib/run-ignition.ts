import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { isPassportError, PassportError, withChainErrors } from "@digital-product-passport/sdk";
import { HardhatArtifactResolver } from "@nomicfoundation/hardhat-ignition/helpers";
import {
  type DeploymentResult,
  DeploymentResultType,
  deploy,
  listTransactions,
  trackTransaction,
  wipe,
} from "@nomicfoundation/ignition-core";
import hre from "hardhat";
import { z } from "zod";
import governance from "../../deployments/ignition/modules/governance.js";
import weg from "../../deployments/ignition/modules/weg.js";
import type { DeploymentParameters } from "./deployment-parameters.js";
import { createIgnitionProvider, readSignedTransactions } from "./ignition-provider.js";
import { LOCAL_NETWORK, type OpenNetwork } from "./open-network.js";

/** Ignition's HHE10410: a transaction was about to be sent, and the journal does not say whether it was. */
const lostTransactionSchema = z.object({
  number: z.literal(10410),
  messageArguments: z.object({ futureId: z.string(), nonce: z.number(), sender: z.string() }),
});

/** What is deployed, and where Ignition keeps what it did. */
export interface IgnitionOptions {
  readonly parameters: DeploymentParameters;
  /** Folder of the journal. */
  readonly journal: string;
}

/** A run of Ignition that came to its end. */
export interface IgnitionRun {
  /** Address of each contract by its identifier in the modules. */
  readonly addresses: ReadonlyMap<string, string>;
  /** Transactions that this run sent. */
  readonly transactionCount: number;
}

/** What Ignition finds differs from what the journal says it deployed. */
export type IgnitionConflict = { readonly conflict: PassportError };

/**
 * Deploys with Ignition, or finishes what the journal says an earlier run began.
 *
 * @param network - where to; its first account deploys
 * @param options - parameters and journal
 * @returns the addresses; or the conflict if the contracts or parameters are others than those deployed
 * @throws PassportError `input.invalid` after a run that failed, `contract.reverted`, `chain.*`
 */
export async function runIgnition(
  network: OpenNetwork,
  options: IgnitionOptions,
): Promise<IgnitionRun | IgnitionConflict> {
  const sentBefore = await countTransactions(options.journal);
  const result = await withChainErrors(network.provider, () => runAndRecover(network, options)).catch((error) => {
    if (!isPassportError(error, "chain.insufficient-funds")) throw error;
    throw new PassportError(error.code, { ...error.details, account: network.accounts[0]?.address }, { cause: error });
  });
  switch (result.type) {
    case DeploymentResultType.SUCCESSFUL_DEPLOYMENT: {
      const addresses = new Map(Object.entries(result.contracts).map(([id, { address }]) => [id, address]));
      return { addresses, transactionCount: (await countTransactions(options.journal)) - sentBefore };
    }
    case DeploymentResultType.RECONCILIATION_ERROR:
      return { conflict: invalidDeployment(network, `${firstOf(result.errors)}; it is deployed with another`) };
    case DeploymentResultType.VALIDATION_ERROR:
      throw invalidDeployment(network, firstOf(result.errors));
    case DeploymentResultType.PREVIOUS_RUN_ERROR: {
      const [id = ""] = Object.keys(result.errors);
      const command = `npx hardhat ignition wipe chain-${network.chainId} ${id}`;
      throw invalidDeployment(network, `${id} failed in an earlier run; repair the cause, then ${command}`);
    }
    case DeploymentResultType.EXECUTION_ERROR: {
      const [failed] = result.failed;
      if (failed !== undefined) {
        throw new PassportError("contract.reverted", { problem: `${failed.futureId}: ${failed.error}` });
      }
      const problem = `no receipt came for ${result.timedOut.map(({ futureId }) => futureId).join()}`;
      throw new PassportError("chain.unreachable", { endpoint: new URL(network.rpcUrl).origin, problem });
    }
  }
}

async function runModule(network: OpenNetwork, { journal, parameters }: IgnitionOptions): Promise<DeploymentResult> {
  await mkdir(journal, { recursive: true });
  return await deploy({
    artifactResolver: new HardhatArtifactResolver(hre.artifacts),
    provider: createIgnitionProvider(network, { journal }),
    deploymentDir: journal,
    // On a public network the deployer keeps nothing; what runs on his own machine stays simple.
    ignitionModule: network.name === LOCAL_NETWORK ? weg : governance,
    deploymentParameters: parameters,
    accounts: network.accounts.map(({ address }) => address.toLowerCase()),
    // A transaction on Arbitrum is sequenced when it is answered: there is nothing to wait for or to outbid.
    config: { requiredConfirmations: 1, blockPollingInterval: network.name === LOCAL_NETWORK ? 20 : 250 },
    disableFeeBumping: true,
    maxPriorityFeePerGas: 0n,
  });
}

/** Runs the module; what an earlier run sent without seeing the answer is looked up first. */
async function runAndRecover(network: OpenNetwork, options: IgnitionOptions): Promise<DeploymentResult> {
  for (;;) {
    try {
      return await runModule(network, options);
    } catch (error) {
      const lost = lostTransactionSchema.safeParse(error).data;
      if (lost === undefined) throw error;
      await recoverTransaction(network, { journal: options.journal, ...lost.messageArguments });
    }
  }
}

interface LostTransaction {
  readonly journal: string;
  readonly futureId: string;
  readonly sender: string;
  readonly nonce: number;
}

/** Tells Ignition the transaction that the chain has, or that there is none. */
async function recoverTransaction(network: OpenNetwork, lost: LostTransaction): Promise<void> {
  const { futureId, journal, nonce, sender } = lost;
  const { provider } = network;
  for (const signed of await readSignedTransactions(journal)) {
    const isCandidate = signed.nonce === nonce && signed.from.toLowerCase() === sender.toLowerCase();
    if (isCandidate && (await provider.getTransactionReceipt(signed.hash)) !== null) {
      await trackTransaction(journal, signed.hash, createIgnitionProvider(network, { journal }));
      return;
    }
  }
  if ((await provider.getTransactionCount(sender)) > nonce) {
    throw invalidDeployment(network, `the nonce ${nonce} meant for ${futureId} was used for something else`);
  }
  // Should the lost one still arrive, only one of the two can have the nonce.
  await wipe(journal, new HardhatArtifactResolver(hre.artifacts), futureId);
}

async function countTransactions(journal: string): Promise<number> {
  if (!existsSync(join(journal, "journal.jsonl"))) return 0;
  return (await listTransactions(journal, new HardhatArtifactResolver(hre.artifacts))).length;
}

function firstOf(errors: Readonly<Record<string, readonly string[]>>): string {
  const [[id, problems] = ["", []]] = Object.entries(errors);
  return `${id}: ${problems.join("; ")}`;
}

function invalidDeployment(network: OpenNetwork, problem: string): PassportError {
  return new PassportError("input.invalid", { field: "deployment", problem, value: network.name });
}

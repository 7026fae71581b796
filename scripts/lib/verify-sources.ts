import { setTimeout } from "node:timers/promises";
import { type AddressBook, type DeployedContract, PassportError } from "@digital-product-passport/sdk";
import { verifyContract } from "@nomicfoundation/hardhat-verify/verify";
import hre from "hardhat";
import { createHardhatRuntimeEnvironment, importUserConfig } from "hardhat/hre";
import type { HardhatUserConfig } from "hardhat/types/config";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { type ExplorerFailure, explainExplorerFailure } from "./explorer-failure.js";
import { LOCAL_NETWORK, type OpenNetwork } from "./open-network.js";
import { projectFolder } from "./project-paths.js";

/** Who publishes sources: Etherscan's family, which on Arbitrum is Arbiscan; Blockscout; Sourcify. */
export const EXPLORERS = ["etherscan", "blockscout", "sourcify"] as const;

/** One of them. */
export type Explorer = (typeof EXPLORERS)[number];

/** What an explorer says about the source of one contract. */
export interface SourceVerification {
  readonly contract: string;
  readonly address: string;
  readonly explorer: Explorer;
  /** `undecided`: it could not be asked, or has not answered yet; `skipped`: not asked, for want of a key. */
  readonly status: "verified" | "refused" | "undecided" | "skipped";
  /** Where the explorer shows the contract. */
  readonly url: string;
  /** Why it is not verified. */
  readonly reason?: string;
}

/** Which sources are verified, and where. */
export interface VerifySourcesOptions {
  readonly addressBook: AddressBook;
  readonly explorers: readonly Explorer[];
  /** Told each verdict as it comes. */
  readonly onVerdict?: (verdict: SourceVerification) => void;
  /** Wait before an explorer is asked a second time, in milliseconds; before a third time it is twice as long. */
  readonly pauseMilliseconds?: number;
  /** How long an explorer may take for one contract, in milliseconds. */
  readonly timeoutMilliseconds?: number;
  /** Hardhat's configuration: where the explorers are, and the keys of their APIs; that of the project if left out. */
  readonly config?: HardhatUserConfig;
}

const ATTEMPTS = 3;
const PAUSE_MILLISECONDS = 5_000;
const TIMEOUT_MILLISECONDS = 180_000;

/** Where hardhat-verify finds Sourcify unless it is configured. */
const SOURCIFY_API = "https://sourcify.dev/server";

const MISSING_KEY = {
  status: "skipped",
  reason: "its API needs a key: npx hardhat keystore set ETHERSCAN_API_KEY, or that environment variable",
} as const;

/** hardhat-verify's number for what is no failure: somebody else was faster. */
const ALREADY_VERIFIED = 80_022;

/**
 * Has explorers compile and publish the sources of a deployment. What is verified already stays so: doing it again asks
 * only for what is missing. No answer of an explorer changes the deployment, or is thrown.
 *
 * @param network - where the contracts are; a public one
 * @param options - address book and explorers
 * @returns a verdict for each explorer and contract
 * @throws PassportError `input.invalid` for the local chain, which no explorer sees
 */
export async function verifySources(
  network: Pick<OpenNetwork, "name" | "chainId" | "rpcUrl">,
  options: VerifySourcesOptions,
): Promise<readonly SourceVerification[]> {
  if (network.name === LOCAL_NETWORK) {
    const problem = "no explorer sees a chain on this machine; verify the sources on a public network";
    throw new PassportError("input.invalid", { field: "network", problem, value: network.name });
  }
  const environment = await createVerifier(network, options.config);
  return await withoutConsole(async () => {
    const verdicts = await Promise.all(
      options.explorers.map((explorer) => askExplorer(environment, explorer, options)),
    );
    return verdicts.flat();
  });
}

/** Hardhat for one network, without keys, and compiling as deployments do. */
async function createVerifier(
  { chainId, name, rpcUrl }: Pick<OpenNetwork, "name" | "chainId" | "rpcUrl">,
  given: HardhatUserConfig | undefined,
): Promise<HardhatRuntimeEnvironment> {
  const config = given ?? (await importUserConfig(hre.globalOptions.config ?? "hardhat.config.ts"));
  const networks = { [name]: { type: "http", chainType: "generic", chainId: Number(chainId), url: rpcUrl } } as const;
  // hardhat-verify's own default is a profile with other optimiser settings, with which nothing here was deployed.
  return await createHardhatRuntimeEnvironment(
    { ...config, networks },
    { network: name, buildProfile: "default" },
    projectFolder,
  );
}

/** One after another: explorers answer a few requests a second. */
async function askExplorer(
  environment: HardhatRuntimeEnvironment,
  explorer: Explorer,
  options: VerifySourcesOptions,
): Promise<readonly SourceVerification[]> {
  const { addressBook, onVerdict } = options;
  const key = await readApiKey(environment, explorer);
  const verdicts: SourceVerification[] = [];
  let attempts = ATTEMPTS;
  for (const [role, deployed] of Object.entries(addressBook.contracts)) {
    const { address, contract } = deployed;
    const question = { explorer, deployed, isCreatedByFactory: role === "implementation" };
    const answer =
      key === undefined
        ? MISSING_KEY
        : await askPatiently({ ...options, attempts }, () => askOnce(environment, { ...question, key }));
    // Who is down is not waited for at every contract.
    attempts = answer.status === "undecided" ? 1 : ATTEMPTS;
    const url = urlOf(environment, { explorer, address, chainId: addressBook.chainId });
    const verdict = { contract, address, explorer, url, ...answer };
    onVerdict?.(verdict);
    verdicts.push(verdict);
  }
  return verdicts;
}

/** Undefined if the explorer needs a key and there is none; empty if it needs none. */
async function readApiKey({ config }: HardhatRuntimeEnvironment, explorer: Explorer): Promise<string | undefined> {
  if (explorer !== "etherscan") return "";
  return await config.verify.etherscan.apiKey.get().catch(() => undefined);
}

interface Question {
  readonly explorer: Explorer;
  readonly deployed: DeployedContract;
  readonly isCreatedByFactory: boolean;
  readonly key: string;
}

interface Patience extends Pick<VerifySourcesOptions, "pauseMilliseconds" | "timeoutMilliseconds"> {
  readonly attempts: number;
}

type Answer = { readonly status: "verified" } | ExplorerFailure;

async function askOnce(environment: HardhatRuntimeEnvironment, question: Question): Promise<Answer> {
  const { deployed, explorer, isCreatedByFactory, key } = question;
  const { address, constructorArguments, contract, transactionHash } = deployed;
  try {
    const { sourceName } = await environment.artifacts.readArtifact(contract);
    await verifyContract(
      {
        address,
        constructorArgs: [...constructorArguments],
        contract: `${sourceName}:${contract}`,
        provider: explorer,
        // The factory's transaction carries the factory's creation code, not that of what it creates.
        ...(!isCreatedByFactory && { creationTxHash: transactionHash }),
      },
      environment,
    );
    return { status: "verified" };
  } catch (error) {
    const isVerified = error instanceof Error && "number" in error && error.number === ALREADY_VERIFIED;
    return isVerified ? { status: "verified" } : explainExplorerFailure(error, { secrets: [key] });
  }
}

/** Asks again what may be answered differently; an explorer that takes its time is not waited for for ever. */
async function askPatiently(options: Patience, ask: () => Promise<Answer>): Promise<Answer> {
  const { attempts, pauseMilliseconds = PAUSE_MILLISECONDS, timeoutMilliseconds = TIMEOUT_MILLISECONDS } = options;
  const reason = `it has not decided after ${timeoutMilliseconds / 1_000} seconds; ask again later`;
  const timeout = setTimeout<Answer>(timeoutMilliseconds, { status: "undecided", reason }, { ref: false });
  let isOver = false;
  const askAgain = async (attempt: number): Promise<Answer> => {
    const answer = await ask();
    if (answer.status !== "undecided" || attempt >= attempts || isOver) return answer;
    await setTimeout(pauseMilliseconds * attempt);
    return await askAgain(attempt + 1);
  };
  const answer = await Promise.race([askAgain(1), timeout]);
  isOver = true;
  return answer;
}

function urlOf(
  { config }: HardhatRuntimeEnvironment,
  { address, chainId, explorer }: { readonly explorer: Explorer; readonly address: string; readonly chainId: bigint },
): string {
  if (explorer === "sourcify") return `${config.verify.sourcify.apiUrl ?? SOURCIFY_API}/repo-ui/${chainId}/${address}`;
  const url = config.chainDescriptors.get(chainId)?.blockExplorers[explorer]?.url ?? "";
  return `${url}/address/${address}#code`;
}

/** hardhat-verify tells its steps on the console, where they would stand between our rows and in our JSON. */
async function withoutConsole<Result>(task: () => Promise<Result>): Promise<Result> {
  const { log } = console;
  console.log = () => {};
  try {
    return await task();
  } finally {
    console.log = log;
  }
}

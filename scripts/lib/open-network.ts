import { createProvider, PassportError, requireChain } from "@digital-product-passport/sdk";
import { computeAddress, isHexString, type JsonRpcProvider, Wallet } from "ethers";
import hre from "hardhat";
import type { HttpNetworkConfig, ResolvedConfigurationVariable } from "hardhat/types/config";
import { developmentAccounts, isDevelopmentAccount } from "./development-accounts.js";

/** Name of the network of a chain on the developer's machine. */
export const LOCAL_NETWORK = "local";

/** Chain id of Hardhat's and anvil's local chains. */
const LOCAL_CHAIN_ID = 31_337n;

/** A network that was checked, and the accounts that may be used on it. */
export interface OpenNetwork {
  readonly name: string;
  readonly chainId: bigint;
  /** May contain the key of an API: show its origin only. */
  readonly rpcUrl: string;
  readonly provider: JsonRpcProvider;
  /** Those that were asked for; to deploy, the first one. */
  readonly accounts: readonly Wallet[];
}

/** Which network to open. */
export interface OpenNetworkOptions {
  /** Another endpoint of the local chain than the configured one; not for public networks. */
  readonly rpcUrl?: string | undefined;
  /**
   * Whose keys are read: the deployer's, which is the first account of the network; those of whoever may be an issuer,
   * the deployer last, as far as there are any; or nobody's. The deployer's if left out. The local chain has all.
   */
  readonly accounts?: "deployer" | "issuers" | "nobody" | undefined;
}

/** Hardhat's HHE7: a variable of the configuration is set nowhere. */
const VARIABLE_NOT_FOUND = 7;

/**
 * Opens a configured network and makes sure, before anything is sent, that it is the right chain and that nobody else
 * has the keys.
 *
 * @param name - of a network in hardhat.config.ts
 * @param options - `rpcUrl`, `accounts`
 * @returns the network; call `provider.destroy()` when it is no longer needed
 * @throws PassportError `input.invalid`, `chain.wrong-chain`, `chain.unreachable`
 */
export async function openNetwork(name: string, options: OpenNetworkOptions = {}): Promise<OpenNetwork> {
  const config = findNetworkConfig(name);
  const chainId = chainIdOf(name, config);
  const rpcUrl = await readRpcUrl(name, config, options.rpcUrl);
  const keys = await readKeys(name, config, options.accounts ?? "deployer");

  const provider = createProvider(rpcUrl, { chainId });
  try {
    await requireChain(provider, { chainId });
  } catch (error) {
    provider.destroy();
    throw error;
  }
  return { name, chainId, rpcUrl, provider, accounts: keys.map((key) => new Wallet(key, provider)) };
}

function findNetworkConfig(name: string): HttpNetworkConfig {
  const config = hre.config.networks[name];
  if (config?.type === "http") return config;
  const known = Object.entries(hre.config.networks).flatMap(([other, { type }]) => (type === "http" ? [other] : []));
  const problem = `hardhat.config.ts has no such network over HTTP; it has ${known.join(", ")}`;
  throw new PassportError("input.invalid", { field: "network", problem, value: name });
}

function chainIdOf(name: string, config: HttpNetworkConfig): bigint {
  if (config.chainId !== undefined) return BigInt(config.chainId);
  if (name === LOCAL_NETWORK) return LOCAL_CHAIN_ID;
  const problem = "hardhat.config.ts does not say which one, so that nothing would tell a wrong endpoint";
  throw new PassportError("input.invalid", { field: `chain id of ${name}`, problem, value: undefined });
}

async function readRpcUrl(name: string, config: HttpNetworkConfig, given: string | undefined): Promise<string> {
  if (given === undefined) return await readVariable(`endpoint of ${name}`, () => config.url.getUrl());
  if (name === LOCAL_NETWORK) return given;
  const problem = "the endpoint of a public network is a variable of hardhat.config.ts";
  throw new PassportError("input.invalid", { field: "RPC endpoint", problem, value: given });
}

async function readKeys(
  name: string,
  config: HttpNetworkConfig,
  accounts: NonNullable<OpenNetworkOptions["accounts"]>,
): Promise<readonly string[]> {
  if (name === LOCAL_NETWORK) return developmentAccounts().map(({ privateKey }) => privateKey);
  if (accounts === "nobody") return [];
  const field = `keys of ${name}`;
  const configured = Array.isArray(config.accounts) ? config.accounts : [];
  const [deployer, ...others] = configured;
  if (deployer === undefined) {
    const problem = "hardhat.config.ts must name a variable for at least one";
    throw new PassportError("input.invalid", { field, problem, value: [] });
  }
  const keys =
    accounts === "deployer"
      ? [await readVariable(field, () => deployer.getHexString())]
      : await readSetVariables(field, [...others, deployer]);
  for (const key of keys) requireOwnKey(key, field);
  return keys;
}

/** Reads the variables that are set; one of them has to be. */
async function readSetVariables(
  field: string,
  variables: readonly ResolvedConfigurationVariable[],
): Promise<readonly string[]> {
  const read = await Promise.allSettled(
    variables.map((variable) => readVariable(field, () => variable.getHexString())),
  );
  const isMissing = (result: (typeof read)[number]) =>
    result.status === "rejected" && result.reason.cause?.number === VARIABLE_NOT_FOUND;
  const found = read.every(isMissing) ? read : read.filter((result) => !isMissing(result));
  return found.map((result) => {
    if (result.status === "fulfilled") return result.value;
    throw result.reason;
  });
}

/** A variable comes from the environment or from Hardhat's keystore. */
async function readVariable(field: string, read: () => Promise<string>): Promise<string> {
  try {
    return await read();
  } catch (error) {
    // What Hardhat says names the variable and never its value.
    const problem = error instanceof Error ? error.message.replace(/^HHE\d+: /, "").replace(/\s+/g, " ") : "unreadable";
    throw new PassportError("input.invalid", { field, problem, value: "nothing usable" }, { cause: error });
  }
}

function requireOwnKey(key: string, field: string): void {
  if (!isHexString(key, 32)) {
    throw new PassportError("input.invalid", { field, problem: "expected 32 bytes in hex", value: "(not shown)" });
  }
  const value = computeAddress(key);
  if (isDevelopmentAccount(value)) {
    const problem = "its key is published, and what it receives on a public network is stolen within seconds";
    throw new PassportError("input.invalid", { field, problem, value });
  }
}

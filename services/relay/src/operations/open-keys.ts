import { readFile } from "node:fs/promises";
import {
  type Address,
  type Attester,
  accountAttester,
  PassportError,
  p256Attester,
} from "@digital-product-passport/sdk";
import { p256KeyOfPem, walletOfKey, walletOfKeystore } from "@digital-product-passport/sdk/node";
import type { Wallet } from "ethers";
import type { AccountConfig, RelayConfig, SecretConfig } from "./config.js";

/** Variables of the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads what does not stand in the configuration itself.
 *
 * @param secret - where it is
 * @param options - `environment`; `field`: what it is for, in an error
 * @returns the secret
 * @throws PassportError `input.invalid`, without it
 */
export async function readSecret(
  secret: SecretConfig,
  options: { readonly environment: Environment; readonly field: string },
): Promise<string> {
  if ("file" in secret) return (await readGiven(secret.file, options.field)).replace(/\r?\n$/, "");
  const value = options.environment[secret.environment];
  if (value !== undefined && value !== "") return value;
  const problem = `the variable ${secret.environment} is not set`;
  throw new PassportError("input.invalid", { field: options.field, problem, value: undefined });
}

/**
 * Opens an account.
 *
 * @param account - where its key is
 * @param options - `environment`; `field`: what it is for, in an error
 * @returns the account, not connected
 * @throws PassportError `input.invalid`, without key or password
 */
export async function openAccount(
  account: AccountConfig,
  options: { readonly environment: Environment; readonly field: string },
): Promise<Wallet> {
  const { field } = options;
  if ("environment" in account) return walletOfKey(await readSecret(account, options), { field });
  const json = await readGiven(account.keystore, field);
  const password = await readSecret(account.password, options);
  return await walletOfKeystore(json, { password, field, file: account.keystore });
}

/**
 * Opens the gateway's key.
 *
 * @param gateway - where it is
 * @param options - `environment`; `verifier`: the contract that checks signatures of P-256 keys
 * @returns who signs
 * @throws PassportError `input.invalid`, without key or password
 */
export async function openGateway(
  gateway: RelayConfig["gateway"],
  options: { readonly environment: Environment; readonly verifier: Address },
): Promise<Attester> {
  const field = "gateway";
  if (!("pem" in gateway)) return await accountAttester(await openAccount(gateway, { ...options, field }));
  const password =
    gateway.password === undefined ? undefined : await readSecret(gateway.password, { ...options, field });
  return p256Attester(p256KeyOfPem(await readGiven(gateway.pem, field), { password }), options);
}

/**
 * Reads a file that the configuration names.
 *
 * @param path - of the file
 * @param field - what it is for, in an error
 * @returns its text
 * @throws PassportError `input.invalid`
 */
export async function readGiven(path: string, field: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new PassportError("input.invalid", { field, problem, value: path }, { cause });
  }
}

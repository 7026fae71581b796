import { env } from "node:process";
import { PassportError } from "@digital-product-passport/sdk";
import { walletOfKey, walletOfKeystore } from "@digital-product-passport/sdk/node";
import { type Command, Option } from "commander";
import type { Wallet } from "ethers";
import { findPassword } from "./find-password.js";
import { readGivenFile } from "./given-file.js";

/** Options that say who signs. */
export interface SignerOptions {
  readonly keystore?: string;
}

/**
 * Adds the options that say who signs.
 *
 * @param command - a command that signs
 * @returns the same command
 */
export function withSigner(command: Command): Command {
  return command.addOption(
    new Option("--keystore <file>", "encrypted key of the account that signs (default: the key in PASSPORT_KEY)").env(
      "PASSPORT_KEYSTORE",
    ),
  );
}

/** Options that say which accounts issue. */
export interface IssuerOptions {
  readonly keystore?: readonly string[];
}

/**
 * Adds the options that say which accounts issue.
 *
 * @param command - a command that issues
 * @returns the same command
 */
export function withIssuers(command: Command): Command {
  return command.addOption(
    new Option(
      "--keystore <file>",
      "encrypted key of an issuer; may be repeated: each sends at the same time as the others " +
        "(default: the keys in PASSPORT_KEY, separated by commas)",
    )
      .env("PASSPORT_KEYSTORE")
      .argParser((file: string, files: readonly string[] = []) => [...files, file]),
  );
}

/**
 * Opens the accounts that issue.
 *
 * @param options - of the command line
 * @returns the accounts, not connected
 * @throws PassportError `input.invalid`, without a key or a password
 */
export async function openIssuers({ keystore = [] }: IssuerOptions): Promise<readonly [Wallet, ...Wallet[]]> {
  // One after the other: a password that is not in the environment is asked for on the terminal.
  const wallets: Wallet[] = [];
  for (const file of keystore) wallets.push(await decrypt(file));
  if (keystore.length === 0)
    wallets.push(...(env["PASSPORT_KEY"] ?? "").split(",").filter(Boolean).map(walletOfVariable));
  const [first, ...others] = wallets;
  if (first === undefined) throw missingKey();
  return [first, ...others];
}

/**
 * Opens the account that signs, if there is one.
 *
 * @param options - of the command line
 * @returns the account, not connected; undefined if neither a keystore nor a key was given
 * @throws PassportError `input.invalid`, without the key or the password
 */
export async function findSigner({ keystore }: SignerOptions): Promise<Wallet | undefined> {
  if (keystore !== undefined) return await decrypt(keystore);
  const key = env["PASSPORT_KEY"];
  return key === undefined || key === "" ? undefined : walletOfVariable(key);
}

/**
 * Opens the account that signs.
 *
 * @param options - of the command line
 * @returns the account, not connected
 * @throws PassportError `input.invalid`, without the key or the password
 */
export async function openSigner(options: SignerOptions): Promise<Wallet> {
  const signer = await findSigner(options);
  if (signer !== undefined) return signer;
  throw missingKey();
}

function missingKey(): PassportError {
  return new PassportError("input.invalid", {
    field: "PASSPORT_KEY",
    problem: "this command signs: pass --keystore, or the key of an account in this variable",
    value: undefined,
  });
}

function walletOfVariable(key: string): Wallet {
  return walletOfKey(key, { field: "PASSPORT_KEY" });
}

async function decrypt(keystore: string): Promise<Wallet> {
  const json = (await readGivenFile(keystore, { field: "--keystore" })).toString("utf8");
  const password = await findPassword(keystore, { variable: "PASSPORT_KEYSTORE_PASSWORD" });
  return await walletOfKeystore(json, { password, field: "--keystore", file: keystore });
}

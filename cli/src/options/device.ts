import { createPublicKey } from "node:crypto";
import {
  type Address,
  type Attester,
  type Hex,
  PassportError,
  p256Attester,
  parseAddress,
  parseP256PublicKey,
} from "@digital-product-passport/sdk";
import { p256KeyOfPem } from "@digital-product-passport/sdk/node";
import { type Command, Option } from "commander";
import type { Connection } from "./connection.js";
import { findPassword } from "./find-password.js";
import { readGivenFile } from "./given-file.js";

/** Options that say which device signs in its own name. */
export interface DeviceOptions {
  readonly p256?: string;
  readonly verifier?: string;
}

/**
 * Adds the options that say which device signs in its own name.
 *
 * @param command - a command that signs
 * @returns the same command
 */
export function withDevice(command: Command): Command {
  return command
    .addOption(
      new Option("--p256 <file>", "PEM file with the P-256 key of a device, in whose name is signed").env(
        "PASSPORT_P256",
      ),
    )
    .option("--verifier <address>", "contract that checks its signatures; that of the address book if left out");
}

/**
 * Opens the device that signs, if there is one.
 *
 * @param options - of the command line
 * @param connection - whose address book names the verifier
 * @returns the attester; undefined if it is an account that signs
 * @throws PassportError `input.invalid`, without the key or the password
 */
export async function findDevice(
  options: DeviceOptions,
  connection: Pick<Connection, "addressBook">,
): Promise<Attester | undefined> {
  if (options.p256 === undefined) return undefined;
  const pem = await readPem(options.p256);
  const password = isEncrypted(pem)
    ? await findPassword(options.p256, { variable: "PASSPORT_P256_PASSWORD" })
    : undefined;
  return p256Attester(p256KeyOfPem(pem, { password }), { verifier: findVerifier(options, connection) });
}

/**
 * Reads the public key of a device, for whoever grants it roles.
 *
 * @param path - of a PEM file with the public key, or with the private one
 * @returns `x | y`
 * @throws PassportError `input.invalid`, without a private key or a password
 */
export async function readDevicePublicKey(path: string): Promise<Hex> {
  const pem = await readPem(path);
  const passphrase = isEncrypted(pem) ? await findPassword(path, { variable: "PASSPORT_P256_PASSWORD" }) : undefined;
  return await parseP256PublicKey(spkiOf(pem, { passphrase }));
}

/**
 * The contract that checks signatures of devices.
 *
 * @param options - of the command line
 * @param connection - whose address book names it
 * @returns its address
 * @throws PassportError `input.invalid` if neither does
 */
export function findVerifier({ verifier }: DeviceOptions, { addressBook }: Pick<Connection, "addressBook">): Address {
  if (verifier !== undefined) return parseAddress(verifier, { field: "--verifier" });
  if (addressBook !== undefined) return addressBook.contracts.p256Verifier.address;
  const problem = "with --registry, the contract that checks the device's signatures is needed";
  throw new PassportError("input.invalid", { field: "--verifier", problem, value: undefined });
}

async function readPem(path: string): Promise<string> {
  return (await readGivenFile(path, { field: "--p256" })).toString("utf8");
}

/** PKCS #8 names it in the label, the older form in a header. */
function isEncrypted(pem: string): boolean {
  return /ENCRYPTED/.test(pem);
}

function spkiOf(pem: string, { passphrase }: { readonly passphrase: string | undefined }): Uint8Array {
  try {
    const key = { key: pem, ...(passphrase !== undefined && { passphrase }) };
    return createPublicKey(key).export({ format: "der", type: "spki" });
  } catch {
    // What OpenSSL says helps nobody, and an error that carries it could carry the key.
    const problem = "expected a key in PEM form, and its password if it is encrypted";
    throw new PassportError("input.invalid", { field: "--p256", problem, value: "(not shown)" });
  }
}

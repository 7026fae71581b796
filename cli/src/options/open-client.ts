import { createPassportClient, type PassportClient, type PassportClientOptions } from "@digital-product-passport/sdk";
import type { Command } from "commander";
import { createActivityLine } from "../terminal/activity-line.js";
import { type Connection, type ConnectionOptions, openConnection, withConnection } from "./connection.js";
import { type DeviceOptions, findDevice, withDevice } from "./device.js";
import { findSigner, openSigner, type SignerOptions, withSigner } from "./signer.js";
import { openStore, type StoreOptions, withStore } from "./store.js";

/** Options of a command that reads. */
export interface ReadingOptions extends ConnectionOptions, StoreOptions {
  readonly json?: true;
  /** Endpoints of further nodes, of a command that asks several. */
  readonly witnesses?: readonly string[] | undefined;
}

/** Options of a command that signs or sends. */
export interface WritingOptions extends ReadingOptions, SignerOptions {}

/** Options of a command that can sign in the name of a device. */
export interface SigningOptions extends WritingOptions, DeviceOptions {}

/**
 * Adds the options of a command that reads.
 *
 * @param command - the command
 * @returns the same command
 */
export function withReading(command: Command): Command {
  return withStore(withConnection(command)).option("--json", "print the result as JSON");
}

/**
 * Adds the options of a command that signs or sends.
 *
 * @param command - the command
 * @returns the same command
 */
export function withWriting(command: Command): Command {
  return withReading(withSigner(command));
}

/**
 * Adds the options of a command that can sign in the name of a device.
 *
 * @param command - the command
 * @returns the same command
 */
export function withSigning(command: Command): Command {
  return withWriting(withDevice(command));
}

/**
 * Runs a task with a client that can read.
 *
 * @param options - of the command line
 * @param task - is given the client and its connection, which is closed afterwards
 * @returns what the task returns
 * @throws PassportError `input.invalid`, and whatever the task throws
 */
export async function withReadingClient<Result>(
  options: ReadingOptions,
  task: (client: PassportClient, connection: Connection) => Promise<Result>,
): Promise<Result> {
  using connection = await openConnection(options);
  const activity = createActivityLine("Answers of the node:");
  await connection.provider.on("debug", ({ action }: { readonly action: string }) => {
    if (action === "receiveRpcResult") activity.step();
  });
  try {
    return await task(await clientOf(connection, options), connection);
  } finally {
    activity.stop();
  }
}

/**
 * Runs a task with a client that signs and sends for the account of the command line.
 *
 * @param options - of the command line
 * @param task - is given the client and its connection, which is closed afterwards
 * @returns what the task returns
 * @throws PassportError `input.invalid`, and whatever the task throws
 */
export async function withWritingClient<Result>(
  options: WritingOptions,
  task: (client: PassportClient, connection: Connection) => Promise<Result>,
): Promise<Result> {
  const signer = await openSigner(options);
  using connection = await openConnection(options);
  return await task(await clientOf(connection, options, { signer }), connection);
}

/**
 * Runs a task with a client that signs for the device of the command line, or for the account. With a device, an account
 * is needed only to send.
 *
 * @param options - of the command line
 * @param task - is given the client and its connection, which is closed afterwards
 * @returns what the task returns
 * @throws PassportError `input.invalid`, and whatever the task throws
 */
export async function withSigningClient<Result>(
  options: SigningOptions,
  task: (client: PassportClient, connection: Connection) => Promise<Result>,
): Promise<Result> {
  if (options.p256 === undefined) return await withWritingClient(options, task);
  const signer = await findSigner(options);
  using connection = await openConnection(options);
  const attester = await findDevice(options, connection);
  return await task(await clientOf(connection, options, { signer, attester }), connection);
}

async function clientOf(
  { addressBook, chainId, manager, provider, registry }: Connection,
  options: ReadingOptions,
  acting: Pick<PassportClientOptions, "signer" | "attester"> = {},
): Promise<PassportClient> {
  return createPassportClient({
    rpc: provider,
    witnesses: options.witnesses,
    chainId,
    registry,
    manager,
    attestationRelay: addressBook?.contracts.attestationRelay.address,
    store: await openStore(options),
    ...acting,
  });
}

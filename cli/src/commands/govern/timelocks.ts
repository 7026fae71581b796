import {
  type Address,
  type PassportClient,
  PassportError,
  parseBytes32,
  type ScheduledOperation,
} from "@digital-product-passport/sdk";
import { addressOf } from "../../options/administrative-call.js";
import type { Connection } from "../../options/connection.js";

/** The timelocks of a deployment, by their names on the command line. */
export const TIMELOCK_NAMES = ["admission-timelock", "listing-timelock"] as const;

/** A timelock by its name on the command line. */
export type TimelockName = (typeof TIMELOCK_NAMES)[number];

/**
 * Reads what the timelocks of the deployment were ever told, from the chain.
 *
 * @param client - reads
 * @param connection - with an address book
 * @returns the operations
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function readAllOperations(
  client: PassportClient,
  connection: Connection,
): Promise<readonly ScheduledOperation[]> {
  const timelocks = TIMELOCK_NAMES.map((name) => addressOf(connection, name));
  const fromBlock = connection.addressBook?.contracts.registry.block;
  return (await Promise.all(timelocks.map((timelock) => client.readOperations({ timelock, fromBlock })))).flat();
}

/**
 * Finds one operation of the deployment's timelocks.
 *
 * @param client - reads
 * @param options - `connection`; `id`: number of the operation
 * @returns the operation
 * @throws PassportError `input.invalid` if there is none, `chain.*`
 */
export async function findOperation(
  client: PassportClient,
  options: { readonly connection: Connection; readonly id: string },
): Promise<ScheduledOperation> {
  const id = parseBytes32(options.id, { field: "id" });
  const operation = (await readAllOperations(client, options.connection)).find((known) => known.id === id);
  if (operation !== undefined) return operation;
  const problem = "no timelock of this deployment was told of it; passport govern show lists those there are";
  throw new PassportError("input.invalid", { field: "id", problem, value: id });
}

/**
 * How a timelock is called on the command line.
 *
 * @param connection - with an address book
 * @param address - of the timelock
 * @returns its name and address
 */
export function timelockInWords(connection: Connection, address: Address): string {
  const name = TIMELOCK_NAMES.find((candidate) => addressOf(connection, candidate) === address);
  return name === undefined ? address : `${name} ${address}`;
}

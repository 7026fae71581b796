import { type Address, PassportError, parseAddress, type VerdictStatus } from "@digital-product-passport/sdk";
import type { ReadingsVerificationContext } from "@digital-product-passport/sdk/readings";
import type { Command } from "commander";
import { EXIT_CODES } from "../terminal/run-command.js";
import type { Connection } from "./connection.js";
import { type ReadingOptions, withReading, withReadingClient } from "./open-client.js";

/** Options of a command about the readings of sensors. */
export interface ReadingsOptions extends ReadingOptions {
  readonly readingsAnchor?: string;
  readonly witness?: readonly string[];
}

/**
 * Adds the options of a command about the readings of sensors.
 *
 * @param command - the command
 * @returns the same command
 */
export function withReadings(command: Command): Command {
  return withReading(command)
    .option("--readings-anchor <address>", "contract that batches of readings are anchored in, with --registry")
    .option(
      "--witness <url>",
      "endpoint of a further node: only what most of all nodes say is believed; may be repeated",
      (url: string, urls: readonly string[] = []) => [...urls, url],
    );
}

/**
 * Runs a task that reads passports and batches of readings.
 *
 * @param options - of the command line
 * @param task - is given what reading actions of readings work on
 * @returns what the task returns
 * @throws PassportError `input.invalid`, and whatever the task throws
 */
export async function withReadingsContext<Result>(
  options: ReadingsOptions,
  task: (context: ReadingsVerificationContext) => Promise<Result>,
): Promise<Result> {
  return await withReadingClient({ ...options, witnesses: options.witness }, (client, connection) =>
    task({ ...client.context, readingsAnchor: findReadingsAnchor(options, connection) }),
  );
}

function findReadingsAnchor({ readingsAnchor }: ReadingsOptions, { addressBook }: Connection): Address {
  if (readingsAnchor !== undefined) return parseAddress(readingsAnchor, { field: "--readings-anchor" });
  if (addressBook !== undefined) return addressBook.contracts.readingsAnchor.address;
  throw new PassportError("input.invalid", {
    field: "--readings-anchor",
    problem: "with --registry, the contract that readings are anchored in is needed",
    value: undefined,
  });
}

/**
 * The exit code that says how a verification ended.
 *
 * @param status - the worst of its answers
 * @returns one of `EXIT_CODES`
 */
export function exitCodeOfStatus(status: VerdictStatus): number {
  if (status === "valid") return EXIT_CODES.done;
  return status === "unknown" ? EXIT_CODES.outage : EXIT_CODES.invalid;
}

import { stdout } from "node:process";
import type { PreparedTransaction, Sent } from "@digital-product-passport/sdk";
import type { Command } from "commander";
import { formatFacts } from "../terminal/plain-table.js";
import { printJson } from "../terminal/print-json.js";

/** Options of a command that sends a transaction. */
export interface SendingOptions {
  readonly dryRun?: true;
  readonly json?: true;
}

/**
 * Adds the option of a command that sends a transaction.
 *
 * @param command - the command
 * @returns the same command
 */
export function withSending(command: Command): Command {
  return command.option("--dry-run", "say what it costs and whether the contract would accept it; send nothing");
}

/**
 * Sends a transaction, or says what it would cost, and prints what came of it.
 *
 * @param prepared - the transaction
 * @param options - of the command line; `describe`: what the result is in words
 * @throws PassportError `contract.*`, `chain.*`
 */
export async function sendAndPrint<Result>(
  prepared: PreparedTransaction<Result>,
  options: SendingOptions & { readonly describe: (result: Result) => string },
): Promise<void> {
  if (options.dryRun) return await printEstimate(prepared, options);
  const sent = await prepared.send();
  if (options.json) return printJson(sent);
  stdout.write(`${options.describe(sent.result)}\n${formatFacts(factsOf(sent))}\n`);
}

async function printEstimate(prepared: PreparedTransaction<unknown>, { json }: SendingOptions): Promise<void> {
  const { gas, costWei, maximumCostWei } = await prepared.estimate();
  if (json) return printJson({ call: prepared.call, gas, costWei, maximumCostWei });
  const facts = { gas, "cost in wei": costWei, "at most": maximumCostWei };
  stdout.write(`The contract would accept it. Nothing was sent.\n${formatFacts(facts)}\n`);
}

function factsOf({ transactionHash, blockNumber, gasUsed, costWei }: Sent<unknown>) {
  return { transaction: transactionHash, block: blockNumber, gas: gasUsed, "cost in wei": costWei };
}

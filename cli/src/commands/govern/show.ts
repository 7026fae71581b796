import { stdout } from "node:process";
import type { Command } from "commander";
import { type ReadingOptions, withReading, withReadingClient } from "../../options/open-client.js";
import { printChanges } from "../../terminal/print-changes.js";
import { printJson } from "../../terminal/print-json.js";
import { describeOperation } from "./describe-operation.js";
import { readAllOperations } from "./timelocks.js";

interface Options extends ReadingOptions {
  readonly all?: true;
}

/**
 * Adds `passport govern show`.
 *
 * @param govern - the command above it
 */
export function addGovernShowCommand(govern: Command): void {
  withReading(govern.command("show"))
    .description("Lists the operations that wait or can be executed: what they change, and how long they wait.")
    .option("--all", "those that are done or cancelled, too")
    .addHelpText(
      "after",
      `
All of it is read from the chain. Whoever relies on a registry looks here every day: nothing that changes it is quicker than
two days.

Example:
  $ passport govern show --network arbitrumSepolia --rpc https://sepolia-rollup.arbitrum.io/rpc`,
    )
    .action(async (options: Options) => {
      const described = await withReadingClient(options, async (client, connection) => {
        const operations = await readAllOperations(client, connection);
        const wanted = operations.filter(({ state }) => options.all || state === "waiting" || state === "ready");
        return await Promise.all(
          wanted.map(async (operation) => ({
            ...operation,
            changes: await describeOperation(client, { connection, operation }),
          })),
        );
      });
      if (options.json) printJson(described.map(({ changes, ...rest }) => ({ ...rest, changes: changes.sentences })));
      else if (described.length === 0) stdout.write("Nothing waits.\n");
      for (const { changes } of options.json ? [] : described) printChanges(changes, {});
    });
}

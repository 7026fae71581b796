import type { PassportClient, ScheduledOperation } from "@digital-product-passport/sdk";
import type { Command } from "commander";
import { type ConfirmingOptions, confirm, withConfirming } from "../../options/confirm.js";
import type { Connection } from "../../options/connection.js";
import { type WritingOptions, withWriting, withWritingClient } from "../../options/open-client.js";
import { type SendingOptions, sendAndPrint, withSending } from "../../options/send.js";
import { printChanges } from "../../terminal/print-changes.js";
import { describeOperation } from "./describe-operation.js";
import { signerOf } from "./proposal-file.js";
import { findOperation } from "./timelocks.js";

type Options = WritingOptions & SendingOptions & ConfirmingOptions;

/**
 * Adds `passport govern execute`.
 *
 * @param govern - the command above it
 */
export function addExecuteCommand(govern: Command): void {
  withOperation(govern.command("execute"))
    .description("Executes an operation whose delay has passed. Anybody may.")
    .addHelpText(
      "after",
      `
Example:
  $ passport govern execute 0x1f...`,
    )
    .action(async (id: string, options: Options) => {
      await withOperationClient(id, options, async (client, operation) => {
        const prepared = await client.executeOperation(operation);
        if (!options.dryRun) await confirm(await signerOf(client), options);
        await sendAndPrint(prepared, { ...options, describe: (executed) => `Operation ${executed.id} is executed.` });
      });
    });
}

/**
 * Adds `passport govern cancel`.
 *
 * @param govern - the command above it
 */
export function addCancelOperationCommand(govern: Command): void {
  withOperation(govern.command("cancel"))
    .description("Ends an operation that has not been executed, at once. Only the guardian, or the Safe.")
    .addHelpText(
      "after",
      `
Example:
  $ passport govern cancel 0x1f...`,
    )
    .action(async (id: string, options: Options) => {
      await withOperationClient(id, options, async (client, { timelock, id: known }) => {
        const prepared = await client.cancelOperation({ timelock, id: known });
        if (!options.dryRun) await confirm(await signerOf(client), options);
        await sendAndPrint(prepared, {
          ...options,
          describe: (cancelled) => `Operation ${cancelled.id} is cancelled; it will never be executed.`,
        });
      });
    });
}

function withOperation(command: Command): Command {
  return withConfirming(withSending(withWriting(command))).argument("<id>", "number that passport govern show lists");
}

/** Finds the operation on the chain and says what it changes. */
async function withOperationClient(
  id: string,
  options: Options,
  task: (client: PassportClient, operation: ScheduledOperation) => Promise<void>,
): Promise<void> {
  await withWritingClient(options, async (client, connection: Connection) => {
    const operation = await findOperation(client, { connection, id });
    printChanges(await describeOperation(client, { connection, operation }), options);
    await task(client, operation);
  });
}

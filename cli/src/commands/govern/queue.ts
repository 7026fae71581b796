import { durationInWords } from "@digital-product-passport/sdk";
import type { Command } from "commander";
import { type ConfirmingOptions, confirm, withConfirming } from "../../options/confirm.js";
import { type WritingOptions, withWriting, withWritingClient } from "../../options/open-client.js";
import { type SendingOptions, sendAndPrint, withSending } from "../../options/send.js";
import { printProposal } from "./describe-proposal.js";
import { readProposal, signerOf } from "./proposal-file.js";

type Options = WritingOptions & SendingOptions & ConfirmingOptions;

/**
 * Adds `passport govern queue`.
 *
 * @param govern - the command above it
 */
export function addQueueCommand(govern: Command): void {
  withConfirming(withSending(withWriting(govern.command("queue"))))
    .description("Has the Safe schedule a proposal that enough owners have signed. Anybody may send it.")
    .argument("<file>", "the proposal with its signatures")
    .addHelpText(
      "after",
      `
Example:
  $ passport govern queue proposal.json`,
    )
    .action(async (path: string, options: Options) => {
      const proposal = await readProposal(path);
      await withWritingClient(options, async (client, connection) => {
        await printProposal(client, { connection, proposal, json: options.json });
        const prepared = await client.queueProposal(proposal);
        if (!options.dryRun) await confirm(await signerOf(client), options);
        await sendAndPrint(prepared, {
          ...options,
          describe: ({ id, delaySeconds }) =>
            `Scheduled; after ${durationInWords(delaySeconds)} anybody may: passport govern execute ${id}`,
        });
      });
    });
}

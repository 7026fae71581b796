import type { Command } from "commander";
import { type ConfirmingOptions, confirm, withConfirming } from "../../options/confirm.js";
import { type WritingOptions, withWriting, withWritingClient } from "../../options/open-client.js";
import { printProposal } from "./describe-proposal.js";
import { readProposal, signerOf, writeProposal } from "./proposal-file.js";

interface Options extends WritingOptions, ConfirmingOptions {
  readonly out?: string;
}

/**
 * Adds `passport govern sign`.
 *
 * @param govern - the command above it
 */
export function addGovernSignCommand(govern: Command): void {
  withConfirming(withWriting(govern.command("sign")))
    .description("Signs a proposal as a further owner of the Safe.")
    .argument("<file>", "the proposal, as the owner before you wrote it")
    .option("--out <file>", "where it goes with your signature; the same file if left out")
    .addHelpText(
      "after",
      `
Who handed you the file is not believed: what it will change is worked out from what you sign, and compared with the chain.
Compare the digest with what your device shows.

Example:
  $ passport govern sign proposal.json`,
    )
    .action(async (path: string, options: Options) => {
      const proposal = await readProposal(path);
      await withWritingClient(options, async (client, connection) => {
        const described = await printProposal(client, { connection, proposal, json: options.json });
        await confirm(await signerOf(client), options);
        const out = options.out ?? path;
        await writeProposal(await client.signProposal(proposal), { ...options, out, client, described });
      });
    });
}

import { type Command, Option } from "commander";
import { parseMoment } from "../options/moment.js";
import { type WritingOptions, withWriting, withWritingClient } from "../options/open-client.js";
import { type SendingOptions, sendAndPrint, withSending } from "../options/send.js";
import { timeInWords } from "../terminal/time-in-words.js";

interface Options extends WritingOptions, SendingOptions {
  readonly product?: string;
  readonly compromisedSince?: bigint;
}

/**
 * Adds `passport revoke`.
 *
 * @param program - the `passport` command
 */
export function addRevokeCommand(program: Command): void {
  withSending(withWriting(program.command("revoke")))
    .description("Ends what an attester may record, for ever. What he has recorded stays.")
    .argument("<attester>", "address of an account or contract wallet, or derived address of a key")
    .option("--product <url>", "only your grant for the passport of this product")
    .addOption(
      new Option(
        "--compromised-since <time>",
        "his key was in wrong hands since then: entries since then read disputed",
      )
        .argParser(parseMoment)
        .conflicts("product"),
    )
    .addHelpText(
      "after",
      `
Example:
  $ passport revoke 0x976EA74026E726554dB657fA54763abd0C3a0aa9 --compromised-since 2026-11-20T06:00:00Z`,
    )
    .action(async (attester: string, options: Options) => {
      await withWritingClient(options, async (client) => {
        const { product, compromisedSince: since } = options;
        if (since === undefined) {
          await sendAndPrint(await client.revokeAttester({ attester, passport: product }), {
            ...options,
            describe: (revoked) => `${revoked.attester} is revoked.`,
          });
        } else {
          await sendAndPrint(await client.reportCompromise({ attester, since }), {
            ...options,
            describe: (report) =>
              `${report.attester} is revoked; what was recorded in his name since ${timeInWords(report.compromisedSince)} ` +
              "reads disputed.",
          });
        }
      });
    });
}

import type { Command } from "commander";
import { momentOption, parseMoment } from "../options/moment.js";
import { type WritingOptions, withWriting, withWritingClient } from "../options/open-client.js";
import { type SendingOptions, sendAndPrint, withSending } from "../options/send.js";
import { timeInWords } from "../terminal/time-in-words.js";

interface Options extends WritingOptions, SendingOptions {
  readonly product?: string;
  readonly from?: bigint;
  readonly until: bigint;
}

/** Length of an address in hex; what is longer is the ERC-7913 signer of a key. */
const ADDRESS_LENGTH = 42;

/**
 * Adds `passport grant`.
 *
 * @param program - the `passport` command
 */
export function addGrantCommand(program: Command): void {
  withSending(withWriting(program.command("grant")))
    .description("Grants roles to whoever records events: for all products, or for one.")
    .argument("<attester>", "address of an account or contract wallet, or ERC-7913 signer of a key")
    .argument("<roles...>", "such as TECHNICIAN; they replace those granted before")
    .option("--product <url>", "only for the passport of this product; a gateway always, an owner always")
    .option("--from <time>", "first time at which it counts; at once if left out", parseMoment)
    .addOption(
      momentOption("--until <time>", {
        description: "last time at which it counts, or how long from now",
        otherwise: "365d",
      }),
    )
    .addHelpText(
      "after",
      `
For all products the manufacturer's administrator grants; for one also its owner, the roles that he may.

Example:
  $ passport grant 0x976EA74026E726554dB657fA54763abd0C3a0aa9 TECHNICIAN --until 90d`,
    )
    .action(async (attester: string, roles: readonly string[], options: Options) => {
      await withWritingClient(options, async (client) => {
        const { product, from, until } = options;
        const grantee = attester.length > ADDRESS_LENGTH ? { signer: attester } : { attester };
        const terms = { roles, passport: product, validFrom: from, validUntil: until };
        await sendAndPrint(await client.grantRoles({ ...grantee, ...terms }), {
          ...options,
          describe: (grant) =>
            `${grant.attester} has the roles ${roles.join(", ")} until ${timeInWords(grant.validUntil)}.`,
        });
      });
    });
}

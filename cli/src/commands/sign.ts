import type { Command } from "commander";
import { type DocumentOptions, readEvent, withAttachments } from "../options/document.js";
import { momentOption } from "../options/moment.js";
import { type SigningOptions, withSigning, withSigningClient } from "../options/open-client.js";
import { openStore } from "../options/store.js";
import { parseWholeNumber } from "../options/whole-number.js";
import { printJson } from "../terminal/print-json.js";

interface Options extends SigningOptions, DocumentOptions {
  readonly deadline: bigint;
  readonly productId?: string;
  readonly sequence?: bigint;
}

/**
 * Adds `passport sign`.
 *
 * @param program - the `passport` command
 */
export function addSignCommand(program: Command): void {
  withAttachments(withSigning(program.command("sign")))
    .description("Signs an event for somebody else to submit. It needs no ETH, and with --product-id no network.")
    .argument("<product>", "URL of the product, or address of its passport")
    .argument("<event>", "type of the event, such as MAINTAINED")
    .argument("<document>", "JSON file with what happened, in the field data; - for standard input")
    .addOption(
      momentOption("--deadline <time>", {
        description: "last time at which it may be recorded, or how long from now",
        otherwise: "30d",
      }),
    )
    .option("--product-id <url>", "URL of the product, if <product> is the address of its passport: no node is asked")
    .option("--sequence <number>", "position that the entry must have; any if left out", parseWholeNumber)
    .addHelpText(
      "after",
      `
The signed event, with its document, is written to standard output; passport submit records it. With --p256 it is
signed in the name of a device, which needs no account.

Examples:
  $ passport sign 0x5FbDB2315678afecb367f032d93F642f64180aa3 MAINTAINED maintenance.json > signed.json \\
      --product-id https://id.weg.example/01/09521122000019/21/W22-2600037
  $ passport sign https://id.weg.example/01/09521122000019/21/W22-2600037 READINGS readings.json --p256 gateway.pem`,
    )
    .action(async (product: string, eventType: string, path: string, options: Options) => {
      await withSigningClient(options, async (client) => {
        const { attach, deadline, productId, sequence } = options;
        const event = await readEvent(eventType, { path, attach, store: await openStore(options) });
        printJson(await client.signAttestation({ passport: product, ...event, deadline, productId, sequence }));
      });
    });
}

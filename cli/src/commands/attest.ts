import { eventTypeName } from "@digital-product-passport/sdk";
import type { Command } from "commander";
import { type DocumentOptions, readEvent, withAttachments } from "../options/document.js";
import { type WritingOptions, withWriting, withWritingClient } from "../options/open-client.js";
import { type SendingOptions, sendAndPrint, withSending } from "../options/send.js";
import { openStore } from "../options/store.js";

/**
 * Adds `passport attest`.
 *
 * @param program - the `passport` command
 */
export function addAttestCommand(program: Command): void {
  withSending(withAttachments(withWriting(program.command("attest"))))
    .description("Records an event in a passport, in the name of the account that sends it.")
    .argument("<product>", "URL of the product, or address of its passport")
    .argument("<event>", "type of the event, such as MAINTAINED; passport rules lists them")
    .argument("<document>", "JSON file with what happened, in the field data; - for standard input")
    .addHelpText(
      "after",
      `
Example:
  $ echo '{"data":{"kind":"lubrication","description":"Regreased.","runningHours":"8760"}}' |
      passport attest https://id.weg.example/01/09521122000019/21/W22-2600037 MAINTAINED -`,
    )
    .action(
      async (
        product: string,
        eventType: string,
        path: string,
        options: WritingOptions & DocumentOptions & SendingOptions,
      ) => {
        await withWritingClient(options, async (client) => {
          const event = await readEvent(eventType, { path, attach: options.attach, store: await openStore(options) });
          await sendAndPrint(await client.attest({ passport: product, ...event }), {
            ...options,
            describe: ({ sequence, eventType: recorded, attester }) =>
              `Entry ${sequence}, ${eventTypeName(recorded)}, is recorded in the name of ${attester}.`,
          });
        });
      },
    );
}

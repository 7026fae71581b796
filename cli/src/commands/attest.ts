import {
  type EventOption,
  eventTypeName,
  type PassportClient,
  type PreparedTransaction,
  type RecordedEntry,
} from "@digital-product-passport/sdk";
import type { Command } from "commander";
import { type DocumentOptions, readEvent, withAttachments } from "../options/document.js";
import { parseMoment } from "../options/moment.js";
import { type SigningOptions, withSigning, withSigningClient } from "../options/open-client.js";
import { type SendingOptions, sendAndPrint, withSending } from "../options/send.js";
import { openStore } from "../options/store.js";

/**
 * Adds `passport attest`.
 *
 * @param program - the `passport` command
 */
export function addAttestCommand(program: Command): void {
  withSending(withAttachments(withSigning(program.command("attest"))))
    .description("Records an event in a passport, in the name of the account that sends it, or of a device.")
    .argument("<product>", "URL of the product, or address of its passport")
    .argument("<event>", "type of the event, such as MAINTAINED; passport rules lists them")
    .argument("<document>", "JSON file with what happened, in the field data; - for standard input")
    .addHelpText(
      "after",
      `
With --p256 the device signs, and the account sends and pays.

Example:
  $ echo '{"data":{"kind":"lubrication","description":"Regreased.","runningHours":"8760"}}' |
      passport attest https://id.weg.example/01/09521122000019/21/W22-2600037 MAINTAINED -`,
    )
    .action(
      async (
        product: string,
        eventType: string,
        path: string,
        options: SigningOptions & DocumentOptions & SendingOptions,
      ) => {
        await withSigningClient(options, async (client) => {
          const event = await readEvent(eventType, { path, attach: options.attach, store: await openStore(options) });
          const attestation = { passport: product, ...event };
          const prepared = await (options.p256 === undefined
            ? client.attest(attestation)
            : attestForDevice(client, attestation));
          await sendAndPrint(prepared, {
            ...options,
            describe: ({ sequence, eventType: recorded, attester }) =>
              `Entry ${sequence}, ${eventTypeName(recorded)}, is recorded in the name of ${attester}.`,
          });
        });
      },
    );
}

/** A signature for exactly the next position costs least. */
async function attestForDevice(
  client: PassportClient,
  attestation: EventOption & { readonly passport: string },
): Promise<PreparedTransaction<RecordedEntry>> {
  const { entryCount } = await client.readPassport(attestation);
  const deadline = parseMoment("1h");
  return await client.submitAttestation({
    signed: await client.signAttestation({ ...attestation, deadline, sequence: entryCount + 1n }),
  });
}

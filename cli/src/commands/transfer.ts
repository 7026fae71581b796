import type { Command } from "commander";
import { type DocumentOptions, readDocumentInput, withAttachments } from "../options/document.js";
import { momentOption } from "../options/moment.js";
import { type SigningOptions, withSigning, withSigningClient } from "../options/open-client.js";
import { type SendingOptions, sendAndPrint, withSending } from "../options/send.js";
import { openStore } from "../options/store.js";
import { printJson } from "../terminal/print-json.js";

interface TransferOptions extends SigningOptions, SendingOptions {
  readonly sign?: true;
}

interface OfferOptions extends TransferOptions, DocumentOptions {
  readonly to: string;
  readonly expires: bigint;
}

interface AcceptOptions extends TransferOptions {
  readonly expectedHead?: string;
  readonly document?: string;
  readonly deadline: bigint;
}

const PRODUCT = ["<product>", "URL of the product, or address of its passport"] as const;

/**
 * Adds `passport transfer`.
 *
 * @param program - the `passport` command
 */
export function addTransferCommand(program: Command): void {
  const transfer = program
    .command("transfer")
    .description("Sells a product: the owner offers it, the new owner accepts. Nobody else is asked.")
    .addHelpText(
      "after",
      `
With --p256 a device signs, and the account sends and pays; with --sign nothing is sent.

Example:
  $ passport transfer offer https://id.weg.example/01/09521122000019/21/W22-2600037 sale.json \\
      --to 0x90F79bf6EB2c4f870365E785982E1f101E93b906`,
    );
  addOfferCommand(transfer);
  addAcceptCommand(transfer);
  addCancelCommand(transfer);
}

function addOfferCommand(transfer: Command): void {
  withTransfer(withAttachments(transfer.command("offer")))
    .description("Offers the product to a new owner, in the name of the owner.")
    .argument(...PRODUCT)
    .argument("<document>", "JSON file with the terms, in the field data; - for standard input")
    .requiredOption("--to <address>", "the new owner")
    .addOption(
      momentOption("--expires <time>", {
        description: "last time at which it may be accepted, or how long from now",
        otherwise: "7d",
      }),
    )
    .addHelpText(
      "after",
      `
Example:
  $ passport transfer offer https://id.weg.example/01/09521122000019/21/W22-2600037 sale.json \\
      --to 0x90F79bf6EB2c4f870365E785982E1f101E93b906`,
    )
    .action(async (product: string, path: string, options: OfferOptions) => {
      await withSigningClient(options, async (client) => {
        const source = { attach: options.attach, store: await openStore(options) };
        const offer = {
          passport: product,
          newOwner: options.to,
          expiresAt: options.expires,
          document: await readDocumentInput<"OWNERSHIP_TRANSFERRED">(path, source),
        };
        if (options.sign) return printJson(await client.signOffer(offer));
        const prepared = options.p256
          ? await client.submitOffer({ signed: await client.signOffer(offer) })
          : await client.offerOwnership(offer);
        await sendAndPrint(prepared, {
          ...options,
          describe: ({ newOwner, offerNonce }) => `Offer ${offerNonce} is made; ${newOwner} may accept it.`,
        });
      });
    });
}

function addAcceptCommand(transfer: Command): void {
  withTransfer(transfer.command("accept"))
    .description("Accepts the pending offer, in the name of the new owner.")
    .argument(...PRODUCT)
    .option("--expected-head <hash>", "head of the history that you have verified; the present one if left out")
    .option("--document <digest>", "digest of the terms that you have read; those offered now if left out")
    .addOption(
      momentOption("--deadline <time>", {
        description: "with --sign: last time at which it may be used",
        otherwise: "7d",
      }),
    )
    .addHelpText(
      "after",
      `
Verify the passport first; --expected-head makes sure that nothing was recorded since then.

Example:
  $ passport transfer accept https://id.weg.example/01/09521122000019/21/W22-2600037 --sign > acceptance.json`,
    )
    .action(async (product: string, options: AcceptOptions) => {
      await withSigningClient(options, async (client) => {
        const { expectedHead, document, deadline } = options;
        const accepted = { passport: product, expectedHead, document };
        if (options.sign) return printJson(await client.signAcceptance({ ...accepted, deadline }));
        const prepared = options.p256
          ? await client.submitAcceptance({ signed: await client.signAcceptance({ ...accepted, deadline }) })
          : await client.acceptOwnership(accepted);
        await sendAndPrint(prepared, {
          ...options,
          describe: ({ sequence, owner }) => `Entry ${sequence} is recorded: the product belongs to ${owner}.`,
        });
      });
    });
}

function addCancelCommand(transfer: Command): void {
  withTransfer(transfer.command("cancel"))
    .description("Withdraws the pending offer, in the name of the owner.")
    .argument(...PRODUCT)
    .addHelpText(
      "after",
      `
Example:
  $ passport transfer cancel https://id.weg.example/01/09521122000019/21/W22-2600037`,
    )
    .action(async (product: string, options: TransferOptions) => {
      await withSigningClient(options, async (client) => {
        if (options.sign) return printJson(await client.signCancellation({ passport: product }));
        const prepared = options.p256
          ? await client.submitCancellation({ signed: await client.signCancellation({ passport: product }) })
          : await client.cancelOffer({ passport: product });
        await sendAndPrint(prepared, {
          ...options,
          describe: ({ offerNonce }) => `Offer ${offerNonce} is withdrawn.`,
        });
      });
    });
}

function withTransfer(command: Command): Command {
  return withSending(withSigning(command)).option("--sign", "write the signed message for somebody else to submit");
}

import { stdout } from "node:process";
import type { Passport } from "@digital-product-passport/sdk";
import type { Command } from "commander";
import { type ReadingOptions, withReading, withReadingClient } from "../options/open-client.js";
import { formatFacts } from "../terminal/plain-table.js";
import { printJson } from "../terminal/print-json.js";
import { timeInWords } from "../terminal/time-in-words.js";

/**
 * Adds `passport show`.
 *
 * @param program - the `passport` command
 */
export function addShowCommand(program: Command): void {
  withReading(program.command("show"))
    .description("Shows a passport as one node tells it: owner, condition, length of its history.")
    .argument("<product>", "URL of the product, or address of its passport")
    .addHelpText(
      "after",
      `
Whether it is true, passport verify says.

Example:
  $ passport show https://id.weg.example/01/09521122000019/21/W22-2600037`,
    )
    .action(async (product: string, options: ReadingOptions) => {
      const passport = await withReadingClient(options, (client) => client.readPassport({ passport: product }));
      if (options.json) printJson(passport);
      else stdout.write(`${formatFacts(factsOf(passport))}\n`);
    });
}

function factsOf({ block, condition, lock, pendingOffer, ...passport }: Passport) {
  return {
    product: passport.productId,
    passport: passport.address,
    manager: passport.manager,
    owner: passport.owner,
    condition: condition.inWords.join(", "),
    entries: `${passport.entryCount}, the last one at ${timeInWords(passport.lastRecordedAt)}`,
    head: passport.head,
    "offered to": pendingOffer && `${pendingOffer.newOwner} until ${timeInWords(pendingOffer.expiresAt)}`,
    "locked for": lock && `${lock.holder} until ${timeInWords(lock.until)}`,
    "read at": `block ${block.number}, ${timeInWords(block.timestamp)}`,
  };
}

import { stdout } from "node:process";
import { type NamedRule, PassportError } from "@digital-product-passport/sdk";
import type { Command } from "commander";
import { type ReadingOptions, withReading, withReadingClient } from "../options/open-client.js";
import { plainTable } from "../terminal/plain-table.js";
import { printJson } from "../terminal/print-json.js";
import { timeInWords } from "../terminal/time-in-words.js";

/**
 * Adds `passport rules`.
 *
 * @param program - the `passport` command
 */
export function addRulesCommand(program: Command): void {
  withReading(program.command("rules"))
    .description("Lists who may record which event, when, and what it does to the product's condition.")
    .addHelpText(
      "after",
      `
Example:
  $ passport rules --network local`,
    )
    .action(async (options: ReadingOptions) => {
      const rules = await withReadingClient(options, async (client, { manager }) => {
        if (manager !== undefined) return await client.readRules({ manager });
        const problem = "with --registry, the manager whose rules are meant is needed";
        throw new PassportError("input.invalid", { field: "--manager", problem, value: undefined });
      });
      if (options.json) printJson(rules);
      else stdout.write(`${tableOf(rules)}\n`);
    });
}

function tableOf(rules: readonly NamedRule[]): string {
  return plainTable(
    rules.map(({ name, inWords, pausedUntil }) => [
      name,
      inWords.roles.join(" "),
      inWords.requires.join(" "),
      inWords.forbids.join(" "),
      [...inWords.sets.map((bit) => `+${bit}`), ...inWords.clears.map((bit) => `-${bit}`)].join(" "),
      pausedUntil === 0n ? "" : timeInWords(pausedUntil),
    ]),
    {
      head: ["event", "by", "if", "if not", "does", "paused until"],
      colWidths: [23, 24, 14, 18, 18, null],
      wordWrap: true,
    },
  );
}

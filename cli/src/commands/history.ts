import { stdout } from "node:process";
import {
  cidOf,
  conditionInWords,
  eventTypeName,
  type ManagerNames,
  type RecordedEntry,
  readManagerNames,
  rolesInWords,
} from "@digital-product-passport/sdk";
import type { Command } from "commander";
import { type ReadingOptions, withReading, withReadingClient } from "../options/open-client.js";
import { plainTable } from "../terminal/plain-table.js";
import { printJson } from "../terminal/print-json.js";
import { timeInWords } from "../terminal/time-in-words.js";

/**
 * Adds `passport history`.
 *
 * @param program - the `passport` command
 */
export function addHistoryCommand(program: Command): void {
  withReading(program.command("history"))
    .description("Lists everything that was recorded in a passport, as one node tells it.")
    .argument("<product>", "URL of the product, or address of its passport")
    .addHelpText(
      "after",
      `
That these are the true entries and all of them, passport verify says.

Example:
  $ passport history https://id.weg.example/01/09521122000019/21/W22-2600037 --json`,
    )
    .action(async (product: string, options: ReadingOptions) => {
      const { history, names } = await withReadingClient(options, async (client) => {
        const { manager } = await client.readPassport({ passport: product });
        return {
          history: await client.readHistory({ passport: product }),
          names: await readManagerNames(client.context, { manager }),
        };
      });
      const lines = history.entries.map((entry) => lineOf(entry, names));
      if (options.json) printJson({ passport: history.passport, entries: lines });
      else stdout.write(`${tableOf(lines)}\n`);
    });
}

/** An entry in words. */
interface HistoryLine {
  readonly sequence: bigint;
  readonly event: string;
  readonly attester: string;
  /** None: the manager itself, when it issued the passport, or whoever acts on his own property. */
  readonly roles: readonly string[];
  readonly recordedAt: string;
  readonly document: string;
  readonly owner: string;
  readonly condition: readonly string[];
  readonly transactionHash: string;
}

function lineOf(entry: RecordedEntry, names: ManagerNames): HistoryLine {
  return {
    sequence: entry.sequence,
    event: eventTypeName(entry.eventType),
    attester: entry.attester,
    roles: rolesInWords(entry.roles, names),
    recordedAt: timeInWords(entry.recordedAt),
    document: cidOf(entry.document),
    owner: entry.owner,
    condition: conditionInWords(entry.condition, names),
    transactionHash: entry.transactionHash,
  };
}

function tableOf(lines: readonly HistoryLine[]): string {
  return plainTable(
    lines.map(({ sequence, event, attester, roles, recordedAt, condition }) => [
      sequence,
      event,
      attester.replace(/^(0x\w{6})\w{28}/, "$1.."),
      roles.join(", "),
      recordedAt.replace(" UTC", ""),
      condition.join(", "),
    ]),
    { head: ["", "event", "by", "as", "UTC", "condition afterwards"], colAligns: ["right"] },
  );
}

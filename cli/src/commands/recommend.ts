import { stdout } from "node:process";
import type { MaintenanceRecommendation, VerifiedMaintenanceAdvice } from "@digital-product-passport/sdk";
import type { Command } from "commander";
import { type ReadingOptions, withReading, withReadingClient } from "../options/open-client.js";
import { colours } from "../terminal/colours.js";
import { formatFacts, paragraph, plainTable, TEXT_WIDTH } from "../terminal/plain-table.js";
import { printJson } from "../terminal/print-json.js";
import { timeInWords } from "../terminal/time-in-words.js";

interface Options extends ReadingOptions {
  readonly productLine?: string;
}

/**
 * Adds `passport recommend`.
 *
 * @param program - the `passport` command
 */
export function addRecommendCommand(program: Command): void {
  withReading(program.command("recommend"))
    .description("Says what maintenance a motor needs, when, and on which entries of its history that rests.")
    .argument("<product>", "URL of the product, or address of its passport")
    .option("--product-line <name>", "such as W22; that of the documents if left out")
    .addHelpText(
      "after",
      `
Example:
  $ passport recommend https://id.weg.example/01/09521122000019/21/W22-2600037`,
    )
    .action(async (product: string, { productLine, ...options }: Options) => {
      const advice = await withReadingClient(options, (client) =>
        client.readMaintenanceAdvice({ passport: product, productLine }),
      );
      if (options.json) printJson({ ...advice, report: undefined });
      else stdout.write(`${inWords(advice)}\n`);
    });
}

function inWords({
  caveats,
  hoursPerDay,
  productLine,
  recommendations,
  runningHours,
}: VerifiedMaintenanceAdvice): string {
  const facts = formatFacts({
    "product line": productLine,
    "running hours": runningHours === undefined ? "not recorded" : String(runningHours),
    "hours a day": hoursPerDay?.toFixed(1),
  });
  const table = plainTable(recommendations.map(rowOf), {
    head: ["when", "what", "why"],
    colWidths: [14, 26, TEXT_WIDTH - 40],
    wordWrap: true,
  });
  const reservations = caveats.length === 0 ? [] : [`Bear in mind:\n${paragraph(...caveats)}`];
  return [facts, table, ...reservations].join("\n\n");
}

function rowOf({ task, urgency, reason, dueAt, dueAtHours, sequences }: MaintenanceRecommendation): readonly string[] {
  const colour = { now: colours.red, soon: colours.yellow, later: colours.green, unknown: colours.dim }[urgency];
  const due = [
    dueAtHours === undefined ? "" : ` Due at ${dueAtHours} running hours`,
    dueAt === undefined ? "" : `, about ${timeInWords(dueAt).slice(0, 10)}`,
  ].join("");
  const evidence = sequences.length === 0 ? "" : ` Evidence: ${sequences.map(String).join(", ")}.`;
  return [colour(urgency), task, `${reason}${due === "" ? "" : `${due}.`}${evidence}`];
}

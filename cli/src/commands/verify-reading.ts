import { stdout } from "node:process";
import { worstStatus } from "@digital-product-passport/sdk";
import { type VerifiedReading, verifyReading } from "@digital-product-passport/sdk/readings";
import type { Command } from "commander";
import { readJson } from "../options/read-json.js";
import { exitCodeOfStatus, type ReadingsOptions, withReadings, withReadingsContext } from "../options/readings.js";
import { colours } from "../terminal/colours.js";
import { formatVerdicts } from "../terminal/format-verdicts.js";
import { paragraph } from "../terminal/plain-table.js";
import { printJson } from "../terminal/print-json.js";

interface Options extends ReadingsOptions {
  readonly offline?: true;
}

const HEADLINES = {
  valid: "VALID: the sensor has said this, and it counts for this product.",
  invalid: "INVALID: something is wrong. Do not rely on this reading.",
  unknown: "UNKNOWN: not everything could be checked. That proves nothing, neither good nor bad.",
} as const;

/**
 * Adds `passport verify-reading`.
 *
 * @param program - the `passport` command
 */
export function addVerifyReadingCommand(program: Command): void {
  withReadings(program.command("verify-reading"))
    .description("Verifies one reading of a sensor, from the file that proves it.")
    .argument("<file>", "what prove-reading has written; - for the standard input")
    .option("--offline", "ask nobody: what only the chain knows stays unknown")
    .addHelpText(
      "after",
      `
Offline, the file shows that the gateway has signed a batch in which the reading stands. That the batch is anchored, that
none is missing before it, and that the gateway measured this product then, shows the chain.

Exit code: 0 valid, 1 invalid, 2 wrong usage, 3 it could not be found out, as always offline.

Example:
  $ passport verify-reading reading.json
  $ passport verify-reading reading.json --offline --json`,
    )
    .action(async (file: string, options: Options) => {
      const proof = await readJson(file, { field: "reading proof" });
      const verified = options.offline
        ? await verifyReading(proof)
        : await withReadingsContext(options, (context) => verifyReading(proof, { context }));
      const status = worstStatus(Object.values(verified.verdicts).map((verdict) => verdict.status));
      if (options.json) printJson({ status, ...verified });
      else stdout.write(`${inWords(verified, status)}\n`);
      process.exitCode = exitCodeOfStatus(status);
    });
}

function inWords({ reading, batch, verdicts }: VerifiedReading, status: ReturnType<typeof worstStatus>): string {
  const { sensor, sequence, quantity, value, unit, time, product } = reading;
  const key = status === "notApplicable" ? "unknown" : status;
  const colour = { valid: colours.green, invalid: colours.red, unknown: colours.yellow };
  return [
    colour[key](HEADLINES[key]),
    paragraph(
      `${quantity} ${value} ${unit} at ${time}`,
      `reading ${sequence} of ${sensor}, batch ${batch.sequence} of the gateway ${batch.gateway}`,
      product,
    ),
    formatVerdicts(Object.entries(verdicts).map(([question, verdict]) => ({ question, ...verdict }))),
  ].join("\n\n");
}

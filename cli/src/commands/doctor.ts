import { stdout } from "node:process";
import type { Command } from "commander";
import { type Diagnosis, diagnose } from "../diagnosis/diagnose.js";
import { type WritingOptions, withWriting } from "../options/open-client.js";
import { colours } from "../terminal/colours.js";
import { plainTable, TEXT_WIDTH } from "../terminal/plain-table.js";
import { printJson } from "../terminal/print-json.js";
import { EXIT_CODES } from "../terminal/run-command.js";

/**
 * Adds `passport doctor`.
 *
 * @param program - the `passport` command
 */
export function addDoctorCommand(program: Command): void {
  withWriting(program.command("doctor"))
    .description("Says whether the endpoint, the deployment, your key and the document store are fit for use.")
    .addHelpText(
      "after",
      `
Nothing is sent; the store keeps one small document for a moment.

Exit code: 0 all is well, 1 something is wrong, 2 wrong usage, 3 something does not answer.

Example:
  $ passport doctor --network local`,
    )
    .action(async (options: WritingOptions) => {
      const diagnoses = await diagnose(options);
      if (options.json) printJson(diagnoses);
      else stdout.write(`${tableOf(diagnoses)}\n`);
      process.exitCode = exitCodeOf(diagnoses);
    });
}

function tableOf(diagnoses: readonly Diagnosis[]): string {
  const colourOf = { well: colours.green, wrong: colours.red, unknown: colours.yellow, skipped: colours.dim };
  return plainTable(
    diagnoses.map(({ subject, status, finding }) => [subject, colourOf[status](status), finding]),
    { colWidths: [16, 10, TEXT_WIDTH - 26], wordWrap: true },
  );
}

function exitCodeOf(diagnoses: readonly Diagnosis[]): number {
  if (diagnoses.some(({ status }) => status === "wrong")) return EXIT_CODES.invalid;
  return diagnoses.some(({ status }) => status === "unknown") ? EXIT_CODES.outage : EXIT_CODES.done;
}

import { stdout } from "node:process";
import { parseAddress } from "@digital-product-passport/sdk";
import { proveReading, type ReadingProof } from "@digital-product-passport/sdk/readings";
import type { Command } from "commander";
import { writeGivenFile } from "../options/given-file.js";
import { type ReadingsOptions, withReadings, withReadingsContext } from "../options/readings.js";
import { parseWholeNumber } from "../options/whole-number.js";
import { formatFacts } from "../terminal/plain-table.js";
import { printJson } from "../terminal/print-json.js";

interface Options extends ReadingsOptions {
  readonly gateway: string;
  readonly sensor: string;
  readonly sequence: bigint;
  readonly time?: string;
  readonly out: string;
}

/**
 * Adds `passport prove-reading`.
 *
 * @param program - the `passport` command
 */
export function addProveReadingCommand(program: Command): void {
  withReadings(program.command("prove-reading"))
    .description("Writes a file that proves one reading of a sensor, for verify-reading.")
    .requiredOption("--gateway <address>", "who has anchored it, as passport readings tells")
    .requiredOption("--sensor <id>", "which sensor")
    .requiredOption("--sequence <number>", "which of its readings", parseWholeNumber)
    .option("--time <time>", "its time, such as 2026-11-27T15:55:46Z: spares looking into the batches of other times")
    .requiredOption("--out <file>", "where to write it, such as reading.json")
    .addHelpText(
      "after",
      `
Example:
  $ passport prove-reading --gateway 0x... --sensor winding-1 --sequence 4711 --out reading.json
  $ passport verify-reading reading.json`,
    )
    .action(async ({ gateway, sensor, sequence, time, out, ...options }: Options) => {
      const proof = await withReadingsContext(options, (context) =>
        proveReading(context, {
          gateway: parseAddress(gateway, { field: "--gateway" }),
          sensor,
          sequence: Number(sequence),
          time,
        }),
      );
      await writeGivenFile(out, { field: "--out", content: `${JSON.stringify(proof, undefined, 2)}\n` });
      print(proof, { out, json: options.json });
    });
}

function print(
  { reading, batch }: ReadingProof,
  { json, out }: { readonly json: true | undefined; readonly out: string },
): void {
  const { product, quantity, value, unit, time } = reading;
  const facts = { file: out, product, [quantity]: `${value} ${unit}`, time, batch: batch.sequence };
  if (json) printJson({ file: out, reading, batch });
  else stdout.write(`${formatFacts(facts)}\n`);
}

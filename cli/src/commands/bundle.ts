import { stdout } from "node:process";
import { type CreatedBundle, createBundle } from "@digital-product-passport/sdk";
import type { Command } from "commander";
import { writeGivenFile } from "../options/given-file.js";
import { type ReadingOptions, withReading, withReadingClient } from "../options/open-client.js";
import { formatFacts } from "../terminal/plain-table.js";
import { printJson } from "../terminal/print-json.js";

interface Options extends ReadingOptions {
  readonly out: string;
  readonly blockHash?: string;
}

/**
 * Adds `passport bundle`.
 *
 * @param program - the `passport` command
 */
export function addBundleCommand(program: Command): void {
  withReading(program.command("bundle"))
    .description("Puts a passport with documents, entries and proofs into one file, which verifies without a network.")
    .argument("<product>", "URL of the product, or address of its passport")
    .requiredOption("--out <file>", "where to write it, such as motor.json")
    .option("--block-hash <hash>", "block under whose hash it is proven; the node's last one if left out")
    .addHelpText(
      "after",
      `
Whoever verifies it has to know that the block is of the chain: keep its hash from a source of your own.

Example:
  $ passport bundle https://id.weg.example/01/09521122000019/21/W22-2600037 --out motor.json
  $ passport verify motor.json --block-hash 0x...`,
    )
    .action(async (product: string, { blockHash, out, ...options }: Options) => {
      const created = await withReadingClient(options, (client) =>
        createBundle(client.context, { passport: product, blockHash }),
      );
      await writeGivenFile(out, { field: "--out", content: created.bytes });
      print(created, { out, json: options.json });
    });
}

function print(
  { blockHash, bytes, report }: CreatedBundle,
  { json, out }: { readonly json: true | undefined; readonly out: string },
): void {
  const { status } = report;
  const facts = { file: out, bytes: BigInt(bytes.length), "block hash": blockHash, "verifies as": status };
  if (json) printJson({ file: out, bytes: bytes.length, blockHash, status });
  else stdout.write(`${formatFacts(facts)}\n`);
}

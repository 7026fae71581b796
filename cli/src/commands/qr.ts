import { extname } from "node:path";
import { stdout } from "node:process";
import { PassportError } from "@digital-product-passport/sdk";
import { labelPng, labelSvg } from "@digital-product-passport/sdk/label";
import type { Command } from "commander";
import { writeGivenFile } from "../options/given-file.js";
import { printJson } from "../terminal/print-json.js";

interface Options {
  readonly out: string;
  readonly json?: true;
}

const DRAW = { ".svg": labelSvg, ".png": labelPng } as const;

/**
 * Adds `passport qr`.
 *
 * @param program - the `passport` command
 */
export function addQrCommand(program: Command): void {
  program
    .command("qr")
    .description("Draws the label of a product: its QR code, and below it what it says. Asks nobody.")
    .argument("<product>", "URL of the product")
    .requiredOption("--out <file>", "where to write it; .svg or .png")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      `
Example:
  $ passport qr https://id.weg.example/01/09521122000019/21/W22-2600037 --out label.svg`,
    )
    .action(async (product: string, { out, json }: Options) => {
      const extension = extname(out).toLowerCase();
      if (extension !== ".svg" && extension !== ".png") {
        throw new PassportError("input.invalid", {
          field: "--out",
          problem: "expected a name in .svg or .png",
          value: out,
        });
      }
      await writeGivenFile(out, { field: "--out", content: DRAW[extension](product) });
      if (json) printJson({ productId: product, file: out });
      else stdout.write(`The label of ${product} is in ${out}.\n`);
    });
}

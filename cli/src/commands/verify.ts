import { stdout } from "node:process";
import { basisInWords, type VerdictStatus, type VerificationReport, verifyBundle } from "@digital-product-passport/sdk";
import { type Command, Option } from "commander";
import { findPins } from "../options/connection.js";
import { type ReadingOptions, withReading, withReadingClient } from "../options/open-client.js";
import { findBundle, resolveProductArgument } from "../options/product.js";
import { colours } from "../terminal/colours.js";
import { type AnsweredQuestion, formatVerdicts } from "../terminal/format-verdicts.js";
import { paragraph } from "../terminal/plain-table.js";
import { printJson } from "../terminal/print-json.js";
import { EXIT_CODES } from "../terminal/run-command.js";

interface Options extends ReadingOptions {
  readonly product?: string;
  readonly level?: "sequenced" | "safe" | "finalized";
  readonly attachments?: true;
  readonly implementationCodeHash?: string;
  readonly witness?: readonly string[];
  readonly blockHash?: string;
}

const HEADLINES = {
  valid: "VALID: everything was checked, and all of it is as it must be.",
  invalid: "INVALID: something is wrong. Do not rely on this passport.",
  unknown: "UNKNOWN: not everything could be checked. That proves nothing, neither good nor bad.",
  notApplicable: "NOTHING TO VERIFY: there is no passport.",
} as const satisfies Record<VerdictStatus, string>;

/**
 * Adds `passport verify`.
 *
 * @param program - the `passport` command
 */
export function addVerifyCommand(program: Command): void {
  withReading(program.command("verify"))
    .description("Verifies a passport: is it genuine, complete and unchanged, and what should a buyer know?")
    .argument("<product>", "URL of the product, address of its passport, PNG picture of its label, or bundle")
    .option("--product <url>", "the product in front of you, if the passport is named by its address")
    .option("--attachments", "fetch and compare the files that documents list, too")
    .option("--implementation-code-hash <hash>", "hash of the code that passports must run, if you have it yourself")
    .option(
      "--witness <url>",
      "endpoint of a further node: only what most of all nodes say is believed; may be repeated",
      (url: string, urls: readonly string[] = []) => [...urls, url],
    )
    .addOption(
      new Option(
        "--block-hash <hash>",
        "hash of a block that you know from elsewhere: everything is proven under it, and no node is believed",
      ).conflicts(["witness", "level"]),
    )
    .addOption(
      new Option("--level <level>", "how settled the block must be that is read (default: sequenced)").choices([
        "sequenced",
        "safe",
        "finalized",
      ]),
    )
    .addHelpText(
      "after",
      `
A bundle is verified without a network, under the hash of its block that you know from elsewhere (--block-hash).

Exit code: 0 valid, 1 invalid, 2 wrong usage, 3 it could not be found out.

Examples:
  $ passport verify https://id.weg.example/01/09521122000019/21/W22-2600037 --attachments
  $ passport verify motor.json --block-hash 0x...`,
    )
    .action(async (product: string, options: Options) => {
      const bundle = await findBundle(product);
      const report = await (bundle === undefined ? verifyOnline(product, options) : verifyOffline(bundle, options));
      if (options.json) printJson(jsonOf(report));
      else stdout.write(`${inWords(report)}\n`);
      process.exitCode = exitCodeOf(report.status);
    });
}

async function verifyOnline(product: string, options: Options): Promise<VerificationReport> {
  const passport = await resolveProductArgument(product);
  return await withReadingClient({ ...options, witnesses: options.witness }, (client) =>
    client.verifyPassport({
      passport,
      productId: options.product,
      implementationCodeHash: options.implementationCodeHash,
      level: options.level,
      blockHash: options.blockHash,
      withAttachments: options.attachments ?? false,
    }),
  );
}

async function verifyOffline(bundle: Uint8Array, options: Options): Promise<VerificationReport> {
  const { blockHash, implementationCodeHash, product: productId } = options;
  return await verifyBundle(bundle, { ...(await findPins(options)), blockHash, implementationCodeHash, productId });
}

function exitCodeOf(status: VerdictStatus): number {
  if (status === "valid") return EXIT_CODES.done;
  return status === "unknown" ? EXIT_CODES.outage : EXIT_CODES.invalid;
}

/** Evidence is for programs that use the SDK; what was found out is for everybody. */
function jsonOf({ evidence, ...report }: VerificationReport): object {
  return { ...report, block: evidence?.block };
}

function inWords(report: VerificationReport): string {
  const { findings, passport, productId, status } = report;
  const colour = { valid: colours.green, invalid: colours.red, unknown: colours.yellow, notApplicable: colours.red };
  const answers = Object.entries(report.verdicts).map(([question, verdict]) => ({ question, ...verdict }));
  const parts = [
    colour[status](HEADLINES[status]),
    paragraph(...[productId, passport].filter((line) => line !== undefined)),
    describeFirst(answers, status),
    // Where nothing could be read, one reason stands for all.
    new Set(answers.map(({ reason }) => reason)).size === 1 ? "" : formatVerdicts(answers),
    report.evidence === undefined ? "" : paragraph(basisInWords(report.basis)),
    findings.length === 0 ? "" : `What else you should know:\n${paragraph(...findings.map(({ reason }) => reason))}`,
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** What a reader should look at first: the first answer that made the whole as bad as it is. */
function describeFirst(answers: readonly AnsweredQuestion[], status: VerdictStatus): string {
  const first = answers.find((answer) => answer.status === status);
  if (first === undefined || (status !== "invalid" && status !== "unknown")) return "";
  const what = status === "invalid" ? "What is wrong first" : "What is not known first";
  return paragraph(`${what}: ${first.question}. ${first.reason}`);
}

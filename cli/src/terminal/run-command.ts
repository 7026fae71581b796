import { argv, stderr } from "node:process";
import { isPassportError } from "@digital-product-passport/sdk";
import { type Command, CommanderError } from "commander";
import { colours } from "./colours.js";

/** What the exit code of a command says. */
export const EXIT_CODES = { done: 0, invalid: 1, usage: 2, outage: 3 } as const;

/** Of errors that what the user has typed, or named, is to blame for. */
const USAGE_CODES: readonly string[] = [
  "chain.wrong-chain",
  "document.not-canonicalisable",
  "document.not-json",
  "document.schema",
  "document.too-large",
  "event-type.unknown",
  "journal.in-use",
  "label.unreadable",
  "role.unknown",
  "signer.missing",
  "submission.sender-missing",
];

/** Of errors after which nobody knows more than before. */
const OUTAGE_CODES: readonly string[] = [
  "chain.unreachable",
  "chain.outcome-unknown",
  "chain.answer-invalid",
  "chain.block-too-old",
  "store.unreachable",
  "store.too-few",
  "store.incomplete",
  "proof.incomplete",
  "bundle.incomplete",
];

/**
 * Runs a command line. A failure is said on stderr, in words or with `--json` as one JSON object, and in the exit code:
 * 1 something is invalid or was refused, 2 the input or the configuration is wrong, 3 a node or a store does not answer.
 *
 * @param command - with an action, or with commands of its own; an action may have the option `--json`
 */
export async function runCommand(command: Command): Promise<void> {
  let running = command;
  command.hook("preAction", (_, action) => {
    running = action;
  });
  try {
    await command.exitOverride().parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has said it already.
      process.exitCode = error.exitCode === 0 ? EXIT_CODES.done : EXIT_CODES.usage;
      return;
    }
    process.exitCode = exitCodeOf(error);
    stderr.write(`${running.opts()["json"] === true ? describeAsJson(error) : describe(error)}\n`);
  }
}

/**
 * The exit code that says what kind of failure it was.
 *
 * @param error - anything that was caught
 * @returns one of `EXIT_CODES`
 */
export function exitCodeOf(error: unknown): number {
  if (!isPassportError(error)) return EXIT_CODES.invalid;
  if (OUTAGE_CODES.includes(error.code)) return EXIT_CODES.outage;
  const isUsage = /^(input|identifier)\./.test(error.code) || USAGE_CODES.includes(error.code);
  return isUsage ? EXIT_CODES.usage : EXIT_CODES.invalid;
}

function describe(error: unknown): string {
  if (isPassportError(error)) return `${colours.red("Error")} ${error.message} ${colours.dim(`(${error.code})`)}`;
  // A fault of the program itself: where it happened helps to repair it.
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function describeAsJson(error: unknown): string {
  if (isPassportError(error)) return JSON.stringify({ error: error.toJSON() });
  return JSON.stringify({ error: { message: error instanceof Error ? error.message : String(error) } });
}

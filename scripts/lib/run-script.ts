import { argv, stderr, stdout } from "node:process";
import { isPassportError } from "@digital-product-passport/sdk";
import { type Command, CommanderError } from "commander";
import pc from "picocolors";

/** What the exit code of a script says. */
export const EXIT_CODES = { done: 0, failed: 1, usage: 2, outage: 3 } as const;

/**
 * Runs a command line. A failure is said on stderr, in words or with `--json` as one JSON object, and in the exit code:
 * 1 something was refused, 2 the input or the configuration is wrong, 3 a node or a store does not answer.
 *
 * @param command - with an action, and optionally an option `--json`
 */
export async function runScript(command: Command): Promise<void> {
  try {
    await command.exitOverride().parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has said it already.
      process.exitCode = error.exitCode === 0 ? EXIT_CODES.done : EXIT_CODES.usage;
      return;
    }
    process.exitCode = exitCodeOf(error);
    stderr.write(`${command.opts()["json"] === true ? describeAsJson(error) : describe(error)}\n`);
  }
}

/**
 * Writes a result for programs.
 *
 * @param result - plain data; bigint becomes a decimal string
 */
export function printJson(result: unknown): void {
  stdout.write(`${JSON.stringify(result, (_, value) => (typeof value === "bigint" ? String(value) : value), 2)}\n`);
}

function exitCodeOf(error: unknown): number {
  if (!isPassportError(error)) return EXIT_CODES.failed;
  if (error.code.endsWith(".unreachable") || error.code === "chain.outcome-unknown") return EXIT_CODES.outage;
  const isUsage = /^(input|identifier)\./.test(error.code) || error.code === "chain.wrong-chain";
  return isUsage ? EXIT_CODES.usage : EXIT_CODES.failed;
}

function describe(error: unknown): string {
  if (isPassportError(error)) return `${pc.red("Error")} ${error.message} ${pc.dim(`(${error.code})`)}`;
  // A fault of the program itself: where it happened helps to repair it.
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function describeAsJson(error: unknown): string {
  if (isPassportError(error)) return JSON.stringify({ error: error.toJSON() });
  return JSON.stringify({ error: { message: error instanceof Error ? error.message : String(error) } });
}

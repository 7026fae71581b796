import { stderr, stdin } from "node:process";
import { PassportError } from "@digital-product-passport/sdk";
import type { Command } from "commander";
import { read } from "read";

/** Options of a command that asks before it signs. */
export interface ConfirmingOptions {
  readonly yes?: true;
}

/**
 * Adds the option of a command that asks before it signs.
 *
 * @param command - the command
 * @returns the same command
 */
export function withConfirming(command: Command): Command {
  return command.option("--yes", "do not ask before it is signed; for scripts");
}

/**
 * Asks whether something is to be signed.
 *
 * @param account - who would sign
 * @param options - of the command line
 * @throws PassportError `signer.refused` without a yes, `input.invalid` where nobody can be asked
 */
export async function confirm(account: string, { yes }: ConfirmingOptions): Promise<void> {
  if (yes) return;
  if (!stdin.isTTY) {
    const problem = "without a terminal to ask on, this option has to say that you mean it";
    throw new PassportError("input.invalid", { field: "--yes", problem, value: undefined });
  }
  const answer = await read({ prompt: `Sign it with ${account}? [y/N] `, output: stderr });
  if (/^y(es)?$/i.test(answer.trim())) return;
  throw new PassportError("signer.refused", { account, problem: "the answer was no; nothing was signed or sent" });
}

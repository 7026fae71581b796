import { env, stderr, stdin } from "node:process";
import { PassportError } from "@digital-product-passport/sdk";
import { read } from "read";

/**
 * Finds the password of a file that a user has named, or asks him for it.
 *
 * @param path - of the file
 * @param options - `variable`: of the environment, that may have it
 * @returns the password
 * @throws PassportError `input.invalid` if it is nowhere and nobody can be asked
 */
export async function findPassword(path: string, { variable }: { readonly variable: string }): Promise<string> {
  const password = env[variable];
  if (password !== undefined) return password;
  if (stdin.isTTY) return await read({ prompt: `Password of ${path}: `, silent: true, output: stderr });
  const problem = "without a terminal to ask for it, the password must be in this variable";
  throw new PassportError("input.invalid", { field: variable, problem, value: undefined });
}

import { readFile } from "node:fs/promises";
import { stdin } from "node:process";
import { text } from "node:stream/consumers";
import { PassportError, parseJson } from "@digital-product-passport/sdk";

/**
 * Reads strict JSON from a file.
 *
 * @param path - of the file; `-` for the standard input
 * @param options - `field`: what the file is, for errors
 * @returns the parsed value, not checked further
 * @throws PassportError `input.invalid`, `document.not-json`
 */
export async function readJson(path: string, { field }: { readonly field: string }): Promise<unknown> {
  const content = path === "-" ? await text(stdin) : await readFile(path, "utf8").catch(refuse);
  return parseJson(content);

  function refuse(cause: unknown): never {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new PassportError("input.invalid", { field, problem, value: path }, { cause });
  }
}

import { stdin } from "node:process";
import { text } from "node:stream/consumers";
import { parseJson } from "@digital-product-passport/sdk";
import { readGivenFile } from "./given-file.js";

/**
 * Reads strict JSON from a file.
 *
 * @param path - of the file; `-` for the standard input
 * @param options - `field`: what the file is, for errors
 * @returns the parsed value, not checked further
 * @throws PassportError `input.invalid`, `document.not-json`
 */
export async function readJson(path: string, { field }: { readonly field: string }): Promise<unknown> {
  return parseJson(path === "-" ? await text(stdin) : (await readGivenFile(path, { field })).toString("utf8"));
}

import { readFile } from "node:fs/promises";
import { PassportError } from "../errors/passport-error.js";
import { type AddressBook, parseAddressBook } from "./address-book.js";

/**
 * Reads the address book of a network from its file, if there is one.
 *
 * @param path - such as `deployments/local.json`
 * @returns the address book; undefined if there is no such file
 * @throws PassportError `input.invalid`
 *
 * @example
 * ```ts
 * const addressBook = await readAddressBook("deployments/arbitrumOne.json");
 * ```
 */
export async function readAddressBook(path: string): Promise<AddressBook | undefined> {
  try {
    return parseAddressBook(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new PassportError("input.invalid", { field: "address book", problem: cause.message, value: path }, { cause });
  }
}

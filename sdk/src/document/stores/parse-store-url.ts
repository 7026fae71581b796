import * as z from "zod";
import { PassportError } from "../../errors/passport-error.js";
import { parseInput } from "../../primitives/parse-input.js";

/**
 * Parses the URL of a store.
 *
 * @param text - http or https, without a login
 * @returns the URL
 * @throws PassportError `input.invalid`
 */
export function parseStoreUrl(text: string): URL {
  const url = new URL(parseInput(z.url({ protocol: /^https?$/ }), text, { field: "url" }));
  if (url.username === "" && url.password === "") return url;
  // The value is not shown: it has a password in it.
  throw new PassportError("input.invalid", {
    field: "url",
    problem: "it holds a login, which belongs into headers.authorization",
    value: url.host,
  });
}

import type * as z from "zod";
import { PassportError } from "../errors/passport-error.js";

/**
 * Takes a value across a border: what comes back can be believed. An error shows the value, so this is not for secrets.
 *
 * @param schema - what the value must be
 * @param value - what came from outside
 * @param options - `field`: how the caller calls the value; a nested field is named after it
 * @returns the value, typed
 * @throws PassportError `input.invalid`, naming the field
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  options: { readonly field: string },
): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new PassportError("input.invalid", {
    field: options.field,
    problem: describeIssues(result.error.issues),
    value,
  });
}

/**
 * Says what a schema found wrong.
 *
 * @param issues - the issues of a failed parse
 * @returns the first three of them, each with the path of its field, and how many more there are
 */
export function describeIssues(issues: readonly z.core.$ZodIssue[]): string {
  const described = issues.slice(0, 3).map(({ path, message }) => {
    const sentence = message.charAt(0).toLowerCase() + message.slice(1);
    return path.length === 0 ? sentence : `${path.join(".")}: ${sentence}`;
  });
  const more = issues.length - described.length;
  return described.join("; ") + (more > 0 ? `; and ${more} more` : "");
}

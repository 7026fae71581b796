import { stdout } from "node:process";

/**
 * Writes a result for programs.
 *
 * @param result - plain data; bigint becomes a decimal string, a Map an object
 */
export function printJson(result: unknown): void {
  stdout.write(`${JSON.stringify(result, asJson, 2)}\n`);
}

function asJson(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  return value instanceof Map ? Object.fromEntries(value) : value;
}

import { isPassportError } from "../errors/passport-error.js";
import type { Gathered } from "./verdict.js";

/**
 * Gathers one piece of evidence. What the SDK reports as an error is kept for the judges; anything else is a fault of
 * the program and goes on.
 *
 * @param task - fetches the evidence
 * @returns the evidence, or why it did not come
 */
export async function gather<Value>(task: () => Promise<Value>): Promise<Gathered<Value>> {
  try {
    return { status: "gathered", value: await task() };
  } catch (error) {
    if (!isPassportError(error)) throw error;
    return { status: "missing", code: error.code, problem: error.message };
  }
}

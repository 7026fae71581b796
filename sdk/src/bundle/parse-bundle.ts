import { canonicalise } from "../document/canonicalise.js";
import { parseJson } from "../document/parse-json.js";
import { isPassportError, PassportError } from "../errors/passport-error.js";
import { describeIssues } from "../primitives/parse-input.js";
import { type Bundle, bundleSchema, MAXIMUM_BUNDLE_BYTES } from "./bundle-format.js";

/**
 * Reads a bundle. There is one spelling of it only: canonical JSON (RFC 8785), every list in order.
 *
 * @param bytes - a file, from anywhere
 * @returns its content; nothing of it has been proven
 * @throws PassportError `bundle.invalid`
 */
export function parseBundle(bytes: Uint8Array): Bundle {
  if (bytes.length > MAXIMUM_BUNDLE_BYTES) throw invalid(`it is larger than ${MAXIMUM_BUNDLE_BYTES} bytes`);
  const value = readCanonical(bytes);
  const parsed = bundleSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalid(describeIssues(parsed.error.issues));
}

function readCanonical(bytes: Uint8Array): unknown {
  try {
    const value = parseJson(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
    if (isEqual(canonicalise(value), bytes)) return value;
  } catch (cause) {
    throw invalid(isPassportError(cause) ? cause.message : "it is not UTF-8", cause);
  }
  throw invalid("it is not in the canonical form of RFC 8785");
}

function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

function invalid(problem: string, cause?: unknown): PassportError {
  return new PassportError("bundle.invalid", { problem }, { cause });
}

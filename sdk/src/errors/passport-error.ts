import { type ErrorCode, type ErrorDetails, errorCatalogue } from "./error-catalogue.js";

const LONGEST_SHOWN = 240;

/**
 * The one error class of the SDK. Its message says what happened, to which value, and what to do.
 *
 * @example
 * ```ts
 * throw new PassportError("document.too-large", { maximumBytes: 262_144, actualBytes: bytes.length });
 * ```
 */
export class PassportError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = "PassportError";
  readonly code: Code;
  /** The values the message speaks of, in full length, and others that help to find the cause. */
  readonly details: ErrorDetails<Code>;

  /**
   * @param code - the kind of failure, from the catalogue
   * @param details - at least the values the message of that code names
   * @param options - `cause`: what was caught, if something was
   */
  constructor(code: Code, details: ErrorDetails<Code>, options: { readonly cause?: unknown } = {}) {
    super(explain(code, details), options);
    this.code = code;
    this.details = details;
  }

  /**
   * The error as plain JSON, for logs and answers.
   *
   * @returns name, code, message, details (bigint as decimal string) and the message of the cause
   */
  toJSON(): Readonly<Record<string, unknown>> {
    return {
      name: this.name,
      code: this.code,
      message: this.message,
      details: JSON.parse(toJson(this.details)),
      ...(this.cause === undefined ? {} : { cause: causeAsJson(this.cause) }),
    };
  }
}

/**
 * Tells whether a caught value is a `PassportError`, and of that code if one is given. Works across copies of the SDK.
 *
 * @param value - anything that was caught
 * @param code - the only code to accept
 * @returns whether it is
 */
export function isPassportError<Code extends ErrorCode = ErrorCode>(
  value: unknown,
  code?: Code,
): value is PassportError<Code> {
  return (
    value instanceof Error &&
    value.name === "PassportError" &&
    "code" in value &&
    (code === undefined ? typeof value.code === "string" : value.code === code)
  );
}

function explain<Code extends ErrorCode>(code: Code, details: ErrorDetails<Code>): string {
  const { message, advice } = errorCatalogue[code];
  const filled = message.replace(/\{(\w+)\}/g, (_, name: string) => show(details[name]));
  return `${filled.replace(/\.$/, "")}. ${advice}`;
}

/** On one line, without invisible characters, and never a screenful. */
function show(value: unknown): string {
  const text = typeof value === "string" || typeof value === "bigint" ? String(value) : toJson(value);
  const shown = text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN)}... (${text.length} characters)`;
  return shown.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** JSON of anything, for people: what JSON cannot say is said in words. */
function toJson(value: unknown): string {
  const seen = new Set<unknown>();
  const replacer = (_: string, item: unknown): unknown => {
    if (typeof item === "bigint" || (typeof item === "number" && !Number.isFinite(item))) return String(item);
    if (typeof item === "function" || typeof item === "symbol") return `a ${typeof item}`;
    if (typeof item !== "object" || item === null) return item;
    if (item instanceof Uint8Array) return `${item.length} bytes`;
    if (seen.has(item)) return "(shown above)";
    seen.add(item);
    return item;
  };
  return JSON.stringify(value, replacer) ?? "undefined";
}

function causeAsJson(cause: unknown): unknown {
  if (isPassportError(cause)) return cause.toJSON();
  return cause instanceof Error ? { name: cause.name, message: cause.message } : show(cause);
}

import { PassportError } from "../../errors/passport-error.js";

/**
 * The error for a request over HTTP that came to nothing.
 *
 * @param cause - what was caught
 * @param options - `store`: its host; `timeoutMs`: how long was waited, in milliseconds
 * @returns PassportError `store.unreachable`
 */
export function unreachableStore(
  cause: unknown,
  options: { readonly store: string; readonly timeoutMs: number },
): PassportError<"store.unreachable"> {
  const { store, timeoutMs } = options;
  const isTimeout = cause instanceof Error && cause.name === "TimeoutError";
  const problem = isTimeout ? `no answer within ${timeoutMs} ms` : describeError(cause);
  return new PassportError("store.unreachable", { store, problem }, { cause });
}

/** "fetch failed" says nothing; its cause does, though that of several addresses has but a code. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause, message } = error;
  if (!(cause instanceof Error)) return message;
  return `${message}: ${cause.message || ("code" in cause ? cause.code : cause.name)}`;
}

import { isPassportError } from "../errors/passport-error.js";

/**
 * What a failed sending means for the transaction. The journal and the chain decide what is done next; this only says
 * where to look first.
 *
 * - `not-sent`: the node did not take it.
 * - `ambiguous`: it may have been sequenced although nobody told us.
 * - `already-done`: its nonce is used, by itself or by another one.
 * - `gap`: an earlier nonce is missing.
 * - `outdated`: with these fees or this gas it will never be taken; the same call has to be signed again.
 */
export type SendFailure = "not-sent" | "ambiguous" | "already-done" | "gap" | "outdated";

const OUTDATED =
  /max fee per gas less than block base fee|fee cap.*(less|too low)|intrinsic gas too low|underpriced|maxFeePerGas.*too low/i;
const TOO_MANY_REQUESTS = /too many requests|rate limit|429|slow down/i;

/**
 * Says what a failed sending means.
 *
 * @param error - what `chainErrorOf` made of it
 * @returns the class; what nobody knows is ambiguous
 */
export function classifySendError(error: unknown): SendFailure {
  if (!isPassportError(error)) return "ambiguous";
  const problem = String(error.details["problem"] ?? error.message);
  switch (error.code) {
    case "chain.nonce-taken":
      return "already-done";
    case "chain.nonce-gap":
      return "gap";
    case "chain.insufficient-funds":
      return "not-sent";
    case "chain.unreachable":
      return TOO_MANY_REQUESTS.test(problem) ? "not-sent" : "ambiguous";
    case "chain.request-refused":
      return OUTDATED.test(problem) ? "outdated" : "not-sent";
    default:
      return "ambiguous";
  }
}

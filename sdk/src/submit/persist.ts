import pRetry from "p-retry";
import { isPassportError } from "../errors/passport-error.js";

/** How outages are waited out. */
export interface Patience {
  /** How long one thing may fail before it is given up, in milliseconds. */
  readonly milliseconds: number;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** Told of each failure that is waited out. */
  readonly onProblem: (error: unknown) => void;
}

const SHORTEST_WAIT_MILLISECONDS = 50;
const LONGEST_WAIT_MILLISECONDS = 5_000;

/**
 * Does something until it succeeds, longer and longer apart, as long as what fails is the network, a node or a store.
 *
 * @param task - may be done any number of times
 * @param patience - for how long
 * @returns what the task returns
 * @throws what the task throws: a refusal at once, an outage when the patience has ended
 */
export async function persist<Result>(task: () => Promise<Result>, patience: Patience): Promise<Result> {
  const { milliseconds, signal, onProblem } = patience;
  return await pRetry(task, {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: SHORTEST_WAIT_MILLISECONDS,
    maxTimeout: LONGEST_WAIT_MILLISECONDS,
    maxRetryTime: milliseconds,
    randomize: true,
    signal,
    shouldRetry: ({ error }) => isOutage(error),
    onFailedAttempt: ({ error }) => {
      if (isOutage(error)) onProblem(error);
    },
  });
}

/**
 * Whether a failure passes by itself, or when somebody repairs or pays something: all that is the fault of neither the
 * item nor the caller.
 *
 * @param error - what was caught
 * @returns whether trying again makes sense
 */
export function isOutage(error: unknown): boolean {
  if (!isPassportError(error)) return false;
  return (
    (error.code.startsWith("chain.") && error.code !== "chain.wrong-chain" && error.code !== "chain.no-contract") ||
    error.code.startsWith("store.")
  );
}

import { isError } from "ethers";
import { isPassportError, PassportError } from "../errors/passport-error.js";
import { decodeRevert } from "./decode-revert.js";
import type { ManagerNames } from "./manager-names.js";

/** What is known about a request that failed. */
export interface FailedRequest {
  /** The endpoint, as errors may name it. */
  readonly endpoint: string;
  /** The account that sends, if one does. */
  readonly account?: string | undefined;
  /** The names of the manager's bits, if they are known. */
  readonly names?: ManagerNames | undefined;
}

/** What a node answered instead of a result (JSON-RPC 2.0). */
interface NodeAnswer {
  readonly code: number;
  readonly message: string;
}

/** Answers of a node that is overloaded or broken; the request itself may be good. */
const OUTAGE_CODES: readonly number[] = [-32005, -32603, 429];
const OUTAGE_MESSAGE =
  /rate limit|too many requests|capacity|timed? ?out|deadline exceeded|header not found|missing trie node/i;

/** Errors of the network beneath: Node's (`ECONNREFUSED`, ...), and what browsers call a failed fetch. */
const SYSTEM_ERROR_CODE = /^(E[A-Z]+|ERR_TLS\w*|ERR_SSL\w*|CERT_\w+|UND_ERR\w*|DEPTH_ZERO\w*|SELF_SIGNED\w*)$/;
const BROWSER_FETCH_FAILED = /fetch|network|load failed/i;

/**
 * Says in the SDK's own errors why the chain did not do what it was asked.
 *
 * @param error - what was caught
 * @param request - what is known about the request
 * @returns the `PassportError`; the error itself if it has nothing to do with the chain
 */
export function chainErrorOf(error: unknown, request: FailedRequest): unknown {
  if (isPassportError(error)) return error;
  const refusal = decodeRevert(error, { names: request.names });
  if (refusal !== undefined) return refusal;
  const answer = findNodeAnswer(error);
  return (
    (answer === undefined ? undefined : errorOfAnswer(answer, error, request)) ??
    errorOfLibrary(error, request) ??
    (answer === undefined
      ? errorOfNetwork(error, request)
      : new PassportError(
          "chain.request-refused",
          { endpoint: request.endpoint, problem: answer.message },
          { cause: error },
        ))
  );
}

/** The innermost answer is the node's own; what stands around it was made of it on the way. */
function findNodeAnswer(value: unknown): NodeAnswer | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  for (const key of ["info", "error", "cause", "data", "originalError"] as const) {
    const found = key in value ? findNodeAnswer(Reflect.get(value, key)) : undefined;
    if (found !== undefined) return found;
  }
  const isAnswer = "code" in value && typeof value.code === "number" && "message" in value;
  return isAnswer ? { code: Number(value.code), message: String(value.message) } : undefined;
}

function errorOfAnswer(answer: NodeAnswer, cause: unknown, request: FailedRequest): PassportError | undefined {
  const { code, message } = answer;
  const { endpoint, account = "the account" } = request;
  const problem = message;
  if (code === 4001 || /user (rejected|denied)/i.test(message)) {
    return new PassportError("signer.refused", { account, problem }, { cause });
  }
  if (/insufficient funds|enough funds/i.test(message)) return insufficientFunds(account, message, cause);
  if (/nonce.*too low|already known|known transaction|replacement transaction underpriced/i.test(message)) {
    return new PassportError("chain.nonce-taken", { account, problem }, { cause });
  }
  if (/nonce.*too high|nonce gap/i.test(message)) {
    return new PassportError("chain.nonce-gap", { account, problem }, { cause });
  }
  if (/revert|invalid opcode|out of gas/i.test(message)) {
    return new PassportError("contract.reverted", { problem }, { cause });
  }
  if (OUTAGE_CODES.includes(code) || OUTAGE_MESSAGE.test(message)) {
    return new PassportError("chain.unreachable", { endpoint, problem }, { cause });
  }
  return undefined;
}

/** What ethers finds out by itself. */
function errorOfLibrary(error: unknown, request: FailedRequest): PassportError | undefined {
  const { endpoint, account = "the account" } = request;
  const unreachable = (problem: string) =>
    new PassportError("chain.unreachable", { endpoint, problem }, { cause: error });
  if (isError(error, "ACTION_REJECTED")) {
    return new PassportError("signer.refused", { account, problem: error.shortMessage }, { cause: error });
  }
  if (isError(error, "TIMEOUT")) return unreachable("no answer in time");
  if (isError(error, "SERVER_ERROR")) return unreachable(error.shortMessage);
  if (isError(error, "NETWORK_ERROR")) return unreachable(error.shortMessage);
  if (isError(error, "UNSUPPORTED_OPERATION") && error.operation === "bodyJson") return unreachable("it is no JSON");
  if (isError(error, "BAD_DATA")) {
    // A contract's answer carries the function that was called; anything else came from the node.
    const signature: unknown = error.info?.["signature"];
    if (typeof signature !== "string") return unreachable(error.shortMessage);
    return new PassportError("chain.no-contract", { signature }, { cause: error });
  }
  return undefined;
}

function errorOfNetwork(error: unknown, { endpoint }: FailedRequest): unknown {
  if (!(error instanceof Error)) return error;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const isOutage =
    SYSTEM_ERROR_CODE.test(code) || (error instanceof TypeError && BROWSER_FETCH_FAILED.test(error.message));
  if (!isOutage) return error;
  // Node joins the attempts at several addresses of a host into an error without a message.
  const problem = error.message === "" ? code : error.message;
  return new PassportError("chain.unreachable", { endpoint, problem }, { cause: error });
}

/** Nodes word it differently; the amounts help whoever has to send the money. */
function insufficientFunds(account: string, message: string, cause: unknown): PassportError {
  const amounts =
    /have (?<balance>\d+) want (?<required>\d+)/.exec(message) ??
    /cost is: (?<required>\d+) .*balance is: (?<balance>\d+)/.exec(message);
  return new PassportError(
    "chain.insufficient-funds",
    {
      account,
      balanceWei: amounts?.groups?.["balance"] ?? "too few",
      requiredWei: amounts?.groups?.["required"] ?? "more",
    },
    { cause },
  );
}

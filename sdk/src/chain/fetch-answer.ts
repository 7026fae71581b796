import { type FetchCancelSignal, type FetchRequest, makeError } from "ethers";
import { isPassportError, PassportError } from "../errors/passport-error.js";

/** What ethers wants to know of an answer over HTTP. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array | null;
}

/** Far more than an honest node ever answers, and too little to fill a memory. */
export const MAXIMUM_ANSWER_BYTES = 33_554_432;

/**
 * Makes one request over HTTP for ethers, whose own way has no limits: an answer that is too large is broken off, and
 * the time that a request may take counts to its last byte, so that nobody can hold a client by sending slowly.
 *
 * @param request - of ethers
 * @param signal - of ethers, to break the request off
 * @returns the answer
 * @throws PassportError `chain.unreachable`, also for an answer that is too large; ethers' TIMEOUT and CANCELLED
 */
export async function fetchAnswer(request: FetchRequest, signal?: FetchCancelSignal): Promise<HttpAnswer> {
  const abort = new AbortController();
  let isTimeout = false;
  const timer = setTimeout(() => {
    isTimeout = true;
    abort.abort();
  }, request.timeout);
  signal?.addListener(() => abort.abort());
  try {
    const { method, headers, body } = request;
    // Safety: a request's body is not shared memory.
    const sent = body === null ? null : (body as Uint8Array<ArrayBuffer>);
    const response = await fetch(request.url, {
      method,
      headers,
      body: sent,
      redirect: "manual",
      signal: abort.signal,
    });
    return {
      statusCode: response.status,
      statusMessage: response.statusText,
      headers: Object.fromEntries(response.headers),
      body: await readLimited(response, request),
    };
  } catch (error) {
    if (isTimeout)
      throw makeError("request timeout", "TIMEOUT", { operation: "request.send", reason: "timeout", request });
    if (abort.signal.aborted && signal?.cancelled === true) throw makeError("request cancelled", "CANCELLED");
    throw isPassportError(error) ? error : unreachable(request, causeOf(error));
  } finally {
    clearTimeout(timer);
    // Whatever is still on its way is not wanted any more.
    abort.abort();
  }
}

async function readLimited(response: Response, request: FetchRequest): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MAXIMUM_ANSWER_BYTES) {
      throw unreachable(request, new Error(`its answer is longer than ${MAXIMUM_ANSWER_BYTES} bytes`));
    }
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function unreachable({ url }: FetchRequest, cause: Error): PassportError {
  // Node joins the attempts at several addresses of a host into an error without a message.
  const problem = cause.message === "" && "code" in cause ? String(cause.code) : cause.message;
  return new PassportError("chain.unreachable", { endpoint: new URL(url).origin, problem }, { cause });
}

/** Node says only "fetch failed", and why in the cause. */
function causeOf(error: unknown): Error {
  const cause = error instanceof TypeError ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause : new Error(String(cause));
}

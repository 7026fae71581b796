import type { DocumentStore } from "../document/stores/document-store.js";
import { isPassportError, PassportError } from "../errors/passport-error.js";
import type { Digest } from "../primitives/hex.js";
import { gather } from "./gather.js";
import type { Gathered } from "./verdict.js";

const REQUESTS_AT_ONCE = 8;

/**
 * Fetches documents, a few at a time. What comes is not believed: the judges compare it with the digests.
 *
 * @param store - any store
 * @param digests - of the documents; each is fetched once
 * @returns by digest, the bytes that came, or why none came
 */
export async function gatherDocuments(
  store: Pick<DocumentStore, "get">,
  digests: readonly Digest[],
): Promise<ReadonlyMap<Digest, Gathered<Uint8Array>>> {
  const documents = new Map<Digest, Gathered<Uint8Array>>();
  const pending = [...new Set(digests)].values();
  const fetchNext = async (): Promise<void> => {
    for (const digest of pending) documents.set(digest, await gather(() => withStoreErrors(() => store.get(digest))));
  };
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, fetchNext));
  return documents;
}

/**
 * Asks a store. One that somebody else wrote may throw anything; that says nothing about the content.
 *
 * @param task - asks it
 * @returns what the task returns
 * @throws PassportError `document.*`, `store.*`
 */
export async function withStoreErrors<Result>(task: () => Promise<Result>): Promise<Result> {
  try {
    return await task();
  } catch (error) {
    if (isPassportError(error)) throw error;
    const problem = error instanceof Error ? error.message : String(error);
    throw new PassportError("store.unreachable", { store: "that was passed", problem }, { cause: error });
  }
}

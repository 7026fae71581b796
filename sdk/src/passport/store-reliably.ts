import { isPassportError, PassportError } from "../errors/passport-error.js";
import type { WritingContext } from "./context.js";
import { type ReadyDocument, storeDocument } from "./document-source.js";

/**
 * Stores a document whose bytes are known to be right: a store that does not give them back is out of order, and what is
 * to be recorded is not to blame.
 *
 * @param context - `store`
 * @param document - with its bytes; one that comes as a digest only is taken to be stored
 * @throws PassportError `store.unreachable`, `input.invalid`
 */
export async function storeReliably(context: Pick<WritingContext, "store">, document: ReadyDocument): Promise<void> {
  try {
    await storeDocument(context, document);
  } catch (cause) {
    if (!isPassportError(cause, "document.digest-mismatch") && !isPassportError(cause, "document.not-found"))
      throw cause;
    const problem = `it does not give back what it was given: ${cause.message}`;
    throw new PassportError("store.unreachable", { store: "of documents", problem }, { cause });
  }
}

import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import type { WritingContext } from "./context.js";
import { type ReadyDocument, storeDocument } from "./document-source.js";

/** A transaction that somebody else has signed the message of, and the documents that came along. */
export interface AcceptableTransaction<Result> {
  readonly prepared: PreparedTransaction<Result>;
  /** Those without bytes are taken to be stored. */
  readonly documents: readonly (ReadyDocument | undefined)[];
}

/**
 * Stores the documents of a transaction once the contract would accept it: what strangers hand in fills no store before
 * its signature has been checked, and no entry is ever recorded whose document is nowhere. Without a document to store,
 * nothing is asked.
 *
 * @param context - `store`
 * @param transaction - the transaction and its documents
 * @returns the prepared transaction
 * @throws PassportError `contract.*`, `chain.*`, `input.invalid` without a store, `store.unreachable`, `document.*`
 */
export async function storeOnceAccepted<Result>(
  context: Pick<WritingContext, "store">,
  { documents, prepared }: AcceptableTransaction<Result>,
): Promise<PreparedTransaction<Result>> {
  const toStore = documents.flatMap((document) => (document?.bytes === undefined ? [] : [document]));
  if (toStore.length > 0) await prepared.estimate();
  await Promise.all(toStore.map((document) => storeDocument(context, document)));
  return prepared;
}

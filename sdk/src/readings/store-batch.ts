import { digestOf } from "../document/digest-of.js";
import { parseJson } from "../document/parse-json.js";
import { PassportError } from "../errors/passport-error.js";
import type { WritingContext } from "../passport/context.js";
import { documentOfContent } from "../passport/document-source.js";
import { storeReliably } from "../passport/store-reliably.js";
import { parseInput } from "../primitives/parse-input.js";
import { batchDocumentSchema } from "./batch-document.js";
import type { SignedBatch } from "./signed-batch.js";

/**
 * Puts what came with a signed batch into the store: the document, and the file of the readings that it lists. What did
 * not come is taken to be stored.
 *
 * @param context - `store`
 * @param signed - the signed batch
 * @throws PassportError `document.*` if what came is not what was signed; `store.unreachable`, `input.invalid`
 */
export async function storeBatch(context: Pick<WritingContext, "store">, signed: SignedBatch): Promise<void> {
  const { content, readings, message } = signed;
  const document = documentOfContent(content, { digest: message.document });
  if (readings !== undefined) await storeFile(context, { content, readings });
  await storeReliably(context, document);
}

/** The file first: a document in a store says that its files are there. */
async function storeFile(
  { store }: Pick<WritingContext, "store">,
  { content, readings }: { readonly content: string | undefined; readonly readings: string },
): Promise<void> {
  if (content === undefined) throw refused("the readings came without their document");
  const { sha256: expected } = parseInput(batchDocumentSchema, parseJson(content), { field: "content" }).readings;
  const bytes = new TextEncoder().encode(readings);
  const actual = digestOf(bytes);
  if (actual !== expected) throw new PassportError("document.digest-mismatch", { actual, expected });
  if (store?.putFile === undefined) throw refused("to keep readings, a store with files is needed");
  const kept = await store.putFile(new Blob([bytes]));
  if (kept.sha256 === expected) return;
  const problem = `it kept ${kept.sha256} instead of ${expected}`;
  throw new PassportError("store.unreachable", { store: "of documents", problem });
}

function refused(problem: string): PassportError {
  return new PassportError("input.invalid", { field: "store", problem, value: undefined });
}

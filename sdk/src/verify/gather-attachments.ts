import { readAttachment } from "../document/read-attachment.js";
import type { Attachment } from "../document/schemas/envelope.js";
import type { DocumentStore, FullDocumentStore } from "../document/stores/document-store.js";
import { PassportError } from "../errors/passport-error.js";
import type { FetchedAttachment } from "./evidence.js";
import { gather } from "./gather.js";
import { withStoreErrors } from "./gather-documents.js";
import type { OpenedDocument } from "./open-documents.js";

/**
 * Fetches the files that documents list, one after another, and compares them while they stream.
 *
 * @param store - any store
 * @param documents - opened documents
 * @returns for each file, whether all of it came and its digest is the listed one
 */
export async function gatherAttachments(
  store: Pick<DocumentStore, "getFile">,
  documents: readonly OpenedDocument[],
): Promise<readonly FetchedAttachment[]> {
  const fetched: FetchedAttachment[] = [];
  for (const opened of documents) {
    if (opened.status !== "valid") continue;
    for (const attachment of opened.document.attachments ?? []) {
      const size = await gather(() => withStoreErrors(() => readThrough(store, attachment)));
      fetched.push({ sequence: opened.entry.sequence, attachment, size });
    }
  }
  return fetched;
}

async function readThrough(store: Pick<DocumentStore, "getFile">, attachment: Attachment): Promise<bigint> {
  if (!hasFiles(store)) {
    throw new PassportError("store.unreachable", { store: "that was passed", problem: "it has no files" });
  }
  let size = 0;
  for await (const chunk of readAttachment(store, attachment)) size += chunk.length;
  return BigInt(size);
}

function hasFiles(store: Pick<DocumentStore, "getFile">): store is Pick<FullDocumentStore, "getFile"> {
  return store.getFile !== undefined;
}

import { parseCloneCode } from "../signing/passport-clone.js";
import type { FetchedAttachment, VerificationEvidence } from "./evidence.js";
import { entriesInWords } from "./in-words.js";
import { type OpenedDocument, statusOfMissing } from "./open-documents.js";
import { type Verdict, verdictOf, verdictOnMissing } from "./verdict.js";

/** The documents, and the files that they list, one by one. */
export interface DocumentsDetails {
  readonly documents: readonly OpenedDocument[];
  /** Undefined: nobody asked for them. */
  readonly attachments: readonly FetchedAttachment[] | undefined;
}

/**
 * Judges whether the documents are what was recorded: the right bytes, readable in one way only, complete, and about
 * the same product, event and attester as their entries. A document or file that nobody serves is unknown; one that a
 * store serves with other bytes is invalid, and another store may have the right one.
 *
 * @param evidence - the passport's code and entries, and the files that the documents list
 * @param documents - one per entry; undefined if none were looked at
 * @returns the verdict, with that on each document
 */
export function judgeDocuments(
  evidence: Pick<VerificationEvidence, "code" | "entries" | "attachments">,
  documents: readonly OpenedDocument[] | undefined,
): Verdict<DocumentsDetails> {
  const { attachments } = evidence;
  if (parseCloneCode(evidence.code) === undefined) return verdictOf("passport.none", {});
  if (evidence.entries.status === "missing") return verdictOnMissing(evidence.entries);
  if (documents === undefined) return verdictOf("documents.no-store", {});
  const flaw =
    findDocument("invalid", documents) ??
    findAttachment("invalid", attachments) ??
    findDocument("unknown", documents) ??
    findAttachment("unknown", attachments);
  return { ...(flaw ?? allValid(documents, attachments)), details: { documents, attachments } };
}

function findDocument(status: "invalid" | "unknown", documents: readonly OpenedDocument[]): Verdict | undefined {
  const flawed = documents.filter((opened) => opened.status === status);
  const [first] = flawed;
  if (first === undefined || first.status === "valid") return undefined;
  const entries = entriesInWords(flawed.map(({ entry }) => entry.sequence));
  return verdictOf(`documents.${status}`, { entries, problem: first.problem });
}

function findAttachment(
  status: "invalid" | "unknown",
  attachments: DocumentsDetails["attachments"] = [],
): Verdict | undefined {
  for (const { sequence, attachment, size } of attachments) {
    if (size.status === "gathered" || statusOfMissing(size) !== status) continue;
    const { name } = attachment;
    const { problem } = size;
    return verdictOf(`documents.attachment-${status}`, { name, entries: entriesInWords([sequence]), problem });
  }
  return undefined;
}

function allValid(documents: readonly OpenedDocument[], attachments: DocumentsDetails["attachments"]): Verdict {
  const listed = documents.flatMap((opened) => (opened.status === "valid" ? (opened.document.attachments ?? []) : []));
  const entryCount = BigInt(documents.length);
  return verdictOf("documents.valid", { entryCount, attachments: sayOf(listed.length, attachments !== undefined) });
}

function sayOf(listed: number, wereFetched: boolean): string {
  if (listed === 0) return "They list no further files.";
  const files = listed === 1 ? "The file that they list" : `The ${listed} files that they list`;
  return `${files} ${listed === 1 ? "is" : "are"} ${wereFetched ? "unchanged, too" : "not looked at"}.`;
}

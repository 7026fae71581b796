import { parseCloneCode } from "../signing/passport-clone.js";
import type { PassportEvidence } from "./evidence.js";
import { entriesInWords } from "./in-words.js";
import type { OpenedDocument } from "./open-documents.js";
import { type Verdict, verdictOf, verdictOnMissing } from "./verdict.js";

/** The documents, one by one. */
export interface DocumentsDetails {
  readonly documents: readonly OpenedDocument[];
}

/**
 * Judges whether the documents are what was recorded: the right bytes, readable in one way only, complete, and about
 * the same product, event and attester as their entries. A document that nobody serves is unknown; one that a store
 * serves with other bytes is invalid, and another store may have the right one.
 *
 * @param evidence - the passport's code and entries
 * @param documents - one per entry; undefined if none were looked at
 * @returns the verdict, with that on each document
 */
export function judgeDocuments(
  evidence: Pick<PassportEvidence, "code" | "entries">,
  documents: readonly OpenedDocument[] | undefined,
): Verdict<DocumentsDetails> {
  if (parseCloneCode(evidence.code) === undefined) return verdictOf("passport.none", {});
  if (evidence.entries.status === "missing") return verdictOnMissing(evidence.entries);
  if (documents === undefined) return verdictOf("documents.no-store", {});
  const details = { documents };
  for (const status of ["invalid", "unknown"] as const) {
    const [first, ...others] = documents.filter((opened) => opened.status === status);
    if (first === undefined || first.status === "valid") continue;
    const entries = entriesInWords([first, ...others].map(({ entry }) => entry.sequence));
    return verdictOf(`documents.${status}`, { entries, problem: first.problem }, details);
  }
  return verdictOf("documents.valid", { entryCount: BigInt(documents.length) }, details);
}

import { type DocumentVerdict, readDocument } from "../document/read-document.js";
import type { DocumentSchemas, Envelope } from "../document/schemas/envelope.js";
import type { ErrorCode } from "../errors/error-catalogue.js";
import { PassportError } from "../errors/passport-error.js";
import { parseCloneCode } from "../signing/passport-clone.js";
import type { EvidencedEntry, PassportEvidence } from "./evidence.js";
import { checkGatewaySignature } from "./gateway-signature.js";
import type { MissingEvidence } from "./verdict.js";

/** The document of an entry, or why it cannot be relied on. */
export type OpenedDocument =
  | { readonly status: "valid"; readonly entry: EvidencedEntry; readonly document: Envelope }
  | {
      readonly status: "invalid" | "unknown";
      readonly entry: EvidencedEntry;
      readonly code: ErrorCode;
      readonly problem: string;
    };

/** Errors of a store that say that it returned something else than it was asked for. */
const STORE_LIED: ReadonlySet<ErrorCode> = new Set(["document.digest-mismatch", "document.too-large"]);

const NOT_FETCHED = { code: "document.not-found", problem: "Nobody fetched it." } as const;

/**
 * Judges that content did not come: a store that is away or lost it says nothing about it, one that served other bytes
 * did.
 *
 * @param missing - what the store said
 * @returns `invalid` for other bytes, else `unknown`
 */
export function statusOfMissing({ code }: MissingEvidence): "invalid" | "unknown" {
  return STORE_LIED.has(code) ? "invalid" : "unknown";
}

/**
 * Opens the documents of a history.
 *
 * @param evidence - entries, documents as stores returned them, and the code that names the product
 * @param options - `schemas`: those to use, the suite's own if left out
 * @returns one document per entry, in order; undefined where entries or documents were not looked at
 */
export function openDocuments(
  evidence: Pick<PassportEvidence, "chainId" | "passport" | "code" | "entries" | "documents">,
  options: { readonly schemas?: DocumentSchemas | undefined } = {},
): readonly OpenedDocument[] | undefined {
  const { entries, documents } = evidence;
  const productId = parseCloneCode(evidence.code)?.productId;
  if (productId === undefined || documents === undefined || entries.status === "missing") return undefined;
  const { schemas } = options;
  return entries.value.map((entry) => {
    const { document: digest, eventType, attester } = entry;
    const bytes = documents.get(digest);
    if (bytes === undefined) return { status: "unknown", entry, ...NOT_FETCHED };
    if (bytes.status === "missing") {
      const { code, problem } = bytes;
      return { status: statusOfMissing(bytes), entry, code, problem };
    }
    return opened(readDocument(bytes.value, { digest, productId, eventType, attester, ...(schemas && { schemas }) }), {
      entry,
      evidence,
    });
  });
}

function opened(
  verdict: DocumentVerdict,
  {
    entry,
    evidence,
  }: { readonly entry: EvidencedEntry; readonly evidence: Pick<PassportEvidence, "chainId" | "passport"> },
): OpenedDocument {
  if (verdict.status !== "valid") {
    const { status, reason: code, message: problem } = verdict;
    return { status, entry, code, problem };
  }
  const { document } = verdict;
  const claim = checkGatewaySignature(document, evidence);
  if (claim === undefined || claim.status === "right") return { status: "valid", entry, document };
  const { eventType } = document;
  const { gateway } = claim;
  const { code, message: problem } = new PassportError(`document.gateway-signature-${claim.status}`, {
    gateway,
    eventType,
  });
  return { status: claim.status === "wrong" ? "invalid" : "unknown", entry, code, problem };
}

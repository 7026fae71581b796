import type { DocumentSchemas } from "../document/schemas/envelope.js";
import { eventTypeOf } from "../primitives/event-type.js";
import { parseCloneCode } from "../signing/passport-clone.js";
import { replayHeads } from "../signing/passport-hashing.js";
import type { PassportEvidence, VerificationEvidence } from "./evidence.js";
import { judgeHistory } from "./judge-history.js";
import { judgeRegistration } from "./judge-registration.js";
import { type OpenedDocument, openDocuments } from "./open-documents.js";
import { type SuccessionClaim, successionClaimsOf } from "./succession-claims.js";
import { type Verdict, verdictOf, worstStatus } from "./verdict.js";

/** The passports before and after this one, if both sides name each other. */
export interface SuccessionDetails {
  readonly links: readonly SuccessionClaim[];
}

interface SuccessionOptions {
  /** Schemas of the documents; the suite's own if left out. */
  readonly schemas?: DocumentSchemas | undefined;
}

type SuccessionEvidence = Pick<VerificationEvidence, keyof PassportEvidence | "links">;

const SUPERSEDED = eventTypeOf("SUPERSEDED");

/**
 * Judges whether this passport continues another one, or is continued by one. A link counts only if both sides name
 * each other, and if the other one is itself a registered passport with a true history: else anybody could adorn his
 * product with another one's past.
 *
 * @param evidence - this passport, and those it names
 * @param documents - one per entry of this passport; undefined if none were looked at
 * @param options - `schemas`: those of the other passport's documents
 * @returns the verdict
 */
export function judgeSuccession(
  evidence: SuccessionEvidence,
  documents: readonly OpenedDocument[] | undefined,
  options: SuccessionOptions = {},
): Verdict<SuccessionDetails> {
  if (parseCloneCode(evidence.code) === undefined) return verdictOf("passport.none", {});
  const read = successionClaimsOf(documents);
  if ("unreadable" in read) return verdictOf("succession.unreadable", { problem: read.unreadable });
  if (read.claims.length === 0) return verdictOf("succession.none", {});

  const flaws = read.claims.flatMap((claim) => findFlaw(claim, evidence, options) ?? []);
  const worst = worstStatus(flaws.map(({ status }) => status));
  const links = read.claims.map(({ role, productId }) =>
    role === "predecessor" ? `This passport continues ${productId}.` : `This passport is continued by ${productId}.`,
  );
  return (
    flaws.find(({ status }) => status === worst) ??
    verdictOf("succession.mutual", { links: links.join(" ") }, { links: read.claims })
  );
}

/** What stands against one link. */
function findFlaw(
  claim: SuccessionClaim,
  evidence: SuccessionEvidence,
  options: SuccessionOptions,
): Verdict | undefined {
  const { role, productId, passport } = claim;
  const linked = evidence.links.find((link) => link.role === role && link.passport === passport)?.evidence;
  if (linked?.status !== "gathered") return unreadable(linked?.problem ?? `nobody looked at ${passport}.`);

  const other = linked.value;
  const verdicts = [judgeRegistration(other, { productId }), judgeHistory(other)];
  const worst = worstStatus(verdicts.map(({ status }) => status));
  const reason = verdicts.find(({ status }) => status === worst)?.reason ?? "";
  if (worst === "invalid") return oneSided(claim, `that one is not to be relied on: ${reason}`);
  if (worst !== "valid") return unreadable(reason);

  const back = successionClaimsOf(openDocuments(other, options));
  if ("unreadable" in back) return unreadable(back.unreadable);
  const answer = back.claims.find((other) => other.role !== role);
  if (answer === undefined && role === "predecessor") return verdictOf("succession.unconfirmed", { productId });
  if (answer === undefined || !isAbout(answer, evidence)) return oneSided(claim, "that one does not name this one");
  const [older, newerClaim] = role === "predecessor" ? [other, claim] : [evidence, answer];
  return isPast(older, newerClaim) ? undefined : oneSided(claim, "what is named as its history never was one");
}

function isAbout({ passport, productId }: SuccessionClaim, evidence: PassportEvidence): boolean {
  return passport === evidence.passport && productId === parseCloneCode(evidence.code)?.productId;
}

/** The newer passport names a head of the older one, before its owner gave it up. */
function isPast(older: PassportEvidence, claim: SuccessionClaim): boolean {
  if (claim.role !== "predecessor" || older.entries.status === "missing") return false;
  const entries = older.entries.value;
  const end = entries.findIndex(({ eventType }) => eventType === SUPERSEDED);
  return replayHeads(entries.slice(0, end), older).includes(claim.head);
}

function unreadable(problem: string): Verdict {
  return verdictOf("succession.unreadable", { problem });
}

function oneSided({ productId, role }: SuccessionClaim, problem: string): Verdict {
  return verdictOf("succession.one-sided", { productId, role, problem });
}

import type { DocumentSchemas } from "../document/schemas/envelope.js";
import type { Address } from "../primitives/hex.js";
import { parseCloneCode } from "../signing/passport-clone.js";
import { type Basis, contradictionInWords } from "./basis.js";
import type { VerificationEvidence } from "./evidence.js";
import type { Finding } from "./finding.js";
import { timeInWords } from "./in-words.js";
import { type AuthorityDetails, judgeAuthority } from "./judge-authority.js";
import { type ConditionDetails, judgeCondition } from "./judge-condition.js";
import { type DocumentsDetails, judgeDocuments } from "./judge-documents.js";
import { type FreshnessDetails, judgeFreshness } from "./judge-freshness.js";
import { type HistoryDetails, judgeHistory } from "./judge-history.js";
import { judgeRegistration, type RegistrationDetails, type RegistrationExpectation } from "./judge-registration.js";
import { judgeSuccession, type SuccessionDetails } from "./judge-succession.js";
import { openDocuments } from "./open-documents.js";
import { type Verdict, verdictOf, worstStatus } from "./verdict.js";
import type { VerdictStatus } from "./verdict-catalogue.js";

/** What each check found out. None is `valid` that rests on another one which failed. */
export interface Verdicts {
  /** Is it the registered passport of its product, running the code that it must run? */
  readonly registration: Verdict<RegistrationDetails>;
  /** Are the entries the whole true history? */
  readonly history: Verdict<HistoryDetails>;
  /** Are the documents those that were recorded, and about this product? */
  readonly documents: Verdict<DocumentsDetails>;
  /** Was everybody allowed to record what he recorded, and is anything disputed? */
  readonly authority: Verdict<AuthorityDetails>;
  /** What is the condition of the product? */
  readonly condition: Verdict<ConditionDetails>;
  /** Does it continue another passport, or another one this? */
  readonly succession: Verdict<SuccessionDetails>;
  /** How old is the evidence, and how final? */
  readonly freshness: Verdict<FreshnessDetails>;
}

/** The outcome of a verification. */
export interface VerificationReport {
  /**
   * The worst of the verdicts: `valid` if all that could be judged is; `unknown` if something could not be found out;
   * `invalid` if something is proven to be wrong.
   */
  readonly status: VerdictStatus;
  /** Undefined if there is no passport of the product. */
  readonly passport: Address | undefined;
  /** The product that the passport itself names. */
  readonly productId: string | undefined;
  readonly verdicts: Verdicts;
  /** On whose word all of it rests; `basisInWords` says it for people. */
  readonly basis: Basis;
  /** What whoever buys or uses the product should know, besides: also a valid passport can speak of a stolen product. */
  readonly findings: readonly Finding[];
  /** What was judged; undefined if nothing could be read. */
  readonly evidence: VerificationEvidence | undefined;
}

/** How to judge. */
export interface JudgePassportOptions extends RegistrationExpectation {
  /** Present time in Unix seconds. */
  readonly now: bigint;
  /** How old the last block may be to count as fresh, in seconds. */
  readonly maximumAgeSeconds: bigint;
  /** Schemas of the documents; the suite's own if left out. */
  readonly schemas?: DocumentSchemas | undefined;
}

/**
 * Judges evidence, wherever it comes from. Asks nobody, and never throws on account of the evidence.
 *
 * @param evidence - what was gathered
 * @param options - what the caller expects, the present time, schemas
 * @returns the report
 */
export function judgePassport(evidence: VerificationEvidence, options: JudgePassportOptions): VerificationReport {
  const documents = openDocuments(evidence, options);
  const registration = judgeRegistration(evidence, options);
  const history = judgeHistory(evidence);
  // Whoever leaves the registry open on purpose still wants to know the rest; of a false passport nothing holds.
  const failedRegistration = registration.status === "invalid" ? registration : undefined;
  const failedHistory = history.status === "valid" ? undefined : history;
  const failed = failedRegistration ?? failedHistory;
  const verdicts = {
    registration,
    history,
    documents: resting(judgeDocuments(evidence, documents), failedHistory),
    authority: resting(judgeAuthority(evidence, documents), failed),
    condition: resting(judgeCondition(evidence), failed),
    succession: resting(judgeSuccession(evidence, documents, options), failed),
    freshness: judgeFreshness(evidence, options),
  };
  return reportOf(isVouchedFor(evidence.basis) ? verdicts : conditional(verdicts, evidence), {
    basis: evidence.basis,
    evidence,
  });
}

function isVouchedFor(basis: Basis): boolean {
  return basis.kind !== "proof" || basis.isTrusted;
}

/** Anybody can make up a block and prove anything under its hash. */
function conditional(verdicts: Verdicts, { block }: VerificationEvidence): Verdicts {
  const { number, hash, timestamp } = block;
  const onCondition = <Details extends object>(verdict: Verdict<Details>): Verdict<Details> =>
    verdict.status === "valid" || verdict.status === "notApplicable"
      ? verdictOf("basis.block-untrusted", { block: number, hash, time: timeInWords(timestamp) }, verdict.details)
      : verdict;
  return {
    registration: onCondition(verdicts.registration),
    history: onCondition(verdicts.history),
    documents: onCondition(verdicts.documents),
    authority: onCondition(verdicts.authority),
    condition: onCondition(verdicts.condition),
    succession: onCondition(verdicts.succession),
    freshness: onCondition(verdicts.freshness),
  };
}

/** What would be valid is not, if what it rests on failed; what was found out all the same stays in the details. */
function resting<Details extends object>(
  verdict: Verdict<Details>,
  failed: Verdict<object> | undefined,
): Verdict<Details> {
  if (failed === undefined || verdict.status !== "valid") return verdict;
  return verdictOf("premise.failed", { problem: failed.reason }, verdict.details);
}

/**
 * Sums verdicts up.
 *
 * @param verdicts - one of each kind
 * @param options - on whose word they rest, and what was judged, if anything was
 * @returns the report
 */
export function reportOf(
  verdicts: Verdicts,
  { basis, evidence }: { readonly basis: Basis; readonly evidence: VerificationEvidence | undefined },
): VerificationReport {
  const { condition, authority } = verdicts;
  return {
    status: worstStatus(Object.values(verdicts).map(({ status }) => status)),
    passport: evidence?.passport,
    productId: evidence && parseCloneCode(evidence.code)?.productId,
    verdicts,
    basis,
    findings: [...(condition.details.findings ?? []), ...(authority.details.findings ?? []), ...findingsOf(basis)],
    evidence,
  };
}

/** Who contradicts the majority lies, or is lied about: either way somebody should look. */
function findingsOf(basis: Basis): readonly Finding[] {
  if (basis.kind !== "quorum") return [];
  return basis.witnesses
    .filter(({ contradictions }) => contradictions.length > 0)
    .map((witness) => ({ code: "basis.contradiction", reason: contradictionInWords(witness) }));
}

import { conditionInWords } from "../chain/manager-names.js";
import { parseCloneCode } from "../signing/passport-clone.js";
import type { VerificationEvidence } from "./evidence.js";
import type { Finding } from "./finding.js";
import { listInWords } from "./in-words.js";
import { type Verdict, verdictOf, verdictOnMissing } from "./verdict.js";

/** The condition of the product. */
export interface ConditionDetails {
  readonly bits: bigint;
  readonly inWords: readonly string[];
  readonly findings: readonly Finding[];
}

const BRAND_CONDITIONS = 0xff00n;

/** What is to be said of a condition; a brand's is recognised by its name. */
const FINDINGS: ReadonlyMap<string, Finding> = new Map(
  Object.entries({
    LOCKED: "It is locked for a sale: only the holder of the lock can hand it over.",
    STOLEN: "Its owner has reported it stolen.",
    RETIRED: "It is out of use for good.",
    SUPERSEDED: "Another passport continues this one.",
    RECALLED: "It is recalled: it must not be used before the remedy is done.",
  }).map(([name, reason]) => [name, { code: `condition.${name.toLowerCase()}`, reason }]),
);

/** What speaks neither for nor against a product. All other words of a brand may mean anything. */
const NEUTRAL: ReadonlySet<string> = new Set(["ISSUED", "IN_SERVICE", "MOUNTED"]);

/**
 * Judges the condition of the product: in words, with what stands against buying or using it. A product that is stolen
 * is a finding, not an invalid passport: the passport says the truth.
 *
 * @param evidence - the passport's state, and how its manager names conditions
 * @returns the verdict with the findings
 */
export function judgeCondition(
  evidence: Pick<VerificationEvidence, "code" | "state" | "manager">,
): Verdict<ConditionDetails> {
  const { state, manager } = evidence;
  if (parseCloneCode(evidence.code) === undefined) return verdictOf("passport.none", {});
  if (state.status === "missing") return verdictOnMissing(state);
  const bits = state.value.condition;
  // What the brand's bits mean, only the manager says: one of them may be a recall.
  if (manager.status === "missing" && (bits & BRAND_CONDITIONS) !== 0n) return verdictOnMissing(manager, { bits });
  const inWords = conditionInWords(bits, manager.status === "missing" ? undefined : manager.value.names);
  const findings = inWords.filter((word) => !NEUTRAL.has(word)).map((word) => FINDINGS.get(word) ?? unfamiliar(word));
  const details = { bits, inWords, findings };
  const condition = listInWords(inWords);
  const unnamed = inWords.filter(isUnnamed);
  if (unnamed.length > 0) return verdictOf("condition.unnamed", { bits: listInWords(unnamed) }, details);
  return findings.length === 0
    ? verdictOf("condition.clear", { condition }, details)
    : verdictOf("condition.notable", { condition, findings: findings.map(({ reason }) => reason).join(" ") }, details);
}

function isUnnamed(word: string): boolean {
  return word.startsWith("0x");
}

function unfamiliar(word: string): Finding {
  if (isUnnamed(word)) {
    return { code: "condition.unnamed", reason: `The manufacturer does not say what its condition ${word} means.` };
  }
  const reason = `What the manufacturer means by ${word} is not known here: ask it before buying or using the product.`;
  return { code: "condition.unfamiliar", reason };
}

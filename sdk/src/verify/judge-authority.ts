import { conditionInWords, rolesInWords } from "../chain/manager-names.js";
import { conditionAfter } from "../passport/condition-after.js";
import { eventTypeName, isNative } from "../primitives/event-type.js";
import { parseCloneCode } from "../signing/passport-clone.js";
import { type Correction, correctionsOf } from "./corrections-of.js";
import { type Dispute, disputesOf } from "./disputes-of.js";
import type { EvidencedEntry, ManagerEvidence, VerificationEvidence } from "./evidence.js";
import type { Finding } from "./finding.js";
import { entriesInWords, listInWords, timeInWords } from "./in-words.js";
import type { OpenedDocument } from "./open-documents.js";
import { type Verdict, verdictOf, verdictOnMissing } from "./verdict.js";

/** Who acted as what, and what became of it. */
export interface AuthorityDetails {
  /** The roles in words under which each entry was recorded, in order. */
  readonly roles: readonly (readonly string[])[];
  readonly disputes: readonly Dispute[];
  readonly corrections: readonly Correction[];
  readonly findings: readonly Finding[];
}

/**
 * Judges whether whoever recorded an entry was allowed to. Signatures and roles were checked by the passport and its
 * manager when the entry was recorded, and what is recorded stays so, whatever becomes of the attester. So what is left
 * is: does the manager keep its own rules, is a key reported as stolen, and which corrections count.
 *
 * @param evidence - the passport's entries, and what its manager says
 * @param documents - one per entry; undefined if none were looked at
 * @returns the verdict with disputes and corrections
 */
export function judgeAuthority(
  evidence: Pick<VerificationEvidence, "code" | "entries" | "manager">,
  documents: readonly OpenedDocument[] | undefined,
): Verdict<AuthorityDetails> {
  if (parseCloneCode(evidence.code) === undefined) return verdictOf("passport.none", {});
  if (evidence.entries.status === "missing") return verdictOnMissing(evidence.entries);
  if (evidence.manager.status === "missing") return verdictOnMissing(evidence.manager);
  const entries = evidence.entries.value;
  const manager = evidence.manager.value;
  const disputes = disputesOf(entries, manager.standings);
  const corrections = correctionsOf(entries, { documents, disputes, names: manager.names });
  const details = {
    roles: entries.map(({ roles }) => rolesInWords(roles, manager.names)),
    disputes,
    corrections,
    findings: [...disputes.map(findingOfDispute), ...corrections.flatMap(findingOfCorrection)],
  };
  const flaw =
    findBreach(entries, manager) ??
    findDispute(disputes) ??
    findUnreadable(corrections) ??
    findUnexplained(entries, manager);
  return { ...(flaw ?? verdictOf("authority.on-record", {})), details };
}

/** What a manager that keeps its own rules cannot have answered. */
function findBreach(entries: readonly EvidencedEntry[], { rules, names }: ManagerEvidence): Verdict | undefined {
  for (const [index, { sequence, eventType, attester, roles, condition }] of entries.entries()) {
    const before = entries[index - 1];
    const rule = rules.get(eventType);
    if (before === undefined || isNative(eventType)) continue;
    if (roles === 0n) return verdictOf("authority.role-missing", { sequence });
    // An event type's effect can never be changed, so the rule of today is that of then.
    const step = { eventType, isOwner: attester === before.owner, condition: before.condition };
    const expected = rule === undefined ? condition : conditionAfter(step, { rule });
    if (condition === expected) continue;
    const words = (bits: bigint) => listInWords(conditionInWords(bits, names));
    return verdictOf("authority.effect-differs", { sequence, actual: words(condition), expected: words(expected) });
  }
  return undefined;
}

function findDispute(disputes: readonly Dispute[]): Verdict | undefined {
  if (disputes.length === 0) return undefined;
  return verdictOf("authority.disputed", { disputes: disputes.map(describeDispute).join(" ") });
}

function findUnreadable(corrections: readonly Correction[]): Verdict | undefined {
  const unread = corrections.filter(({ target }) => target === undefined).map(({ sequence }) => sequence);
  return unread.length === 0
    ? undefined
    : verdictOf("authority.correction-unreadable", { entries: entriesInWords(unread) });
}

function findUnexplained(entries: readonly EvidencedEntry[], manager: ManagerEvidence): Verdict | undefined {
  for (const { sequence, eventType, roles, attester } of entries) {
    if (!manager.standings.has(attester)) return verdictOf("authority.standing-unknown", { attester });
    if (!isNative(eventType) && !manager.rules.has(eventType)) {
      return verdictOf("authority.rule-unknown", { sequence, eventType: eventTypeName(eventType) });
    }
    const unnamed = rolesInWords(roles, manager.names).filter((name) => name.startsWith("0x"));
    if (unnamed.length > 0) return verdictOf("authority.role-unknown", { sequence, roles: listInWords(unnamed) });
  }
  return undefined;
}

function describeDispute({ attester, since, sequences }: Dispute): string {
  return `${attester} lost control of its key at ${timeInWords(since)}, says the manufacturer, which disputes ${entriesInWords(sequences)}.`;
}

function findingOfDispute(dispute: Dispute): Finding {
  return { code: "authority.disputed", reason: describeDispute(dispute), sequences: dispute.sequences };
}

function findingOfCorrection({ sequence, kind, target, by }: Correction): readonly Finding[] {
  if (target === undefined || by === undefined) return [];
  const verb = kind === "corrected" ? "corrects" : "withdraws";
  return [
    {
      code: `authority.${kind}`,
      reason: `${by === "the manufacturer" ? "The manufacturer" : "Its own attester"} ${verb} entry ${target} in entry ${sequence}.`,
      sequences: [target, sequence],
    },
  ];
}

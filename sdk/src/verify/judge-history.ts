import type { PassportState } from "../passport/read-passport-state.js";
import type { Address, Bytes32 } from "../primitives/hex.js";
import { type PassportClone, parseCloneCode } from "../signing/passport-clone.js";
import { replayHeads } from "../signing/passport-hashing.js";
import type { EvidencedEntry, PassportEvidence } from "./evidence.js";
import { findBrokenRule } from "./find-broken-rule.js";
import { type Verdict, verdictOf, verdictOnMissing } from "./verdict.js";

/** What the history amounts to. */
export interface HistoryDetails {
  readonly entryCount: bigint;
  /** What the passport keeps of its whole history. */
  readonly head: Bytes32;
}

/**
 * Judges whether the entries are the whole true history: replayed, they give the passport's head; the last one gives
 * its owner and condition; each is one that a passport records.
 *
 * @param evidence - the passport's state and entries
 * @returns the verdict
 */
export function judgeHistory(
  evidence: Pick<PassportEvidence, "chainId" | "passport" | "code" | "state" | "entries">,
): Verdict<HistoryDetails> {
  const { chainId, passport, code, state, entries } = evidence;
  const clone = parseCloneCode(code);
  if (clone === undefined) return verdictOf("passport.none", {});
  if (state.status === "missing") return verdictOnMissing(state);
  if (entries.status === "missing") return verdictOnMissing(entries);
  const details = { entryCount: state.value.entryCount, head: state.value.head };
  const flaw =
    findMissing(entries.value, state.value) ??
    findForgery(entries.value, state.value, { chainId, passport }) ??
    findDifference(entries.value, state.value) ??
    findBreach(entries.value, clone);
  return { ...(flaw ?? verdictOf("history.proven", { entryCount: details.entryCount })), details };
}

function findMissing(entries: readonly EvidencedEntry[], { entryCount }: PassportState): Verdict | undefined {
  if (entryCount === 0n) return verdictOf("history.empty", {});
  const missing = entries.findIndex(({ sequence }, index) => sequence !== BigInt(index + 1));
  const complete = BigInt(missing === -1 ? entries.length : missing);
  if (complete < entryCount) return verdictOf("history.incomplete", { entryCount, sequence: complete + 1n });
  const shown = BigInt(entries.length);
  return shown > entryCount ? verdictOf("history.surplus", { shown, entryCount }) : undefined;
}

function findForgery(
  entries: readonly EvidencedEntry[],
  { head }: PassportState,
  passport: { readonly chainId: bigint; readonly passport: Address },
): Verdict | undefined {
  return replayHeads(entries, passport).at(-1) === head ? undefined : verdictOf("history.head-differs", {});
}

/** The head does not commit to the state, so a node could still lie about the owner. */
function findDifference(entries: readonly EvidencedEntry[], state: PassportState): Verdict | undefined {
  const last = entries.at(-1);
  const comparisons = [
    ["owner", state.owner, last?.owner],
    ["condition", state.condition, last?.condition],
    ["time", state.lastRecordedAt, last?.recordedAt],
  ] as const;
  const different = comparisons.find(([, actual, expected]) => actual !== expected);
  if (different === undefined) return undefined;
  const [field, actual, expected = "none"] = different;
  return verdictOf("history.state-differs", { field, actual, expected });
}

function findBreach(entries: readonly EvidencedEntry[], clone: PassportClone): Verdict | undefined {
  const broken = findBrokenRule(entries, clone);
  return broken && verdictOf("history.rule-broken", broken);
}

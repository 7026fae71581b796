import type { BlockLevel, ReadBlock } from "../passport/read-at-block.js";
import type { VerificationEvidence } from "./evidence.js";
import { secondsInWords } from "./in-words.js";
import { type Verdict, verdictOf } from "./verdict.js";

/** When, and on how settled a chain, the evidence was read. */
export interface FreshnessDetails {
  readonly block: ReadBlock;
  /** Time between the block and the reading; negative if the block lies in the future. */
  readonly ageSeconds: bigint;
  /** How settled the block is: what it does not show may still come in a later one. Undefined: its hash was given. */
  readonly blockLevel: BlockLevel | undefined;
  /** How settled the last entry is, and so the whole history that was shown. */
  readonly lastEntryLevel: BlockLevel | undefined;
}

const LEVEL_IN_WORDS: Readonly<Record<BlockLevel, string>> = {
  sequenced: "accepted, but not final yet",
  safe: "safe, but not final yet",
  finalized: "final",
};

/** Arbitrum's sequencer may be ahead of the true time by so much. */
const MAXIMUM_LEAD_SECONDS = 3_600n;

/**
 * Judges how old the evidence is, and how far the chain can still take it back.
 *
 * @param evidence - the block of the reading, and the last safe and finalized ones
 * @param options - `now`: Unix seconds; `maximumAgeSeconds`: what counts as fresh
 * @returns the verdict
 */
export function judgeFreshness(
  evidence: Pick<VerificationEvidence, "basis" | "block" | "finality" | "entries">,
  options: { readonly now: bigint; readonly maximumAgeSeconds: bigint },
): Verdict<FreshnessDetails> {
  const { basis, block, entries } = evidence;
  const isProven = basis.kind === "proof";
  const levelOf = (number: bigint): BlockLevel => {
    const { safe = -1n, finalized = -1n } = evidence.finality;
    if (number <= finalized) return "finalized";
    return number <= safe ? "safe" : "sequenced";
  };
  const lastEntry = entries.status === "gathered" ? entries.value.at(-1) : undefined;
  const lastEntryLevel = lastEntry?.blockNumber === undefined ? undefined : levelOf(lastEntry.blockNumber);
  const ageSeconds = options.now - block.timestamp;
  const details = {
    block,
    ageSeconds,
    blockLevel: isProven ? undefined : levelOf(block.number),
    lastEntryLevel,
  };
  if (ageSeconds > options.maximumAgeSeconds) {
    const age = secondsInWords(ageSeconds);
    if (isProven) return verdictOf("freshness.outdated", { age, block: block.number }, details);
    return verdictOf("freshness.stale", { age }, details);
  }
  if (ageSeconds < -MAXIMUM_LEAD_SECONDS) {
    return verdictOf("freshness.ahead", { age: secondsInWords(-ageSeconds) }, details);
  }
  const age = secondsInWords(ageSeconds);
  if (isProven) return verdictOf("freshness.proven", { age, block: block.number }, details);
  const level = lastEntryLevel === undefined ? "not known" : LEVEL_IN_WORDS[lastEntryLevel];
  return verdictOf("freshness.current", { age, block: block.number, level }, details);
}

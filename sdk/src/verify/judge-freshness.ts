import type { BlockLevel, ReadBlock } from "../passport/read-at-block.js";
import type { VerificationEvidence } from "./evidence.js";
import { secondsInWords } from "./in-words.js";
import { type Verdict, verdictOf } from "./verdict.js";

/** When, and on how settled a chain, the evidence was read. */
export interface FreshnessDetails {
  readonly block: ReadBlock;
  /** Time between the block and the reading; negative if the block lies in the future. */
  readonly ageSeconds: bigint;
  /** How settled the block is: what it does not show may still come in a later one. */
  readonly blockLevel: BlockLevel;
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
  evidence: Pick<VerificationEvidence, "block" | "finality" | "entries">,
  options: { readonly now: bigint; readonly maximumAgeSeconds: bigint },
): Verdict<FreshnessDetails> {
  const { block, entries } = evidence;
  const levelOf = (number: bigint): BlockLevel => {
    const { safe = -1n, finalized = -1n } = evidence.finality;
    if (number <= finalized) return "finalized";
    return number <= safe ? "safe" : "sequenced";
  };
  const lastEntry = entries.status === "gathered" ? entries.value.at(-1) : undefined;
  const ageSeconds = options.now - block.timestamp;
  const details = {
    block,
    ageSeconds,
    blockLevel: levelOf(block.number),
    lastEntryLevel: lastEntry && levelOf(lastEntry.blockNumber),
  };
  if (ageSeconds > options.maximumAgeSeconds) {
    return verdictOf("freshness.stale", { age: secondsInWords(ageSeconds) }, details);
  }
  if (ageSeconds < -MAXIMUM_LEAD_SECONDS) {
    return verdictOf("freshness.ahead", { age: secondsInWords(-ageSeconds) }, details);
  }
  const level = lastEntry === undefined ? "not known" : LEVEL_IN_WORDS[levelOf(lastEntry.blockNumber)];
  return verdictOf("freshness.current", { age: secondsInWords(ageSeconds), block: block.number, level }, details);
}

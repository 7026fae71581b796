import { type AcceptedSurvivor, acceptanceOf } from "./accepted-survivors.js";
import type { Mutant } from "./generate-mutants.js";
import type { Verdict } from "./judge-mutant.js";

/** A mutant and what became of it; without a verdict it has not been run. */
export interface Judged {
  readonly mutant: Mutant;
  readonly verdict: Verdict | undefined;
}

/** Figures of some mutants. */
export interface Tally {
  readonly mutants: number;
  readonly notRun: number;
  /** The compiler refuses them. */
  readonly invalid: number;
  /** The same program: by the compiler, or by the reason in survivors.json. */
  readonly equivalent: number;
  readonly killed: number;
  readonly survived: number;
  /** Killed of a hundred that could be; 100 where there is none. */
  readonly score: number;
}

/**
 * Counts verdicts.
 *
 * @param judged - mutants with their verdicts
 * @param options - `accepted`: survivors with a reason; those that are equivalent do not count as survivors
 * @returns the figures
 */
export function tally(
  judged: readonly Judged[],
  { accepted }: { readonly accepted: readonly AcceptedSurvivor[] },
): Tally {
  const kindOf = ({ mutant, verdict }: Judged): string => {
    if (verdict === undefined) return "notRun";
    const isEquivalent = verdict.kind === "survived" && acceptanceOf(mutant, { accepted })?.kind === "equivalent";
    return isEquivalent ? "equivalent" : verdict.kind;
  };
  const kinds = judged.map(kindOf);
  const count = (kind: string): number => kinds.filter((each) => each === kind).length;
  const killed = count("killed");
  const survived = count("survived");
  return {
    mutants: judged.length,
    notRun: count("notRun"),
    invalid: count("invalid"),
    equivalent: count("equivalent"),
    killed,
    survived,
    score: killed + survived === 0 ? 100 : (100 * killed) / (killed + survived),
  };
}

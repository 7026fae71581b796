import type { Mutant } from "./generate-mutants.js";
import { type Bench, judgeMutant, type Verdict } from "./judge-mutant.js";
import { planTests } from "./test-plan.js";

/**
 * Judges mutants, as many at a time as there are benches.
 *
 * @param mutants - in the order in which they are taken up
 * @param options - `benches`; `endsAt`: Unix time in milliseconds after which no other is taken up; `onVerdict`: called
 * after each
 */
export async function runMutants(
  mutants: readonly Mutant[],
  {
    benches,
    endsAt,
    onVerdict,
  }: {
    readonly benches: readonly Bench[];
    readonly endsAt: number;
    readonly onVerdict: (mutant: Mutant, verdict: Verdict) => Promise<void>;
  },
): Promise<void> {
  const waiting = [...mutants];
  const work = async (bench: Bench): Promise<void> => {
    for (let mutant = waiting.shift(); mutant !== undefined && Date.now() < endsAt; mutant = waiting.shift()) {
      const plan = planTests(mutant.file, bench);
      await onVerdict(mutant, await judgeMutant(mutant, { bench, plan }));
    }
  };
  await Promise.all(benches.map(work));
}

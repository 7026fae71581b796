import type { Mutant } from "./generate-mutants.js";
import { type Bench, judgeMutant, type Verdict } from "./judge-mutant.js";
import { type Kill, planTests } from "./test-plan.js";

/**
 * Judges mutants, as many at a time as there are benches.
 *
 * @param mutants - in the order in which they are taken up
 * @param options - `benches`; `kills`: of earlier runs; `endsAt`: Unix time in milliseconds after which no other is taken
 * up; `onVerdict`: called after each
 */
export async function runMutants(
  mutants: readonly Mutant[],
  {
    benches,
    kills: earlierKills,
    endsAt,
    onVerdict,
  }: {
    readonly benches: readonly Bench[];
    readonly kills: readonly Kill[];
    readonly endsAt: number;
    readonly onVerdict: (mutant: Mutant, verdict: Verdict | undefined) => Promise<void>;
  },
): Promise<void> {
  const waiting = [...mutants];
  const kills = [...earlierKills];
  const work = async (bench: Bench): Promise<void> => {
    for (let mutant = waiting.shift(); mutant !== undefined && Date.now() < endsAt; mutant = waiting.shift()) {
      const plan = planTests(mutant, { compiler: bench.compiler, kills });
      const verdict = await judgeMutant(mutant, { bench, plan });
      if (verdict?.kind === "killed") kills.push({ mutant, testFile: verdict.testFile });
      await onVerdict(mutant, verdict);
    }
  };
  await Promise.all(benches.map(work));
}

import { isDeepStrictEqual } from "node:util";
import { expect } from "chai";
import fc from "fast-check";

/** Cases per comparison; more by `FUZZ_RUNS`, for a long run by hand. */
export const RUNS = Number(process.env["FUZZ_RUNS"] ?? 2_000);

/** Printed when two sides differ; `FUZZ_SEED` makes the same cases again. */
const SEED = Number(process.env["FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

/** Cases per call of a contract; the node takes longer than in proportion for longer calls. */
const BATCH = 20;

/** Two answers to the same question, which have to be deeply equal. */
export interface TwoOpinions<Case> {
  /** Answers of the contracts, one per case. */
  readonly solidity: (cases: readonly Case[]) => Promise<readonly unknown[]>;
  /** Answer of the SDK. */
  readonly typescript: (it: Case) => unknown;
  /** How many cases; default: {@link RUNS}. */
  readonly runs?: number;
}

/**
 * Compares what the contracts and the SDK say about random cases, many in one call. Where they differ, the first such
 * case is made smaller as long as they still differ.
 *
 * @param cases - what the cases are
 * @param opinions - the two sides
 * @throws Error with the smallest case found, both answers, and the seed
 */
export async function expectAgreement<Case>(cases: fc.Arbitrary<Case>, opinions: TwoOpinions<Case>): Promise<void> {
  const { solidity, typescript, runs = RUNS } = opinions;
  const settings = { seed: SEED, numRuns: runs };
  const sample = fc.sample(cases, settings);
  for (let start = 0; start < sample.length; start += BATCH) {
    const batch = sample.slice(start, start + BATCH);
    const answers = await solidity(batch);
    const different = batch.findIndex((it, index) => !isDeepStrictEqual(answers[index], typescript(it)));
    if (different !== -1)
      await shrink(cases, { ...opinions, settings: { ...settings, path: String(start + different) } });
  }
}

/** Fails with the smallest case, as fast-check finds it from the one at `path`. */
async function shrink<Case>(
  cases: fc.Arbitrary<Case>,
  { solidity, typescript, settings }: TwoOpinions<Case> & { readonly settings: fc.Parameters<[Case]> },
): Promise<never> {
  const property = fc.asyncProperty(cases, async (it) => {
    const [answer] = await solidity([it]);
    expect(answer, "what the contracts say").to.deep.equal(typescript(it));
  });
  await fc.assert(property, settings);
  throw new Error(`Case ${settings.path} of FUZZ_SEED=${SEED} differs only together with others`);
}

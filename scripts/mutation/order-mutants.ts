import { createHash } from "node:crypto";
import type { Mutant } from "./generate-mutants.js";

/**
 * Orders mutants so that however many of the first are run, they are a random sample in which each contract has its share:
 * one of each contract comes first.
 *
 * @param mutants - mutants of all contracts
 * @param options - `seed`: the same seed gives the same order
 * @returns all of them
 */
export function orderMutants(mutants: readonly Mutant[], { seed }: { readonly seed: string }): readonly Mutant[] {
  const drawn = mutants
    .map((mutant) => ({ mutant, lot: createHash("sha256").update(`${seed} ${mutant.id}`).digest("hex") }))
    .toSorted((one, other) => (one.lot < other.lot ? -1 : 1));
  const ofFile = Map.groupBy(drawn, ({ mutant }) => mutant.file);
  return [...ofFile.values()]
    .flatMap((group) => group.map((each, index) => ({ ...each, position: index / group.length })))
    .toSorted((one, other) => one.position - other.position || (one.lot < other.lot ? -1 : 1))
    .map(({ mutant }) => mutant);
}

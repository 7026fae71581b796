import type { VerificationReport } from "./judge-passport.js";

/**
 * Finds the entries whose documents must not be relied on.
 *
 * @param report - of a verification
 * @returns positions of those that were withdrawn by who may, or whose key was stolen
 */
export function entriesNotReliedOn({ verdicts }: Pick<VerificationReport, "verdicts">): ReadonlySet<bigint> {
  const { corrections = [], disputes = [] } = verdicts.authority.details;
  return new Set([
    ...corrections.flatMap(({ by, target }) => (by === undefined || target === undefined ? [] : [target])),
    ...disputes.flatMap(({ sequences }) => sequences),
  ]);
}

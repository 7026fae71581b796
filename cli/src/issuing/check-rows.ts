import { checkIssuances, isPassportError, type WritingContext } from "@digital-product-passport/sdk";
import type { ProductRow } from "./read-product-rows.js";
import { createRowOutcomes, type RowsOptions, type RowsOutcome, resultOfRefusal } from "./row-outcomes.js";

/** Products that the node is asked about at the same time. */
const AT_THE_SAME_TIME = 64;

/**
 * Checks the products of a file as issuing them would. Nothing is stored or sent.
 *
 * @param context - what writing actions work on, with a manager
 * @param rows - of the file
 * @param options - first owner, progress
 * @returns what would become of each row; those that can be issued are `waiting`
 */
export async function checkRows(
  context: WritingContext,
  rows: readonly ProductRow[],
  options: RowsOptions,
): Promise<RowsOutcome> {
  const { candidates, finish, settle } = createRowOutcomes(rows, options);
  try {
    for (let first = 0; first < candidates.length; first += AT_THE_SAME_TIME) {
      const asked = candidates.slice(first, first + AT_THE_SAME_TIME);
      const checked = await checkIssuances(context, { items: asked.map(({ item }) => item) });
      for (const [index, { row }] of asked.entries()) {
        const verdict = checked[index];
        settle(row, verdict?.status === "refused" ? resultOfRefusal(verdict.error) : { status: "waiting" });
      }
    }
    return finish();
  } catch (error) {
    if (!isPassportError(error)) throw error;
    return finish(error);
  }
}

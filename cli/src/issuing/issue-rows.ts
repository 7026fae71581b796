import { type IssueManyOptions, isPassportError, issueMany, type WritingContext } from "@digital-product-passport/sdk";
import type { ProductRow } from "./read-product-rows.js";
import { createRowOutcomes, type RowsOptions, type RowsOutcome, resultOfRefusal } from "./row-outcomes.js";

/** How rows are issued. */
export interface IssueRowsOptions extends RowsOptions, Omit<IssueManyOptions, "items" | "onProgress"> {}

/**
 * Issues the products of a file. Good rows are issued whatever is wrong with others, and what has a passport already is
 * left alone: running again issues what is missing. With the same journal it goes on where a crash has ended it.
 *
 * @param context - what writing actions work on, with a manager and a store
 * @param rows - of the file
 * @param options - first owner, journal, issuers, progress
 * @returns what became of each row
 */
export async function issueRows(
  context: WritingContext,
  rows: readonly ProductRow[],
  options: IssueRowsOptions,
): Promise<RowsOutcome> {
  const { candidates, finish, settle } = createRowOutcomes(rows, options);
  try {
    await issueMany(context, {
      ...options,
      items: candidates.map(({ item }) => item),
      onProgress: ({ position, ...outcome }) => {
        const row = candidates[position]?.row;
        if (row !== undefined) settle(row, outcome.status === "refused" ? resultOfRefusal(outcome.error) : outcome);
      },
    });
    return finish();
  } catch (error) {
    if (!isPassportError(error)) throw error;
    return finish(error);
  }
}

import * as z from "zod";
import { bytes32Schema } from "../primitives/hex.js";

const historyPointSchema = z.object({
  blockNumber: z.bigint().nonnegative(),
  blockHash: bytes32Schema,
  sequence: z.bigint().nonnegative(),
  head: bytes32Schema,
});

/** A place in a history: all entries up to the end of this block have been read. */
export type HistoryPoint = Readonly<z.infer<typeof historyPointSchema>>;

const historyCursorSchema = historyPointSchema.extend({ earlier: z.array(historyPointSchema).readonly() });

/**
 * Where a reading has come to: plain data for the caller to keep. Number and hash of the last block that was read, how
 * many entries there are up to it, and the head that they lead to.
 */
export interface HistoryCursor extends HistoryPoint {
  /** Places that the reading passed before, the oldest first: where it goes on if a reorganisation took this block. */
  readonly earlier: readonly HistoryPoint[];
}

/** Deeper reorganisations than that many pages with entries begin from the first entry again. */
const MAXIMUM_EARLIER_POINTS = 32;

/** What a caller has kept. */
export const optionalCursorSchema = historyCursorSchema.optional();

/**
 * Moves a cursor on. Of the places with equally many entries only the oldest is remembered, for it is the most settled.
 *
 * @param cursor - where the reading has been
 * @param point - where it has come to
 * @returns the cursor there
 */
export function moveCursor(cursor: HistoryCursor, point: HistoryPoint): HistoryCursor {
  const { earlier, ...left } = cursor;
  const isNews = left.sequence > (earlier.at(-1)?.sequence ?? 0n);
  return { ...point, earlier: isNews ? [...earlier, left].slice(-MAXIMUM_EARLIER_POINTS) : earlier };
}

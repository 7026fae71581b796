import * as z from "zod";
import { parseInput } from "../primitives/parse-input.js";
import type { ReadingContext } from "./context.js";
import type { HistoryCache } from "./history-cache.js";
import { type HistoryCursor, optionalCursorSchema } from "./history-cursor.js";
import { type HistoryPage, historyPages } from "./history-pages.js";
import type { BlockLevel } from "./read-at-block.js";
import { type PassportOption, resolvePassport } from "./resolve-passport.js";

/** Which history, from where, and how settled. */
export interface IterateHistoryOptions extends PassportOption {
  /** Where an earlier reading came to; only what is new since is read. */
  readonly after?: HistoryCursor | undefined;
  /** How settled the blocks must be; `sequenced` if left out. */
  readonly level?: BlockLevel | undefined;
  /** A block before the first entry, such as that of the deployment; 0 if left out. */
  readonly fromBlock?: bigint | undefined;
  /** Where finalized entries are kept, so that they are fetched once. With one, the whole reading is held in memory. */
  readonly cache?: HistoryCache | undefined;
}

const levelSchema = z.enum(["sequenced", "safe", "finalized"]).default("sequenced");

const fromBlockSchema = z.bigint().nonnegative().default(0n);

/**
 * Reads a history of any length, page by page, over nodes that allow long ranges of blocks or only short ones. Without
 * a cache it holds one page at a time; only where ranges are hopeless, and each entry has to be found by the time that
 * the one after it names, it holds what is new. Whoever keeps the last cursor goes on from there another time.
 *
 * The last page comes once all entries, those before the cursor and those of the cache included, lead to the head that
 * the passport shows. A reading that ends without an error has therefore given the history that the head commits to;
 * where in the chain an entry lies, the head does not say. If a reorganisation took entries back, or the cursor was
 * not true, a `withdrawn` page says so, and the entries in their place follow.
 *
 * @param context - `provider`, `chainId`, `registry`
 * @param options - the passport; cursor, level, first block, cache
 * @returns the pages; none if nothing happened since the cursor
 * @throws PassportError `input.invalid`, `identifier.*`, `passport.*`, `chain.*`; and what the cache throws
 *
 * @example
 * ```ts
 * let cursor: HistoryCursor | undefined;
 * for await (const page of iterateHistory(context, { passport: "https://id.weg.example/01/09521234543213/21/W22-1" })) {
 *   if (page.kind === "withdrawn") {
 *     console.log("forget what came after entry", page.afterSequence);
 *   } else {
 *     for (const { sequence, eventType } of page.entries) console.log(sequence, eventTypeName(eventType));
 *     cursor = page.cursor;
 *   }
 * }
 * ```
 */
export async function* iterateHistory(
  context: Pick<ReadingContext, "provider" | "chainId" | "registry">,
  options: IterateHistoryOptions,
): AsyncGenerator<HistoryPage, void> {
  const reading = parseReading(options);
  yield* historyPages(context, { ...reading, passport: await resolvePassport(context, options) });
}

/**
 * Parses how a history is read.
 *
 * @param options - from outside
 * @returns level, first block, cursor and cache
 * @throws PassportError `input.invalid`
 */
export function parseReading(options: Omit<IterateHistoryOptions, "passport">) {
  return {
    level: parseInput(levelSchema, options.level, { field: "level" }),
    fromBlock: parseInput(fromBlockSchema, options.fromBlock, { field: "fromBlock" }),
    after: parseInput(optionalCursorSchema, options.after, { field: "after" }),
    cache: options.cache,
  };
}

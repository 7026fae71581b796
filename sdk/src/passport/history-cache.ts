import * as z from "zod";
import { eventTypeSchema } from "../primitives/event-type.js";
import { type Address, addressSchema, bytes32Schema, digestSchema } from "../primitives/hex.js";
import { nextHead } from "../signing/passport-hashing.js";
import type { RecordedEntry } from "./decode-attested.js";
import { findBreak } from "./entries-of-logs.js";
import type { HistoryPoint } from "./history-cursor.js";

/** Where a caller lets finalized entries be kept: a map, a folder, the storage of a browser. It need not be trusted. */
export interface HistoryCache {
  /** Returns what was kept under a key; undefined without it. */
  readonly get: (key: string) => Promise<string | undefined>;
  readonly set: (key: string, value: string) => Promise<void>;
}

/** Entries that follow a point, and the point that they lead to. */
export interface HistoryStretch {
  readonly entries: readonly RecordedEntry[];
  readonly point: HistoryPoint;
}

/** Which stretch of which history. */
export interface StretchQuery {
  readonly chainId: bigint;
  readonly passport: Address;
  /** The point that the stretch follows. */
  readonly after: HistoryPoint;
}

/** Version of what is kept: whoever changes it, changes the key. */
const FORMAT = "digital-passport-history.v1";

const bigintSchema = z.stringFormat("decimal", /^\d{1,78}$/).transform(BigInt);

const stretchSchema = z.object({
  entries: z.array(
    z.object({
      sequence: bigintSchema,
      eventType: eventTypeSchema,
      attester: addressSchema,
      roles: bigintSchema,
      document: digestSchema,
      recordedAt: bigintSchema,
      owner: addressSchema,
      condition: bigintSchema,
      previousRecordedAt: bigintSchema,
      blockNumber: bigintSchema,
      logIndex: z.int().nonnegative(),
      transactionHash: bytes32Schema,
    }),
  ),
  blockNumber: bigintSchema,
  blockHash: bytes32Schema,
});

/**
 * Takes a stretch of a history out of a cache. What does not follow the point is no stretch; whether it is the true one
 * only the passport's head tells.
 *
 * @param cache - of the caller
 * @param query - chain, passport and the point that the stretch follows
 * @returns the stretch; undefined without a usable one
 */
export async function getStretch(cache: HistoryCache, query: StretchQuery): Promise<HistoryStretch | undefined> {
  const { after } = query;
  const { data } = stretchSchema.safeParse(parseJson(await cache.get(keyOf(query))));
  if (data === undefined || data.blockNumber <= after.blockNumber) return undefined;
  const { entries, blockNumber, blockHash } = data;
  if (entries[0]?.sequence !== after.sequence + 1n || findBreak(entries) !== undefined) return undefined;
  return { entries, point: { blockNumber, blockHash, ...replayFrom(after, entries) } };
}

/**
 * Puts a stretch of a history into a cache.
 *
 * @param cache - of the caller
 * @param query - chain, passport and the point that the stretch follows
 * @param stretch - entries of finalized blocks
 */
export async function setStretch(cache: HistoryCache, query: StretchQuery, stretch: HistoryStretch): Promise<void> {
  const { blockNumber, blockHash } = stretch.point;
  const value = { entries: stretch.entries, blockNumber, blockHash };
  const text = JSON.stringify(value, (_, part) => (typeof part === "bigint" ? String(part) : part));
  await cache.set(keyOf(query), text);
}

/**
 * Replays entries from a point on.
 *
 * @param point - how many entries there are before, and the head that they lead to
 * @param entries - those that follow, in order
 * @returns the same after them
 */
export function replayFrom(
  point: Pick<HistoryPoint, "sequence" | "head">,
  entries: readonly RecordedEntry[],
): Pick<HistoryPoint, "sequence" | "head"> {
  const { sequence, head } = point;
  return { sequence: sequence + BigInt(entries.length), head: entries.reduce(nextHead, head) };
}

function keyOf({ chainId, passport, after }: StretchQuery): string {
  return `${FORMAT}:${chainId}:${passport}:${after.sequence + 1n}`;
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { concat, id, keccak256, toBeHex, ZeroAddress, zeroPadValue } from "ethers";
import type { DigitalPassport } from "../../types/ethers-contracts/index.js";

/**
 * The head of a passport, a second time: from its events alone, word by word as the specification says, and without the
 * SDK, so that an error in either shows.
 */

/** An entry, as its `Attested` event tells it. */
export interface RecordedEntry {
  readonly sequence: bigint;
  readonly eventType: string;
  readonly attester: string;
  readonly roles: bigint;
  readonly document: string;
  readonly recordedAt: bigint;
  readonly previousRecordedAt: bigint;
  readonly owner: string;
  readonly condition: bigint;
}

/** What the entries alone say about a passport. */
export interface ReplayedState {
  readonly head: string;
  readonly owner: string;
  readonly condition: bigint;
  readonly entryCount: bigint;
  readonly lastRecordedAt: bigint;
}

/**
 * Head of a passport without entries.
 *
 * @param chainId - chain on which the passport was issued
 * @param passport - its address
 */
export const initialHead = (chainId: bigint, passport: string): string =>
  keccak256(concat([id("DigitalPassport.head.v1"), toBeHex(chainId, 32), zeroPadValue(passport, 32)]));

/**
 * Head after an entry.
 *
 * @param head - head before it
 * @param entry - the entry
 */
export const nextHead = (head: string, entry: Omit<RecordedEntry, "previousRecordedAt">): string =>
  keccak256(
    concat([
      head,
      toBeHex(entry.sequence, 32),
      entry.eventType,
      zeroPadValue(entry.attester, 32),
      toBeHex(entry.roles, 32),
      entry.document,
      toBeHex(entry.recordedAt, 32),
      zeroPadValue(entry.owner, 32),
      toBeHex(entry.condition, 32),
    ]),
  );

/**
 * Replays a history.
 *
 * @param entries - all entries, in order
 * @param options - chain and passport
 * @returns what the passport must say of itself
 * @throws Error when a position is missing, or an entry does not know the time of the one before
 */
export function replayEntries(
  entries: readonly RecordedEntry[],
  options: { readonly chainId: bigint; readonly passport: string },
): ReplayedState {
  const start: ReplayedState = {
    head: initialHead(options.chainId, options.passport),
    owner: ZeroAddress,
    condition: 0n,
    entryCount: 0n,
    lastRecordedAt: 0n,
  };
  return entries.reduce((state, entry) => {
    if (entry.sequence !== state.entryCount + 1n) throw new Error(`Entry ${state.entryCount + 1n} is missing.`);
    if (entry.previousRecordedAt !== state.lastRecordedAt) throw new Error(`Entry ${entry.sequence} lost its past.`);
    return {
      head: nextHead(state.head, entry),
      owner: entry.owner,
      condition: entry.condition,
      entryCount: entry.sequence,
      lastRecordedAt: entry.recordedAt,
    };
  }, start);
}

/**
 * Reads the entries of a passport from its events.
 *
 * @param passport - the passport
 * @param range - first and last block; default: all
 */
export async function readEntries(
  passport: DigitalPassport,
  range: { readonly from?: number; readonly to?: number } = {},
): Promise<readonly RecordedEntry[]> {
  const events = await passport.queryFilter(passport.filters.Attested(), range.from ?? 0, range.to ?? "latest");
  return events.map(({ args }) => ({
    sequence: args.sequence,
    eventType: args.eventType,
    attester: args.attester,
    roles: args.roles,
    document: args.document,
    recordedAt: args.recordedAt,
    previousRecordedAt: args.previousRecordedAt,
    owner: args.owner,
    condition: args.condition,
  }));
}

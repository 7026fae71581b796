import type { Log } from "ethers";
import type { Address } from "../primitives/hex.js";
import { decodeAttested, type RecordedEntry } from "./decode-attested.js";

/** Entries that can be true, or why they cannot. */
export type EntriesOfLogs = { readonly entries: readonly RecordedEntry[] } | { readonly problem: string };

/**
 * Makes entries of the logs that a node returned for a range of blocks. The order of the answer does not matter, their
 * order on the chain does.
 *
 * @param logs - whatever came
 * @param options - what was asked for: address of the `passport`, first and last block
 * @returns entries without a gap, in order; or what is wrong with the answer
 */
export function entriesOfLogs(
  logs: readonly Log[],
  options: { readonly passport: Address; readonly fromBlock: bigint; readonly toBlock: bigint },
): EntriesOfLogs {
  const entries: RecordedEntry[] = [];
  for (const log of logs) {
    const entry = decodeAttested(log);
    if (entry === undefined) return { problem: "a log records no entry" };
    if (log.removed) return { problem: `entry ${entry.sequence} is of a block that was taken back` };
    if (log.address !== options.passport) return { problem: `an entry is of another passport, ${log.address}` };
    if (entry.blockNumber < options.fromBlock || entry.blockNumber > options.toBlock) {
      return { problem: `entry ${entry.sequence} is of block ${entry.blockNumber}, which nobody asked for` };
    }
    entries.push(entry);
  }
  entries.sort(byPosition);
  const problem = findBreak(entries);
  return problem === undefined ? { entries } : { problem };
}

function byPosition(left: RecordedEntry, right: RecordedEntry): number {
  return Number(left.blockNumber - right.blockNumber) || left.logIndex - right.logIndex;
}

/**
 * Says where entries cannot follow each other.
 *
 * @param entries - in the order of the chain; any part of a history
 * @returns what is wrong with the first that cannot; undefined if all can
 */
export function findBreak(entries: readonly RecordedEntry[]): string | undefined {
  for (const [index, entry] of entries.entries()) {
    const before = entries[index - 1];
    const expected = before === undefined ? entry.sequence : before.sequence + 1n;
    if (entry.sequence !== expected) return `entry ${entry.sequence} stands where entry ${expected} belongs`;
    const previousRecordedAt = entry.sequence === 1n ? 0n : before?.recordedAt;
    if (previousRecordedAt !== undefined && entry.previousRecordedAt !== previousRecordedAt) {
      return `entry ${entry.sequence} names another time of the entry before it than that entry itself`;
    }
  }
  return undefined;
}

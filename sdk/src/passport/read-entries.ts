import type { Log, Provider } from "ethers";
import { endpointOf } from "../chain/endpoint-of.js";
import { isPassportError, PassportError } from "../errors/passport-error.js";
import type { Address } from "../primitives/hex.js";
import { ATTESTED_TOPIC, type RecordedEntry } from "./decode-attested.js";
import { entriesOfLogs, findBreak } from "./entries-of-logs.js";
import { type BlockRange, findBlocksAt } from "./find-blocks-at.js";
import { readBlock } from "./read-at-block.js";
import { readLogs } from "./read-logs.js";

/** Whose entries, from where. */
export interface ReadEntriesOptions extends BlockRange {
  readonly passport: Address;
  /** Chain time of the last entry at the end of the range, as the passport says, if it was asked. */
  readonly lastRecordedAt?: bigint | undefined;
  /** How many entries the range should have, if pages are to fit into memory. */
  readonly expectedEntries?: bigint | undefined;
  /** Most entries that may be held at once; 250,000 if left out. */
  readonly maximumEntries?: number | undefined;
}

/** The entries of one range of blocks. */
export interface EntryPage extends BlockRange {
  /** Without a gap, in order; none where nothing happened. */
  readonly entries: readonly RecordedEntry[];
}

/** Finding one entry by its time takes about as many requests; whoever would need more pages goes that way. */
const MAXIMUM_PAGES = 64n;

/** Entries found by their times, some thirty requests each: whoever has more needs a node that answers for ranges. */
const MAXIMUM_STEPS = 500;

/** Entries held in memory at once, some 250 MB: a node can invent them without an end. */
const MAXIMUM_ENTRIES = 250_000;

/**
 * Reads the entries that a passport recorded in a range of blocks: with one request where the node allows it, otherwise
 * piece by piece. Where the pieces would be too many, each entry leads to the one before it by its time, however many
 * years and blocks lie between them; if the time of the last one is not known, the node's refusal is passed on: one that
 * refuses everything and speaks of endless blocks must not keep anybody busy.
 *
 * @param provider - any ethers provider
 * @param options - the passport, first and last block
 * @returns entries without a gap, in order
 * @throws PassportError `chain.*`; `chain.answer-invalid` also for more than 250,000 entries
 */
export async function readEntries(provider: Provider, options: ReadEntriesOptions): Promise<readonly RecordedEntry[]> {
  const { maximumEntries = MAXIMUM_ENTRIES } = options;
  const entries: RecordedEntry[] = [];
  for await (const page of readEntryPages(provider, options)) {
    for (const entry of page.entries) entries.push(entry);
    if (entries.length > maximumEntries) throw tooMany(provider);
  }
  const problem = findBreak(entries);
  if (problem !== undefined) throw answerInvalid(provider, problem);
  return entries;
}

/**
 * As `readEntries`, piece by piece: nothing is kept in memory but the present piece, unless each entry had to be found
 * by its time. Each page is checked in itself, not against the one before it.
 *
 * @param provider - any ethers provider
 * @param options - the passport, first and last block
 * @returns the pages, the oldest first; together they cover the range
 * @throws PassportError `chain.*`
 */
export async function* readEntryPages(provider: Provider, options: ReadEntriesOptions): AsyncGenerator<EntryPage> {
  const { passport: address, lastRecordedAt, expectedEntries } = options;
  let { fromBlock } = options;
  try {
    for await (const page of readLogs(provider, {
      ...options,
      address,
      topic: ATTESTED_TOPIC,
      maximumPages: MAXIMUM_PAGES,
      expectedLogs: expectedEntries,
    })) {
      const range = { fromBlock, toBlock: page.toBlock };
      yield { entries: checkEntries(provider, page.logs, { ...options, ...range }), ...range };
      fromBlock = page.toBlock + 1n;
    }
  } catch (error) {
    if (lastRecordedAt === undefined || isPassportError(error, "chain.answer-invalid")) throw error;
    const entries = await walkBack(provider, { ...options, fromBlock }, lastRecordedAt);
    if (entries === undefined) throw error;
    yield { ...options, fromBlock, entries };
  }
}

/** Undefined where it would take too long. */
async function walkBack(
  provider: Provider,
  options: ReadEntriesOptions,
  lastRecordedAt: bigint,
): Promise<readonly RecordedEntry[] | undefined> {
  const timestampOf = rememberTimestamps(provider);
  const seconds: (readonly RecordedEntry[])[] = [];
  let entryCount = 0;
  const start = await timestampOf(options.fromBlock);
  let second = lastRecordedAt;
  while (second !== 0n && second >= start) {
    if (seconds.length === MAXIMUM_STEPS) return undefined;
    const range = await findBlocksAt(timestampOf, { ...options, second });
    const { passport } = options;
    const maximumEntries = MAXIMUM_ENTRIES - entryCount;
    const found = range === undefined ? [] : await readEntries(provider, { passport, ...range, maximumEntries });
    seconds.push(found);
    entryCount += found.length;
    // Blocks of the first second may lie before the range, and so may the entry.
    if (second === start) break;
    const [first] = found;
    if (first === undefined || first.previousRecordedAt >= second) {
      throw answerInvalid(provider, `no entry where another one says that it is, at ${second}`);
    }
    second = first.previousRecordedAt;
  }
  return seconds.reverse().flat();
}

/** The search for each entry begins with the same blocks. */
function rememberTimestamps(provider: Provider): (block: bigint) => Promise<bigint> {
  const timestamps = new Map<bigint, bigint>();
  return async (block) => {
    const timestamp = timestamps.get(block) ?? (await readBlock(provider, { tag: block })).timestamp;
    timestamps.set(block, timestamp);
    return timestamp;
  };
}

function checkEntries(provider: Provider, logs: readonly Log[], options: ReadEntriesOptions): readonly RecordedEntry[] {
  const read = entriesOfLogs(logs, options);
  if ("entries" in read) return read.entries;
  throw answerInvalid(provider, read.problem);
}

function tooMany(provider: Provider): PassportError {
  return answerInvalid(provider, "more entries than fit into memory, which only `iterateHistory` reads");
}

function answerInvalid(provider: Provider, problem: string): PassportError {
  return new PassportError("chain.answer-invalid", { endpoint: endpointOf(provider), problem });
}

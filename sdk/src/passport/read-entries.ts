import type { Log, Provider } from "ethers";
import { askNode } from "../chain/ask-node.js";
import { endpointOf } from "../chain/endpoint-of.js";
import { isPassportError, PassportError } from "../errors/passport-error.js";
import type { Address } from "../primitives/hex.js";
import { ATTESTED_TOPIC, type RecordedEntry } from "./decode-attested.js";
import { entriesOfLogs } from "./entries-of-logs.js";
import { type BlockRange, findBlocksAt } from "./find-blocks-at.js";
import { readBlock } from "./read-at-block.js";
import { readLogs } from "./read-logs.js";

/** Whose entries, from where. */
export interface ReadEntriesOptions extends BlockRange {
  readonly passport: Address;
  /** Chain time of the last entry at the end of the range, as the passport says, if it was asked. */
  readonly lastRecordedAt?: bigint | undefined;
}

/**
 * Reads the entries that a passport recorded in a range of blocks: with one request where the node allows it. Where it
 * does not, each entry leads to the one before it by its time, however many years and blocks lie between them; only if
 * the time of the last one is not known, the whole range is searched piece by piece.
 *
 * @param provider - any ethers provider
 * @param options - the passport, first and last block
 * @returns entries without a gap, in order
 * @throws PassportError `chain.*`
 */
export async function readEntries(provider: Provider, options: ReadEntriesOptions): Promise<readonly RecordedEntry[]> {
  const { passport: address, fromBlock, toBlock, lastRecordedAt } = options;
  if (lastRecordedAt === undefined) return await searchEntries(provider, options);
  try {
    const filter = { address, topics: [ATTESTED_TOPIC], fromBlock, toBlock };
    return checkEntries(provider, await askNode(provider, () => provider.getLogs(filter)), options);
  } catch (error) {
    if (isPassportError(error, "chain.answer-invalid")) throw error;
    return await walkBack(provider, options, lastRecordedAt);
  }
}

async function searchEntries(provider: Provider, options: ReadEntriesOptions): Promise<readonly RecordedEntry[]> {
  const logs: Log[] = [];
  for await (const page of readLogs(provider, { address: options.passport, topic: ATTESTED_TOPIC, ...options })) {
    for (const log of page) logs.push(log);
  }
  return checkEntries(provider, logs, options);
}

async function walkBack(
  provider: Provider,
  options: ReadEntriesOptions,
  lastRecordedAt: bigint,
): Promise<readonly RecordedEntry[]> {
  const timestampOf = rememberTimestamps(provider);
  const entries: RecordedEntry[] = [];
  let second = lastRecordedAt;
  while (second !== 0n && second >= (await timestampOf(options.fromBlock))) {
    const range = await findBlocksAt(timestampOf, { ...options, second });
    const found = range === undefined ? [] : await searchEntries(provider, { ...options, ...range });
    const [first] = found;
    if (first === undefined || first.previousRecordedAt >= second) {
      throw answerInvalid(provider, `no entry where another one says that it is, at ${second}`);
    }
    entries.unshift(...found);
    second = first.previousRecordedAt;
  }
  return entries;
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

function answerInvalid(provider: Provider, problem: string): PassportError {
  return new PassportError("chain.answer-invalid", { endpoint: endpointOf(provider), problem });
}

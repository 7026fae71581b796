import type { Provider } from "ethers";
import { askNode } from "../chain/ask-node.js";
import { endpointOf } from "../chain/endpoint-of.js";
import { DigitalPassport__factory } from "../contracts/index.js";
import { isPassportError, PassportError } from "../errors/passport-error.js";
import { type Address, type Bytes32, parseBytes32 } from "../primitives/hex.js";
import { initialHead } from "../signing/passport-hashing.js";
import type { ReadingContext } from "./context.js";
import type { RecordedEntry } from "./decode-attested.js";
import { getStretch, type HistoryCache, type HistoryStretch, replayFrom, setStretch } from "./history-cache.js";
import { type HistoryCursor, type HistoryPoint, moveCursor } from "./history-cursor.js";
import { BLOCK_TAGS, type BlockLevel, type ReadBlock, readBlock } from "./read-at-block.js";
import { type EntryPage, readEntryPages } from "./read-entries.js";

/** What a reading of a history finds, one after the other. */
export type HistoryPage =
  | {
      readonly kind: "entries";
      /** In order, without a gap to the page before; none where blocks without entries were read. */
      readonly entries: readonly RecordedEntry[];
      /** To go on from here another time. */
      readonly cursor: HistoryCursor;
    }
  | {
      /** The entries after that position are not of the chain any more, or never were; what follows takes their place. */
      readonly kind: "withdrawn";
      readonly afterSequence: bigint;
    };

/** What history pages are read of. */
export interface HistoryPagesOptions {
  readonly passport: Address;
  readonly level: BlockLevel;
  readonly fromBlock: bigint;
  /** Where to go on; at `fromBlock` if left out. */
  readonly after: HistoryCursor | undefined;
  readonly cache: HistoryCache | undefined;
}

/** What one attempt to read up to a block works on. */
interface Reading extends HistoryPagesOptions {
  readonly provider: Provider;
  readonly chainId: bigint;
  readonly target: ReadBlock;
  /** The head that the passport shows at that block. */
  readonly head: Bytes32;
}

const MAXIMUM_ATTEMPTS = 6;

/**
 * Reads a history up to the present, page by page. The last page is given out only once all entries have been replayed
 * to the head that the passport shows; if they do not lead there, the reading begins again: without the cache, then
 * without the cursor.
 *
 * @param context - `provider`, `chainId`
 * @param options - passport, level, first block, cursor, cache
 * @returns the pages; none if there is nothing new
 * @throws PassportError `chain.*`
 */
export async function* historyPages(
  context: Pick<ReadingContext, "provider" | "chainId">,
  options: HistoryPagesOptions,
): AsyncGenerator<HistoryPage, void> {
  const { provider, chainId } = context;
  const origin = originOf({ ...options, chainId });
  let { after: cursor = origin, cache } = options;
  let reported = cursor.sequence;
  for (let attempt = 1; attempt <= MAXIMUM_ATTEMPTS; attempt++) {
    const target = await readBlock(provider, { tag: BLOCK_TAGS[options.level] });
    if (attempt === 1 && target.hash === cursor.blockHash) return;
    const head = await readHead(provider, { ...options, target, cursor });
    const start = head === cursor.head ? cursor : await lastCanonical(provider, { cursor, origin });
    if (start.sequence < reported) yield { kind: "withdrawn", afterSequence: start.sequence };
    const { problem, reached } = yield* readTo({ ...options, provider, chainId, target, head, cache }, start);
    if (problem === undefined) return;
    reported = reached;
    const isReorganised = (await readBlock(provider, { tag: target.number })).hash !== target.hash;
    cursor = start;
    if (isReorganised) continue;
    if (cache === undefined) cursor = mistrust(provider, { start, origin, problem });
    cache = undefined;
  }
  throw new PassportError("chain.unreachable", {
    endpoint: endpointOf(provider),
    problem: "the chain was reorganised again and again while it was read",
  });
}

/** Where to begin if no cache is to blame: the cursor may be false; without one, the node is. */
function mistrust(
  provider: Provider,
  options: { readonly start: HistoryCursor; readonly origin: HistoryCursor; readonly problem: string },
): HistoryCursor {
  if (options.start.sequence === 0n) throw answerInvalid(provider, options.problem);
  return options.origin;
}

async function readHead(
  provider: Provider,
  options: { readonly passport: Address; readonly target: ReadBlock; readonly cursor: HistoryPoint },
): Promise<Bytes32> {
  const { passport, target, cursor } = options;
  if (target.number < cursor.blockNumber) throw behind(provider, cursor);
  const contract = DigitalPassport__factory.connect(passport, provider);
  return parseBytes32(await askNode(provider, () => contract.head({ blockTag: target.number })));
}

/** Before the first entry. Nothing in it can be taken back, so its block is never asked for. */
function originOf(options: Pick<HistoryPagesOptions, "passport" | "fromBlock"> & { readonly chainId: bigint }) {
  const head = initialHead(options);
  return { blockNumber: options.fromBlock - 1n, blockHash: head, sequence: 0n, head, earlier: [] };
}

async function lastCanonical(
  provider: Provider,
  { cursor, origin }: { readonly cursor: HistoryCursor; readonly origin: HistoryCursor },
): Promise<HistoryCursor> {
  const points: readonly HistoryPoint[] = [...cursor.earlier, cursor];
  for (let index = points.length - 1; index >= 0; index--) {
    const point = points[index];
    if (point === undefined || point.sequence === 0n) break;
    const block = await readBlock(provider, { tag: point.blockNumber });
    if (block.hash !== point.blockHash) continue;
    const { blockNumber, blockHash, sequence, head } = point;
    return { blockNumber, blockHash, sequence, head, earlier: cursor.earlier.slice(0, index) };
  }
  return origin;
}

/** How an attempt ended. */
interface Outcome {
  /** What is wrong with the entries; undefined if they lead to the head. */
  readonly problem?: string;
  /** Position of the last entry that was given out. */
  readonly reached: bigint;
}

async function* readTo(reading: Reading, start: HistoryCursor): AsyncGenerator<HistoryPage, Outcome> {
  const { cache, target, head } = reading;
  const held: (HistoryPage & { readonly kind: "entries" })[] = [];
  let [cursor, reached] = [start, start.sequence];
  try {
    for await (const { entries, point } of stretchesTo(reading, start)) {
      // What comes from a cache is not believed before all of it, and all after it, leads to the head.
      if (cache === undefined) {
        yield* held.splice(0);
        reached = cursor.sequence;
      }
      cursor = moveCursor(cursor, point);
      held.push({ kind: "entries", entries, cursor });
    }
  } catch (error) {
    if (isPassportError(error, "chain.answer-invalid")) return { problem: String(error.details.problem), reached };
    throw error;
  }
  if (cursor.head !== head)
    return { problem: `the entries up to block ${target.number} do not lead to head ${head}`, reached };
  yield* held;
  return { reached: cursor.sequence };
}

async function* stretchesTo(reading: Reading, start: HistoryPoint): AsyncGenerator<HistoryStretch> {
  let after = start;
  for await (const stretch of cachedStretches(reading, start)) {
    yield stretch;
    after = stretch.point;
  }
  yield* newStretches(reading, after);
}

async function* cachedStretches(reading: Reading, start: HistoryPoint): AsyncGenerator<HistoryStretch> {
  const { chainId, passport, cache, target, head } = reading;
  let after = start;
  while (cache !== undefined && after.head !== head) {
    const stretch = await getStretch(cache, { chainId, passport, after });
    if (stretch === undefined || stretch.point.blockNumber > target.number) return;
    yield stretch;
    after = stretch.point;
  }
}

async function* newStretches(reading: Reading, start: HistoryPoint): AsyncGenerator<HistoryStretch> {
  const { chainId, passport, cache, target, head } = reading;
  const finalized = head === start.head ? undefined : await readFinalized(reading);
  let after = start;
  for await (const page of newPages(reading, start)) {
    for (const { entries, toBlock } of splitAt(page, finalized?.number)) {
      if (entries.length === 0 && toBlock < target.number) continue;
      const stretch = { entries, point: await pointAfter(reading, { after, entries, toBlock }) };
      if (cache !== undefined && entries.length > 0 && finalized !== undefined && toBlock <= finalized.number) {
        await setStretch(cache, { chainId, passport, after }, stretch);
      }
      yield stretch;
      after = stretch.point;
    }
  }
}

async function pointAfter(
  { provider, target }: Reading,
  options: Pick<EntryPage, "entries" | "toBlock"> & { readonly after: HistoryPoint },
): Promise<HistoryPoint> {
  const { after, entries, toBlock } = options;
  const [first] = entries;
  if (first !== undefined && first.sequence !== after.sequence + 1n) {
    throw answerInvalid(provider, `entry ${first.sequence} stands where entry ${after.sequence + 1n} belongs`);
  }
  const { hash } = toBlock === target.number ? target : await readBlock(provider, { tag: toBlock });
  return { blockNumber: toBlock, blockHash: hash, ...replayFrom(after, entries) };
}

async function* newPages(reading: Reading, after: HistoryPoint): AsyncGenerator<EntryPage> {
  const { provider, passport, target } = reading;
  const range = { fromBlock: after.blockNumber + 1n, toBlock: target.number };
  if (after.head === reading.head || range.fromBlock > range.toBlock) {
    yield { ...range, entries: [] };
    return;
  }
  const contract = DigitalPassport__factory.connect(passport, provider);
  const at = { blockTag: target.number };
  const [lastRecordedAt, entryCount] = await askNode(provider, () =>
    Promise.all([contract.lastRecordedAt(at), contract.entryCount(at)]),
  );
  const expectedEntries = entryCount > after.sequence ? entryCount - after.sequence : undefined;
  yield* readEntryPages(provider, { passport, ...range, lastRecordedAt, expectedEntries });
}

/** A page that ends with a finalized block can be kept, and be gone on from after any reorganisation. */
function splitAt(page: EntryPage, block: bigint | undefined): readonly EntryPage[] {
  const { entries, fromBlock, toBlock } = page;
  if (block === undefined || block < fromBlock || block >= toBlock) return [page];
  return [
    { fromBlock, toBlock: block, entries: entries.filter(({ blockNumber }) => blockNumber <= block) },
    { fromBlock: block + 1n, toBlock, entries: entries.filter(({ blockNumber }) => blockNumber > block) },
  ];
}

/** Not every node knows what is finalized. */
async function readFinalized({ provider }: Reading): Promise<ReadBlock | undefined> {
  try {
    return await readBlock(provider, { tag: BLOCK_TAGS.finalized });
  } catch (error) {
    if (isPassportError(error)) return undefined;
    throw error;
  }
}

function behind(provider: Provider, { blockNumber }: HistoryPoint): PassportError {
  return new PassportError("chain.unreachable", {
    endpoint: endpointOf(provider),
    problem: `it has not come to block ${blockNumber}, up to which the history has been read`,
  });
}

function answerInvalid(provider: Provider, problem: string): PassportError {
  return new PassportError("chain.answer-invalid", { endpoint: endpointOf(provider), problem });
}

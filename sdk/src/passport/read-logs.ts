import type { Log, Provider } from "ethers";
import { askNode } from "../chain/ask-node.js";
import { isPassportError, type PassportError } from "../errors/passport-error.js";
import type { Address } from "../primitives/hex.js";
import type { BlockRange } from "./find-blocks-at.js";

/** Which logs are meant. */
export interface LogQuery extends BlockRange {
  readonly address: Address;
  /** First topic: the event. */
  readonly topic: string;
  /** Indexed arguments of the event that logs must have, as topics. */
  readonly indexed?: readonly string[] | undefined;
  /** How many more requests are worth while once the node has refused a range; any number if left out. */
  readonly maximumPages?: bigint | undefined;
  /** How many logs there should be: where they are many, they are asked for in pages that fit into memory. */
  readonly expectedLogs?: bigint | undefined;
}

/** The logs of one range of blocks. */
export interface LogPage {
  readonly logs: readonly Log[];
  /** Last block of the range; the next page begins behind it. */
  readonly toBlock: bigint;
}

/** What a page should hold where the logs are many: some 2 MB as the node writes them. */
const PAGE_LOGS = 2_000;

/** However many logs a node speaks of. */
const MAXIMUM_FIRST_PAGES = 1_024n;

/** Where logs are dense a node refuses ranges that it accepts elsewhere, so ranges grow again after that many. */
const PAGES_BEFORE_GROWTH = 8;

/**
 * Reads the logs of one contract, in as few requests as the node and memory allow: a range that the node refuses, or
 * in which more logs lie than a page should hold, is halved, and the ranges after it grow slowly.
 *
 * @param provider - any ethers provider
 * @param query - which logs
 * @returns the logs, one page per range, the oldest first; nothing of them has been checked
 * @throws PassportError `chain.unreachable`, `chain.request-refused`, `chain.answer-invalid`
 */
export async function* readLogs(provider: Provider, query: LogQuery): AsyncGenerator<LogPage> {
  const { toBlock, expectedLogs = 0n, maximumPages = toBlock } = query;
  const pages = minimumOf(expectedLogs / BigInt(PAGE_LOGS) + 1n, MAXIMUM_FIRST_PAGES);
  let fromBlock = query.fromBlock;
  let blockCount = (toBlock - fromBlock) / pages + 1n;
  let acceptedInARow = 0;
  while (fromBlock <= toBlock) {
    const lastBlock = minimumOf(fromBlock + blockCount - 1n, toBlock);
    const logs = await askForLogs(provider, query, { fromBlock, toBlock: lastBlock });
    if (Array.isArray(logs)) {
      yield { logs, toBlock: lastBlock };
      fromBlock = lastBlock + 1n;
      acceptedInARow++;
      const logCount = expectedLogs === 0n ? 0 : logs.length;
      blockCount = blockCountAfter(blockCount, { logCount, acceptedInARow });
    } else {
      acceptedInARow = 0;
      blockCount = (lastBlock - fromBlock + 1n) / 2n;
      const isWorthWhile = blockCount > 0n && (toBlock - fromBlock) / blockCount <= maximumPages;
      if (!(isWorthWhile && (await isAnswering(provider)))) throw logs;
    }
  }
}

function blockCountAfter(
  blockCount: bigint,
  { logCount, acceptedInARow }: { readonly logCount: number; readonly acceptedInARow: number },
): bigint {
  if (logCount > 2 * PAGE_LOGS) return blockCount / 2n + 1n;
  const isRoomy = logCount < PAGE_LOGS / 2 && acceptedInARow % PAGES_BEFORE_GROWTH === 0;
  return isRoomy ? 2n * blockCount : blockCount;
}

async function askForLogs(
  provider: Provider,
  { address, topic, indexed = [] }: LogQuery,
  range: BlockRange,
): Promise<readonly Log[] | PassportError> {
  const filter = { address, topics: [topic, ...indexed], ...range };
  return await askNode(provider, () => provider.getLogs(filter)).catch(asPassportError);
}

function asPassportError(error: unknown): PassportError {
  if (isPassportError(error)) return error;
  throw error;
}

/** Nodes refuse long ranges in a hundred ways; what tells them from an outage is that the node answers otherwise. */
async function isAnswering(provider: Provider): Promise<boolean> {
  return await askNode(provider, () => provider.getBlockNumber()).then(
    () => true,
    () => false,
  );
}

function minimumOf(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}

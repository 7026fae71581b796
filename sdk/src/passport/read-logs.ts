import type { Log, Provider } from "ethers";
import { askNode } from "../chain/ask-node.js";
import { isPassportError, type PassportError } from "../errors/passport-error.js";
import type { Address } from "../primitives/hex.js";

/** Which logs are meant. */
export interface LogQuery {
  readonly address: Address;
  /** First topic: the event. */
  readonly topic: string;
  /** Indexed arguments of the event that logs must have, as topics. */
  readonly indexed?: readonly string[] | undefined;
  /** First and last block. */
  readonly fromBlock: bigint;
  readonly toBlock: bigint;
  /** How many more requests are worth while once the node has refused a range; any number if left out. */
  readonly maximumPages?: bigint | undefined;
}

/** The logs of one range of blocks. */
export interface LogPage {
  readonly logs: readonly Log[];
  /** Last block of the range; the next page begins behind it. */
  readonly toBlock: bigint;
}

/** Where logs are dense a node refuses ranges that it accepts elsewhere, so ranges grow again after that many. */
const PAGES_BEFORE_GROWTH = 8;

/**
 * Reads the logs of one contract, in as few requests as the node allows: a range that it refuses is halved, and the
 * ranges after it grow slowly.
 *
 * @param provider - any ethers provider
 * @param query - which logs
 * @returns the logs, one page per range, the oldest first; nothing of them has been checked
 * @throws PassportError `chain.unreachable`, `chain.request-refused`, `chain.answer-invalid`
 */
export async function* readLogs(provider: Provider, query: LogQuery): AsyncGenerator<LogPage> {
  const { address, topic, indexed = [], toBlock, maximumPages } = query;
  let fromBlock = query.fromBlock;
  let blockCount = toBlock - fromBlock + 1n;
  let acceptedInARow = 0;
  while (fromBlock <= toBlock) {
    const lastBlock = minimumOf(fromBlock + blockCount - 1n, toBlock);
    const filter = { address, topics: [topic, ...indexed], fromBlock, toBlock: lastBlock };
    const logs = await askNode(provider, () => provider.getLogs(filter)).catch(asPassportError);
    if (Array.isArray(logs)) {
      yield { logs, toBlock: lastBlock };
      fromBlock = lastBlock + 1n;
      acceptedInARow++;
      if (acceptedInARow % PAGES_BEFORE_GROWTH === 0) blockCount *= 2n;
    } else {
      acceptedInARow = 0;
      blockCount = (lastBlock - fromBlock + 1n) / 2n;
      if (blockCount === 0n || !(await isAnswering(provider))) throw logs;
      if (maximumPages !== undefined && (toBlock - fromBlock) / blockCount > maximumPages) throw logs;
    }
  }
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

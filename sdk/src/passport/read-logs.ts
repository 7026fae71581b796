import type { Log, Provider } from "ethers";
import { askNode } from "../chain/ask-node.js";
import { isPassportError, type PassportError } from "../errors/passport-error.js";
import type { Address } from "../primitives/hex.js";

/** Which logs are meant. */
export interface LogQuery {
  readonly address: Address;
  /** First topic: the event. */
  readonly topic: string;
  /** First and last block. */
  readonly fromBlock: bigint;
  readonly toBlock: bigint;
}

/**
 * Reads the logs of one contract, in as few requests as the node allows: a range that it refuses is halved, and the
 * ranges after it are no longer than the one that it accepted.
 *
 * @param provider - any ethers provider
 * @param query - which logs
 * @returns the logs, one page per range, the oldest first; nothing of them has been checked
 * @throws PassportError `chain.unreachable`, `chain.request-refused`, `chain.answer-invalid`
 */
export async function* readLogs(provider: Provider, query: LogQuery): AsyncGenerator<readonly Log[]> {
  const { address, topic, toBlock } = query;
  let fromBlock = query.fromBlock;
  let blockCount = toBlock - fromBlock + 1n;
  while (fromBlock <= toBlock) {
    const lastBlock = minimumOf(fromBlock + blockCount - 1n, toBlock);
    const filter = { address, topics: [topic], fromBlock, toBlock: lastBlock };
    const page = await askNode(provider, () => provider.getLogs(filter)).catch(asPassportError);
    if (Array.isArray(page)) {
      yield page;
      fromBlock = lastBlock + 1n;
    } else {
      blockCount = (lastBlock - fromBlock + 1n) / 2n;
      if (blockCount === 0n || !(await isAnswering(provider))) throw page;
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

import type { Log, Provider } from "ethers";
import { endpointOf } from "../chain/endpoint-of.js";
import { PassportError } from "../errors/passport-error.js";
import type { Address } from "../primitives/hex.js";
import { ATTESTED_TOPIC, type RecordedEntry } from "./decode-attested.js";
import { entriesOfLogs } from "./entries-of-logs.js";
import { readLogs } from "./read-logs.js";

/**
 * Reads the entries that a passport recorded in a range of blocks.
 *
 * @param provider - any ethers provider
 * @param options - address of the `passport`, first and last block
 * @returns entries without a gap, in order
 * @throws PassportError `chain.*`
 */
export async function readEntries(
  provider: Provider,
  options: { readonly passport: Address; readonly fromBlock: bigint; readonly toBlock: bigint },
): Promise<readonly RecordedEntry[]> {
  const { passport, fromBlock, toBlock } = options;
  const logs: Log[] = [];
  for await (const page of readLogs(provider, { address: passport, topic: ATTESTED_TOPIC, fromBlock, toBlock })) {
    logs.push(...page);
  }
  const read = entriesOfLogs(logs, options);
  if ("entries" in read) return read.entries;
  throw new PassportError("chain.answer-invalid", { endpoint: endpointOf(provider), problem: read.problem });
}

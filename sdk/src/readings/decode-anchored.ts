import { id, type Log } from "ethers";
import * as z from "zod";
import { readingsAnchorInterface } from "../chain/contract-interfaces.js";
import { addressSchema, type Bytes32, bytes27Schema, bytes32Schema, digestSchema } from "../primitives/hex.js";
import type { Batch } from "./batch.js";

/** A batch that is anchored, and where the chain has it. */
export interface RecordedBatch extends Batch {
  /** Chain time, Unix seconds. */
  readonly recordedAt: bigint;
  readonly blockNumber: bigint;
  readonly transactionHash: Bytes32;
}

/** First topic of every log that records a batch. */
export const ANCHORED_TOPIC = bytes32Schema.parse(id(readingsAnchorInterface.getEvent("Anchored").format("sighash")));

const recordedBatchSchema = z.object({
  gateway: addressSchema,
  sequence: z.bigint(),
  previousHead: bytes27Schema,
  root: bytes32Schema,
  count: z.bigint(),
  from: z.bigint(),
  to: z.bigint(),
  document: digestSchema,
  recordedAt: z.bigint(),
  blockNumber: z.bigint(),
  transactionHash: bytes32Schema,
});

/**
 * Reads a batch from an `Anchored` event. Anybody can emit such an event: compare the log's address with the anchor.
 *
 * @param log - as the node gave it
 * @returns the batch; undefined if the log is no well-formed event of that kind
 */
export function decodeAnchored(log: Log): RecordedBatch | undefined {
  const { blockNumber, transactionHash } = log;
  return recordedBatchSchema.safeParse({
    ...parseAnchored(log),
    blockNumber: BigInt(blockNumber),
    transactionHash,
  }).data;
}

/** Bytes that do not fit the event make ethers throw, now or when a value is looked at. */
function parseAnchored(log: Log): Readonly<Record<string, unknown>> | undefined {
  try {
    const event = readingsAnchorInterface.parseLog(log);
    return event?.name === "Anchored" ? event.args.toObject() : undefined;
  } catch {
    return undefined;
  }
}

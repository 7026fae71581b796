import { id, type Log } from "ethers";
import * as z from "zod";
import { passportInterface } from "../chain/contract-interfaces.js";
import { eventTypeSchema } from "../primitives/event-type.js";
import { addressSchema, type Bytes32, bytes32Schema, digestSchema } from "../primitives/hex.js";
import type { PassportEntry } from "../signing/passport-hashing.js";

/** An entry, and where the chain has it. */
export interface RecordedEntry extends PassportEntry {
  /** Chain time of the entry before, Unix seconds; 0 for the first. */
  readonly previousRecordedAt: bigint;
  readonly blockNumber: bigint;
  /** Position of the log in its block. */
  readonly logIndex: number;
  readonly transactionHash: Bytes32;
}

/** First topic of every log that records an entry. */
export const ATTESTED_TOPIC = bytes32Schema.parse(id(passportInterface.getEvent("Attested").format("sighash")));

const recordedEntrySchema = z.object({
  sequence: z.bigint(),
  eventType: eventTypeSchema,
  attester: addressSchema,
  roles: z.bigint(),
  document: digestSchema,
  recordedAt: z.bigint(),
  owner: addressSchema,
  condition: z.bigint(),
  previousRecordedAt: z.bigint(),
  blockNumber: z.bigint(),
  logIndex: z.int().nonnegative(),
  transactionHash: bytes32Schema,
});

/**
 * Reads an entry from an `Attested` event. Anybody can emit such an event: compare the log's address with the passport.
 *
 * @param log - as the node gave it
 * @returns the entry; undefined if the log is no well-formed event of that kind
 */
export function decodeAttested(log: Log): RecordedEntry | undefined {
  const { blockNumber, index: logIndex, transactionHash } = log;
  return recordedEntrySchema.safeParse({
    ...parseAttested(log),
    blockNumber: BigInt(blockNumber),
    logIndex,
    transactionHash,
  }).data;
}

/** Bytes that do not fit the event make ethers throw, now or when a value is looked at. */
function parseAttested(log: Log): Readonly<Record<string, unknown>> | undefined {
  try {
    const event = passportInterface.parseLog(log);
    return event?.name === "Attested" ? event.args.toObject() : undefined;
  } catch {
    return undefined;
  }
}

import type { Interface, Log } from "ethers";
import { PassportError } from "../errors/passport-error.js";
import type { Address, Bytes32 } from "../primitives/hex.js";

/** Which events are looked for. */
export interface EventQuery {
  /** The contract that must have emitted them: anybody can emit events that look alike. */
  readonly address: Address;
  readonly contract: Interface;
  /** Name of the event. */
  readonly event: string;
}

/** The arguments of an event by name, and the log it stands in. */
export interface FoundEvent {
  readonly values: Readonly<Record<string, unknown>>;
  readonly log: Log;
}

/**
 * Finds the events of one contract.
 *
 * @param logs - of a receipt
 * @param query - whose events, and which
 * @returns them in their order
 */
export function findEvents(logs: readonly Log[], query: EventQuery): readonly FoundEvent[] {
  const topic = query.contract.getEvent(query.event)?.topicHash;
  return logs
    .filter(({ address, topics }) => address === query.address && topics[0] === topic)
    .flatMap((log) => {
      const event = query.contract.parseLog(log);
      return event === null ? [] : [{ values: event.args.toObject(), log }];
    });
}

/**
 * Finds the one event that says what a transaction did.
 *
 * @param logs - of its receipt
 * @param query - whose event, and which; `transactionHash`: for the error
 * @returns the last such event
 * @throws PassportError `contract.event-missing`
 */
export function findEvent(logs: readonly Log[], query: EventQuery & { readonly transactionHash: Bytes32 }): FoundEvent {
  const found = findEvents(logs, query).at(-1);
  if (found !== undefined) return found;
  const { transactionHash, event, address } = query;
  throw new PassportError("contract.event-missing", { transactionHash, event, address });
}

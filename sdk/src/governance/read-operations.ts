import type { Log, Provider } from "ethers";
import * as z from "zod";
import { askNode } from "../chain/ask-node.js";
import { timelockInterface } from "../chain/contract-interfaces.js";
import { endpointOf } from "../chain/endpoint-of.js";
import { findEvents } from "../chain/find-events.js";
import { TimelockController__factory } from "../contracts/index.js";
import { PassportError } from "../errors/passport-error.js";
import type { ReadingContext } from "../passport/context.js";
import { readAtBlock } from "../passport/read-at-block.js";
import { readLogs } from "../passport/read-logs.js";
import {
  type Address,
  addressSchema,
  type Bytes32,
  bytes32Schema,
  hexSchema,
  parseAddress,
} from "../primitives/hex.js";
import { isOperationOf, type TimelockOperation } from "./timelock-operation.js";

/** An operation that a timelock has been told of. */
export interface ScheduledOperation {
  readonly id: Bytes32;
  readonly timelock: Address;
  readonly operation: TimelockOperation;
  /** `waiting`: its delay has not passed; `ready`: whoever may can execute it now. */
  readonly state: "waiting" | "ready" | "done" | "cancelled";
  /** Unix second from which it may be executed; undefined once it is done or cancelled. */
  readonly executableFrom: bigint | undefined;
  /** Seconds of the chain's time until then; 0 if there is nothing to wait for. */
  readonly secondsLeft: bigint;
}

/** Which operations are read. */
export interface ReadOperationsOptions {
  readonly timelock: string;
  /** Block of the timelock's deployment; the first one of the chain if left out. */
  readonly fromBlock?: bigint | undefined;
}

const scheduledSchema = z.object({
  id: bytes32Schema,
  index: z.bigint(),
  target: addressSchema,
  value: z.bigint(),
  data: hexSchema,
  predecessor: bytes32Schema,
});
const saltSchema = z.object({ id: bytes32Schema, salt: bytes32Schema });

/** What stands for no predecessor, and for no salt. */
const NOTHING = bytes32Schema.parse(`0x${"00".repeat(32)}`);

/** What the timelock keeps of an operation that is done, in the place of its time. */
const DONE = 1n;

/**
 * Reads the operations that a timelock was ever told of, and what has become of each. What an operation does is believed
 * only where its number, the hash that the timelock keeps, commits to it.
 *
 * @param context - `provider`
 * @param options - `timelock`, `fromBlock`
 * @returns the operations in the order of their scheduling
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function readOperations(
  { provider }: Pick<ReadingContext, "provider">,
  options: ReadOperationsOptions,
): Promise<readonly ScheduledOperation[]> {
  const timelock = parseAddress(options.timelock, { field: "timelock" });
  const contract = TimelockController__factory.connect(timelock, provider);
  return await readAtBlock(provider, {
    read: async ({ number, timestamp: now }) => {
      const range = { timelock, fromBlock: options.fromBlock ?? 0n, toBlock: number };
      const operations = await readScheduled(provider, range);
      const ids = [...operations.keys()];
      const times = await askNode(provider, () =>
        Promise.all(ids.map((id) => contract.getTimestamp(id, { blockTag: number }))),
      );
      return [...operations].map(([id, operation], index) => ({
        id,
        timelock,
        operation: requireCommitted(provider, { id, operation }),
        ...stateAt(times[index] ?? 0n, now),
      }));
    },
  });
}

interface LogRange {
  readonly timelock: Address;
  readonly fromBlock: bigint;
  readonly toBlock: bigint;
}

async function readScheduled(provider: Provider, range: LogRange): Promise<ReadonlyMap<Bytes32, TimelockOperation>> {
  const scheduled = (await readEvents(provider, { ...range, event: "CallScheduled" })).map((values) =>
    scheduledSchema.parse(values),
  );
  const salts = new Map(
    (await readEvents(provider, { ...range, event: "CallSalt" })).map((values) => {
      const { id, salt } = saltSchema.parse(values);
      return [id, salt] as const;
    }),
  );
  return new Map(
    [...new Set(scheduled.map(({ id }) => id))].map((id) => {
      // What was cancelled may have been scheduled again: the same calls, told twice.
      const calls = new Map(scheduled.filter((call) => call.id === id).map((call) => [call.index, call]));
      const ordered = [...calls.values()].toSorted((one, other) => (one.index < other.index ? -1 : 1));
      const operation = {
        calls: ordered.map(({ target, data, value }) => ({ to: target, data, valueWei: value })),
        predecessor: ordered[0]?.predecessor ?? NOTHING,
        salt: salts.get(id) ?? NOTHING,
      };
      return [id, operation] as const;
    }),
  );
}

async function readEvents(
  provider: Provider,
  { event, timelock, ...range }: LogRange & { readonly event: "CallScheduled" | "CallSalt" },
): Promise<readonly unknown[]> {
  const { topicHash: topic } = timelockInterface.getEvent(event);
  const logs: Log[] = [];
  for await (const page of readLogs(provider, { address: timelock, topic, ...range })) logs.push(...page.logs);
  return findEvents(logs, { address: timelock, contract: timelockInterface, event }).map(({ values }) => values);
}

function requireCommitted(
  provider: Provider,
  { id, operation }: { readonly id: Bytes32; readonly operation: TimelockOperation },
): TimelockOperation {
  if (isOperationOf(operation, { id })) return operation;
  throw new PassportError("chain.answer-invalid", {
    endpoint: endpointOf(provider),
    problem: `what it says about the operation ${id} does not fit that number`,
  });
}

function stateAt(time: bigint, now: bigint): Pick<ScheduledOperation, "state" | "executableFrom" | "secondsLeft"> {
  if (time === 0n) return { state: "cancelled", executableFrom: undefined, secondsLeft: 0n };
  if (time === DONE) return { state: "done", executableFrom: undefined, secondsLeft: 0n };
  const isReady = time <= now;
  return { state: isReady ? "ready" : "waiting", executableFrom: time, secondsLeft: isReady ? 0n : time - now };
}

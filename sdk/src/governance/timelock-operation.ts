import { AbiCoder, keccak256 } from "ethers";
import * as z from "zod";
import { timelockInterface } from "../chain/contract-interfaces.js";
import type { Call } from "../chain/prepare-transaction.js";
import { addressSchema, type Bytes32, bytes32Schema, hexSchema } from "../primitives/hex.js";

/** A whole number that JSON holds as at most 77 decimal digits: less than 2^256. */
export const decimalSchema = z.codec(
  z.string().regex(/^(0|[1-9]\d{0,76})$/, "expected a whole number in decimal digits"),
  z.bigint().nonnegative(),
  { decode: (text) => BigInt(text), encode: (number) => String(number) },
);

/** An operation as a proposal's file has it. */
export const operationSchema = z
  .strictObject({
    /** What is called, in this order; all of it in one transaction, or nothing. */
    calls: z
      .array(z.strictObject({ to: addressSchema, data: hexSchema, valueWei: decimalSchema }).readonly())
      .min(1)
      .readonly(),
    /** Operation that has to be done before; zero for none. */
    predecessor: bytes32Schema,
    /** Tells this operation from another one that does the same. */
    salt: bytes32Schema,
  })
  .readonly();

/** What a timelock is to do once its delay has passed. */
export type TimelockOperation = z.infer<typeof operationSchema>;

const CALL_TYPES = ["address", "uint256", "bytes", "bytes32", "bytes32"];
const BATCH_TYPES = ["address[]", "uint256[]", "bytes[]", "bytes32", "bytes32"];

/**
 * Computes under which number a timelock knows an operation: of one call as `schedule` has it, of several as
 * `scheduleBatch`.
 *
 * @param operation - what is to be done
 * @returns its number
 */
export function operationId(operation: TimelockOperation): Bytes32 {
  const [call] = operation.calls;
  return call !== undefined && operation.calls.length === 1 ? idOfCall(operation, call) : idOfBatch(operation);
}

/**
 * Tells whether an operation is what a timelock knows under a number: also one call that was scheduled as a batch.
 *
 * @param operation - what is said to be done
 * @param options - `id`: the number
 * @returns whether the number commits to it
 */
export function isOperationOf(operation: TimelockOperation, { id }: { readonly id: Bytes32 }): boolean {
  return id === operationId(operation) || id === idOfBatch(operation);
}

/**
 * Encodes the call that schedules an operation.
 *
 * @param operation - what is to be done
 * @param options - `delaySeconds`: until it may be executed
 * @returns call data for the timelock
 */
export function encodeSchedule(operation: TimelockOperation, options: { readonly delaySeconds: bigint }): string {
  const [single, batch] = argumentsOf(operation);
  return single === undefined
    ? timelockInterface.encodeFunctionData("scheduleBatch", [...batch, options.delaySeconds])
    : timelockInterface.encodeFunctionData("schedule", [...single, options.delaySeconds]);
}

/**
 * Encodes the call that executes an operation.
 *
 * @param operation - what is to be done
 * @param options - `id`: its number, which tells whether it was scheduled as a batch
 * @returns call data for the timelock
 */
export function encodeExecute(operation: TimelockOperation, { id }: { readonly id: Bytes32 }): string {
  const [single, batch] = argumentsOf(operation);
  return single === undefined || id !== operationId(operation)
    ? timelockInterface.encodeFunctionData("executeBatch", [...batch])
    : timelockInterface.encodeFunctionData("execute", [...single]);
}

function argumentsOf({ calls, predecessor, salt }: TimelockOperation) {
  const [call, ...others] = calls;
  const single =
    call === undefined || others.length > 0
      ? undefined
      : ([call.to, call.valueWei, call.data, predecessor, salt] as const);
  const batch = [
    calls.map(({ to }) => to),
    calls.map(({ valueWei }) => valueWei),
    calls.map(({ data }) => data),
    predecessor,
    salt,
  ] as const;
  return [single, batch] as const;
}

function idOfCall({ predecessor, salt }: TimelockOperation, { to, data, valueWei }: Call): Bytes32 {
  return hashOf(CALL_TYPES, [to, valueWei, data, predecessor, salt]);
}

function idOfBatch(operation: TimelockOperation): Bytes32 {
  const [, batch] = argumentsOf(operation);
  return hashOf(BATCH_TYPES, batch);
}

function hashOf(types: readonly string[], values: readonly unknown[]): Bytes32 {
  return bytes32Schema.parse(keccak256(AbiCoder.defaultAbiCoder().encode(types, values)));
}

import { hexlify } from "ethers";
import type { Call } from "../chain/prepare-transaction.js";
import type { WritingContext } from "../passport/context.js";
import { type Bytes32, bytes32Schema, parseBytes32 } from "../primitives/hex.js";
import type { TimelockOperation } from "./timelock-operation.js";

/** Of an operation that waits for no other one. */
const NO_PREDECESSOR = bytes32Schema.parse(`0x${"00".repeat(32)}`);

/** What is to be done, and after what. */
export interface CreateOperationOptions {
  /** In this order; the call of any prepared transaction is one. */
  readonly calls: readonly [Call, ...Call[]];
  /** Number of the operation that has to be done before. */
  readonly predecessor?: Bytes32 | undefined;
}

/**
 * Makes an operation for a timelock. A random salt lets the same be done again later.
 *
 * @param context - `randomBytes`
 * @param options - `calls`, `predecessor`
 * @returns the operation
 *
 * @example
 * ```ts
 * const { call } = await client.admitManager({ manufacturerId: 1n, manager });
 * const operation = createOperation(client.context, { calls: [call] });
 * ```
 */
export function createOperation(
  { randomBytes }: Pick<WritingContext, "randomBytes">,
  { calls, predecessor = NO_PREDECESSOR }: CreateOperationOptions,
): TimelockOperation {
  return { calls, predecessor, salt: parseBytes32(hexlify(randomBytes(32))) };
}

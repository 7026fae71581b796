import * as z from "zod";
import { timelockInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import type { WritingContext } from "../passport/context.js";
import { prepareAdministration } from "../passport/prepare-administration.js";
import { bytes32Schema, parseAddress } from "../primitives/hex.js";
import { encodeSchedule, type TimelockOperation } from "./timelock-operation.js";

/** What the timelock's event says. */
export const scheduleSchema = z
  .object({ id: bytes32Schema, delay: z.bigint() })
  .transform(({ id, delay }) => ({ id, delaySeconds: delay }));

/** What a timelock was told: the number of an operation, and how long it has to wait. */
export type OperationSchedule = z.infer<typeof scheduleSchema>;

/** What is scheduled, where, and how long it waits. */
export interface ScheduleOptions {
  readonly timelock: string;
  readonly operation: TimelockOperation;
  /** At least the timelock's own delay. */
  readonly delaySeconds: bigint;
}

/**
 * Prepares the scheduling of an operation. Only who holds the timelock's PROPOSER_ROLE; where that is a Safe, its owners
 * sign a proposal instead.
 *
 * @param context - what writing actions work on
 * @param options - `timelock`, `operation`, `delaySeconds`
 * @returns the prepared transaction; its result is the number of the operation
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function scheduleOperation(
  context: WritingContext,
  options: ScheduleOptions,
): Promise<PreparedTransaction<OperationSchedule>> {
  return prepareAdministration(context, {
    contract: parseAddress(options.timelock, { field: "timelock" }),
    contractInterface: timelockInterface,
    data: encodeSchedule(options.operation, options),
    event: "CallScheduled",
    schema: scheduleSchema,
  });
}

import * as z from "zod";
import { timelockInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import type { WritingContext } from "../passport/context.js";
import { prepareAdministration } from "../passport/prepare-administration.js";
import { bytes32Schema } from "../primitives/hex.js";
import type { ScheduledOperation } from "./read-operations.js";
import { encodeExecute } from "./timelock-operation.js";

const executedSchema = z.object({ id: bytes32Schema });

/** The number of an operation that was executed. */
export type ExecutedOperation = z.infer<typeof executedSchema>;

/**
 * Prepares the execution of an operation whose delay has passed. Who holds the timelock's EXECUTOR_ROLE, in this project's
 * deployments anybody.
 *
 * @param context - what writing actions work on
 * @param options - `timelock`, `id` and `operation`, as `readOperations` gives them
 * @returns the prepared transaction; its result is the number of the operation
 * @throws PassportError `chain.*`
 */
export async function executeOperation(
  context: WritingContext,
  { timelock, id, operation }: Pick<ScheduledOperation, "timelock" | "id" | "operation">,
): Promise<PreparedTransaction<ExecutedOperation>> {
  return prepareAdministration(context, {
    contract: timelock,
    contractInterface: timelockInterface,
    data: encodeExecute(operation, { id }),
    event: "CallExecuted",
    schema: executedSchema,
  });
}

import * as z from "zod";
import { timelockInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import type { WritingContext } from "../passport/context.js";
import { prepareAdministration } from "../passport/prepare-administration.js";
import { bytes32Schema, parseAddress, parseBytes32 } from "../primitives/hex.js";

const cancelledSchema = z.object({ id: bytes32Schema });

/** The number of an operation that was cancelled. */
export type CancelledOperation = z.infer<typeof cancelledSchema>;

/**
 * Prepares the end of an operation that has not been executed. Only who holds the timelock's CANCELLER_ROLE: the Safe, and
 * the guardian at once.
 *
 * @param context - what writing actions work on
 * @param options - `timelock`: its address; `id`: number of the operation
 * @returns the prepared transaction; its result is the number of the operation
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function cancelOperation(
  context: WritingContext,
  options: { readonly timelock: string; readonly id: string },
): Promise<PreparedTransaction<CancelledOperation>> {
  const id = parseBytes32(options.id, { field: "id" });
  return prepareAdministration(context, {
    contract: parseAddress(options.timelock, { field: "timelock" }),
    contractInterface: timelockInterface,
    data: timelockInterface.encodeFunctionData("cancel", [id]),
    event: "Cancelled",
    schema: cancelledSchema,
  });
}

import { concat } from "ethers";
import { safeInterface, timelockInterface } from "../chain/contract-interfaces.js";
import { findEvent } from "../chain/find-events.js";
import { type PreparedTransaction, prepareTransaction } from "../chain/prepare-transaction.js";
import { PassportError } from "../errors/passport-error.js";
import type { WritingContext } from "../passport/context.js";
import { checkProposal } from "./check-proposal.js";
import { type Proposal, transactionOf } from "./proposal.js";
import { safeArguments } from "./safe-transaction.js";
import { type OperationSchedule, scheduleSchema } from "./schedule-operation.js";

/**
 * Prepares the transaction with which a Safe schedules what enough of its owners have signed. Anybody may send it.
 *
 * @param context - what writing actions work on
 * @param proposal - with its signatures
 * @returns the prepared transaction; its result is the number of the operation and its delay
 * @throws PassportError `proposal.unfit`, `chain.*`
 */
export async function queueProposal(
  context: WritingContext,
  proposal: Proposal,
): Promise<PreparedTransaction<OperationSchedule>> {
  const { safe, signatures } = await checkProposal(context, proposal);
  if (BigInt(signatures.length) < safe.threshold) {
    const problem = `${signatures.length} of ${safe.threshold} owners who have to sign it have done so`;
    throw new PassportError("proposal.unfit", { problem });
  }
  const fields = Object.values(safeArguments(transactionOf(proposal).call));
  const event = { address: proposal.timelock, contract: timelockInterface, event: "CallScheduled" };
  return prepareTransaction(context, {
    to: proposal.safe,
    data: safeInterface.encodeFunctionData("execTransaction", [
      ...fields,
      concat(signatures.map(({ signature }) => signature)),
    ]),
    decode: (logs, transactionHash) => scheduleSchema.parse(findEvent(logs, { ...event, transactionHash }).values),
  });
}

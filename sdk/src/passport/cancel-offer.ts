import * as z from "zod";
import { passportInterface } from "../chain/contract-interfaces.js";
import { findEvent } from "../chain/find-events.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import type { Address } from "../primitives/hex.js";
import type { WritingContext } from "./context.js";
import { preparePassportCall } from "./prepare-entry.js";
import { type PassportOption, resolvePassport } from "./resolve-passport.js";

/** An offer that can no longer be made or accepted. */
export interface CancelledOffer {
  readonly offerNonce: bigint;
}

const cancellationSchema = z.object({ offerNonce: z.bigint() });

/**
 * Prepares the withdrawal of the pending offer, in the name of the owner, who sends it. With none pending, the offer
 * that he may have signed becomes void.
 *
 * @param context - what writing actions work on
 * @param options - the passport
 * @returns the prepared transaction; its result is the number of the offer
 * @throws PassportError `input.invalid`, `identifier.*`, `passport.*`, `chain.*`
 */
export async function cancelOffer(
  context: WritingContext,
  options: PassportOption,
): Promise<PreparedTransaction<CancelledOffer>> {
  const passport = await resolvePassport(context, options);
  return prepareCancellation(context, { passport, data: passportInterface.encodeFunctionData("cancelOffer") });
}

/**
 * Prepares a call of a passport that withdraws an offer.
 *
 * @param context - what writing actions work on
 * @param call - the passport and the encoded call
 * @returns the prepared transaction; its result is the number of the offer
 */
export function prepareCancellation(
  context: WritingContext,
  call: { readonly passport: Address; readonly data: string },
): PreparedTransaction<CancelledOffer> {
  const query = { address: call.passport, contract: passportInterface, event: "OfferCancelled" };
  return preparePassportCall(context, {
    ...call,
    decode: (logs, transactionHash) => cancellationSchema.parse(findEvent(logs, { ...query, transactionHash }).values),
  });
}

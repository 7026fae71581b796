import { passportInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { parseSignedCancellation } from "../signing/signed-message.js";
import { type CancelledOffer, prepareCancellation } from "./cancel-offer.js";
import type { WritingContext } from "./context.js";
import { openSigned } from "./open-signed.js";

/**
 * Prepares the withdrawal of an offer that the owner has signed.
 *
 * @param context - what writing actions work on; its signer only pays
 * @param options - `signed`: what `signCancellation` returned
 * @returns the prepared transaction; its result is the number of the offer
 * @throws PassportError `input.invalid`, `passport.foreign`, `chain.*`
 */
export async function submitCancellation(
  context: WritingContext,
  options: { readonly signed: unknown },
): Promise<PreparedTransaction<CancelledOffer>> {
  const signed = parseSignedCancellation(options.signed);
  const { message } = await openSigned(context, signed);
  const { passport, signer, signature } = signed;
  return prepareCancellation(context, {
    passport,
    data: passportInterface.encodeFunctionData("cancelOfferBySignature", [message.offerNonce, signer, signature]),
  });
}

import { passportInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { parseSignedOffer } from "../signing/signed-message.js";
import type { WritingContext } from "./context.js";
import { prepareOffer } from "./offer-ownership.js";
import { openSigned } from "./open-signed.js";
import type { PendingOffer } from "./read-passport-state.js";

/**
 * Prepares an offer that the owner has signed. Its document is stored first, if it came along.
 *
 * @param context - what writing actions work on; its signer only pays
 * @param options - `signed`: what `signOffer` returned
 * @returns the prepared transaction; its result is the pending offer
 * @throws PassportError `input.invalid`, `document.*`, `store.unreachable`, `passport.foreign`, `chain.*`
 */
export async function submitOffer(
  context: WritingContext,
  options: { readonly signed: unknown },
): Promise<PreparedTransaction<PendingOffer>> {
  const signed = parseSignedOffer(options.signed);
  const { message } = await openSigned(context, signed);
  return prepareOffer(context, {
    passport: signed.passport,
    data: passportInterface.encodeFunctionData("offerOwnershipBySignature", [message, signed.signer, signed.signature]),
  });
}

import { passportInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { parseSignedOffer } from "../signing/signed-message.js";
import type { WritingContext } from "./context.js";
import { prepareOffer } from "./offer-ownership.js";
import { openSigned } from "./open-signed.js";
import type { PendingOffer } from "./read-passport-state.js";
import { storeOnceAccepted } from "./store-once-accepted.js";

/**
 * Prepares an offer that the owner has signed. A document that came along is stored once the
 * passport would accept the offer, before anything is sent.
 *
 * @param context - what writing actions work on; its signer only pays
 * @param options - `signed`: what `signOffer` returned
 * @returns the prepared transaction; its result is the pending offer
 * @throws PassportError `input.invalid`, `passport.foreign`, `contract.*`, `document.*`, `store.unreachable`, `chain.*`
 */
export async function submitOffer(
  context: WritingContext,
  options: { readonly signed: unknown },
): Promise<PreparedTransaction<PendingOffer>> {
  const signed = parseSignedOffer(options.signed);
  const { document, message } = await openSigned(context, signed);
  const prepared = prepareOffer(context, {
    passport: signed.passport,
    data: passportInterface.encodeFunctionData("offerOwnershipBySignature", [message, signed.signer, signed.signature]),
  });
  return storeOnceAccepted(context, { prepared, documents: [document] });
}

import { passportInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { parseSignedAcceptance } from "../signing/signed-message.js";
import type { WritingContext } from "./context.js";
import type { RecordedEntry } from "./decode-attested.js";
import { openSigned } from "./open-signed.js";
import { prepareEntry } from "./prepare-entry.js";
import { storeOnceAccepted } from "./store-once-accepted.js";

/**
 * Prepares the acceptance of an offer that the new owner has signed. A document that came along is stored once the
 * passport would accept it, before anything is sent.
 *
 * @param context - what writing actions work on; its signer only pays
 * @param options - `signed`: what `signAcceptance` returned
 * @returns the prepared transaction; its result is the entry
 * @throws PassportError `input.invalid`, `passport.foreign`, `contract.*`, `document.*`, `store.unreachable`, `chain.*`
 */
export async function submitAcceptance(
  context: WritingContext,
  options: { readonly signed: unknown },
): Promise<PreparedTransaction<RecordedEntry>> {
  const signed = parseSignedAcceptance(options.signed);
  const { document, message } = await openSigned(context, signed);
  const { passport, signer, signature } = signed;
  const prepared = prepareEntry(context, {
    passport,
    data: passportInterface.encodeFunctionData("acceptOwnershipBySignature", [message, signer, signature]),
  });
  return storeOnceAccepted(context, { prepared, documents: [document] });
}

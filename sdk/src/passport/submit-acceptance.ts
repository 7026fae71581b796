import { passportInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { parseSignedAcceptance } from "../signing/signed-message.js";
import type { WritingContext } from "./context.js";
import type { RecordedEntry } from "./decode-attested.js";
import { openSigned } from "./open-signed.js";
import { prepareEntry } from "./prepare-entry.js";

/**
 * Prepares the acceptance of an offer that the new owner has signed.
 *
 * @param context - what writing actions work on; its signer only pays
 * @param options - `signed`: what `signAcceptance` returned
 * @returns the prepared transaction; its result is the entry
 * @throws PassportError `input.invalid`, `passport.foreign`, `chain.*`
 */
export async function submitAcceptance(
  context: WritingContext,
  options: { readonly signed: unknown },
): Promise<PreparedTransaction<RecordedEntry>> {
  const signed = parseSignedAcceptance(options.signed);
  const { message } = await openSigned(context, signed);
  const { passport, signer, signature } = signed;
  return prepareEntry(context, {
    passport,
    data: passportInterface.encodeFunctionData("acceptOwnershipBySignature", [message, signer, signature]),
  });
}

import { passportInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { parseSignedAttestation } from "../signing/signed-message.js";
import type { WritingContext } from "./context.js";
import type { RecordedEntry } from "./decode-attested.js";
import { openSigned } from "./open-signed.js";
import { prepareEntry } from "./prepare-entry.js";
import { storeOnceAccepted } from "./store-once-accepted.js";

/**
 * Prepares an entry that somebody else has signed. A document that came along is stored
 * once the passport would accept the entry, before anything is sent.
 *
 * @param context - what writing actions work on; its signer only pays
 * @param options - `signed`: what `signAttestation` returned, through whatever it has travelled
 * @returns the prepared transaction; its result is the entry
 * @throws PassportError `input.invalid`, `passport.foreign`, `contract.*`, `document.*`, `store.unreachable`, `chain.*`
 */
export async function submitAttestation(
  context: WritingContext,
  options: { readonly signed: unknown },
): Promise<PreparedTransaction<RecordedEntry>> {
  const signed = parseSignedAttestation(options.signed);
  const { document, message } = await openSigned(context, signed);
  const prepared = prepareEntry(context, {
    passport: signed.passport,
    data: passportInterface.encodeFunctionData("attestBySignature", [message, signed.signer, signed.signature]),
  });
  return storeOnceAccepted(context, { prepared, documents: [document] });
}

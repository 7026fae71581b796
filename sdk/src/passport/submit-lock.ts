import { passportInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { parseSignedLock } from "../signing/signed-message.js";
import type { WritingContext } from "./context.js";
import type { RecordedEntry } from "./decode-attested.js";
import { openSigned } from "./open-signed.js";
import { prepareEntry } from "./prepare-entry.js";
import { storeOnceAccepted } from "./store-once-accepted.js";

/**
 * Prepares a lock that the owner has signed. A document that came along is stored once the
 * passport would accept the lock, before anything is sent.
 *
 * @param context - what writing actions work on; its signer only pays
 * @param options - `signed`: what `signLock` returned
 * @returns the prepared transaction; its result is the entry
 * @throws PassportError `input.invalid`, `passport.foreign`, `contract.*`, `document.*`, `store.unreachable`, `chain.*`
 */
export async function submitLock(
  context: WritingContext,
  options: { readonly signed: unknown },
): Promise<PreparedTransaction<RecordedEntry>> {
  const signed = parseSignedLock(options.signed);
  const { document, message } = await openSigned(context, signed);
  const { passport, signer, signature } = signed;
  const prepared = prepareEntry(context, {
    passport,
    data: passportInterface.encodeFunctionData("lockBySignature", [message, signer, signature]),
  });
  return storeOnceAccepted(context, { prepared, documents: [document] });
}

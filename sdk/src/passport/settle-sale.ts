import { passportInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { parseSignedAcceptance } from "../signing/signed-message.js";
import type { WritingContext } from "./context.js";
import type { RecordedEntry } from "./decode-attested.js";
import { storeDocument } from "./document-source.js";
import { openSigned } from "./open-signed.js";
import { prepareEntry } from "./prepare-entry.js";

/**
 * Prepares the end of a lock with a sale, in the name of the lock's holder, who sends it. It records
 * OWNERSHIP_TRANSFERRED to whoever signed the acceptance; the document is stored first, if it came along.
 *
 * @param context - what writing actions work on
 * @param options - `signed`: what the new owner's `signSettlement` returned
 * @returns the prepared transaction; its result is the entry
 * @throws PassportError `input.invalid`, `document.*`, `store.unreachable`, `passport.foreign`, `chain.*`
 */
export async function settleSale(
  context: WritingContext,
  options: { readonly signed: unknown },
): Promise<PreparedTransaction<RecordedEntry>> {
  const signed = parseSignedAcceptance(options.signed);
  const { document, message } = await openSigned(context, signed);
  if (document !== undefined) await storeDocument(context, document);
  const { passport, signer, signature } = signed;
  return prepareEntry(context, {
    passport,
    data: passportInterface.encodeFunctionData("settle", [message, signer, signature]),
  });
}

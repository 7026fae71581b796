import { passportInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { parseSignedAttestation } from "../signing/signed-message.js";
import type { WritingContext } from "./context.js";
import type { RecordedEntry } from "./decode-attested.js";
import { openSigned } from "./open-signed.js";
import { prepareEntry } from "./prepare-entry.js";

/**
 * Prepares an entry that somebody else has signed. Its document is stored first, if it came along.
 *
 * @param context - what writing actions work on; its signer only pays
 * @param options - `signed`: what `signAttestation` returned, through whatever it has travelled
 * @returns the prepared transaction; its result is the entry
 * @throws PassportError `input.invalid`, `document.*`, `store.unreachable`, `chain.wrong-chain`
 */
export async function submitAttestation(
  context: WritingContext,
  options: { readonly signed: unknown },
): Promise<PreparedTransaction<RecordedEntry>> {
  const signed = parseSignedAttestation(options.signed);
  const { message } = await openSigned(context, signed);
  return prepareEntry(context, {
    passport: signed.passport,
    data: passportInterface.encodeFunctionData("attestBySignature", [message, signed.signer, signed.signature]),
  });
}

import { passportInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import type { WritingContext } from "./context.js";
import type { RecordedEntry } from "./decode-attested.js";
import { prepareEntry } from "./prepare-entry.js";
import { type PassportOption, resolvePassport } from "./resolve-passport.js";

/**
 * Prepares the end of a lock without a sale: its holder may send it at any time, anybody after its last second. It
 * records RELEASED with the document of the LOCKED entry.
 *
 * @param context - what writing actions work on
 * @param options - the passport
 * @returns the prepared transaction; its result is the entry
 * @throws PassportError `input.invalid`, `identifier.*`, `passport.*`, `chain.*`
 */
export async function releaseLock(
  context: WritingContext,
  options: PassportOption,
): Promise<PreparedTransaction<RecordedEntry>> {
  const passport = await resolvePassport(context, options);
  return prepareEntry(context, { passport, data: passportInterface.encodeFunctionData("release") });
}

import { passportInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import type { WritingContext } from "./context.js";
import type { RecordedEntry } from "./decode-attested.js";
import { prepareEntry } from "./prepare-entry.js";
import { readOffer } from "./read-offer.js";
import { type PassportOption, resolvePassport } from "./resolve-passport.js";

/** What is accepted. */
export interface AcceptOptions extends PassportOption {
  /**
   * `head` of the history that the new owner has verified, as `verifyPassport` or `readPassport` returned it; any entry
   * since then makes the acceptance void. The present one if left out.
   */
  readonly expectedHead?: string | undefined;
  /**
   * Digest of the terms that the new owner has read. The seller can replace his offer without an entry, so whoever does
   * not name it accepts what is offered at that moment.
   */
  readonly document?: string | undefined;
}

/**
 * Prepares the acceptance of the pending offer, in the name of the new owner, who sends it. It records
 * OWNERSHIP_TRANSFERRED with the document that was offered: read it before.
 *
 * @param context - what writing actions work on
 * @param options - the passport, and the history that was seen
 * @returns the prepared transaction; its result is the entry
 * @throws PassportError `input.invalid`, `identifier.*`, `passport.*`, `offer.missing`,
 *   `contract.digital-passport-document-mismatch`, `chain.*`
 */
export async function acceptOwnership(
  context: WritingContext,
  options: AcceptOptions,
): Promise<PreparedTransaction<RecordedEntry>> {
  const passport = await resolvePassport(context, options);
  const { document, head } = await readOffer(context, { ...options, passport });
  return prepareEntry(context, {
    passport,
    data: passportInterface.encodeFunctionData("acceptOwnership", [document, head]),
  });
}

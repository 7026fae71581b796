import { passportInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { parseAddress } from "../primitives/hex.js";
import { parseUnixSeconds, requireSender, type WritingContext } from "./context.js";
import type { RecordedEntry } from "./decode-attested.js";
import { type DocumentSource, readyDocument, storeDocument } from "./document-source.js";
import { prepareEntry } from "./prepare-entry.js";
import { type PassportOption, resolveProduct } from "./resolve-passport.js";

/** For whom a passport is locked, and until when. */
export interface LockOptions extends PassportOption {
  /** Who may release the lock or settle the sale. */
  readonly holder: string;
  /** Last second, Unix time, of the lock; at most 30 days away. */
  readonly until: bigint;
  readonly document: DocumentSource<"LOCKED">;
}

/**
 * Prepares a lock for a sale, in the name of the owner, who sends it. It records LOCKED; until it ends, the product can
 * neither be offered nor locked again.
 *
 * @param context - what writing actions work on
 * @param options - the passport, the holder, the end, the document
 * @returns the prepared transaction; its result is the entry
 * @throws PassportError `input.invalid`, `signer.missing`, `identifier.*`, `passport.*`, `document.*`,
 *   `store.unreachable`, `chain.*`
 */
export async function lockPassport(
  context: WritingContext,
  options: LockOptions,
): Promise<PreparedTransaction<RecordedEntry>> {
  const holder = parseAddress(options.holder, { field: "holder" });
  const until = parseUnixSeconds(options.until, { field: "until" });
  const attester = await requireSender(context);
  const { passport, productId } = await resolveProduct(context, options);
  const { document } = options;
  const ready = readyDocument(context, { document, eventType: "LOCKED", productId, attester });
  const digest = await storeDocument(context, ready);
  return prepareEntry(context, {
    passport,
    data: passportInterface.encodeFunctionData("lock", [holder, until, digest]),
  });
}

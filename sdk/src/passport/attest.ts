import { passportInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import type { CreatedDocument } from "../document/create-document.js";
import type { DocumentType } from "../document/schemas/document-schemas.js";
import type { Envelope } from "../document/schemas/envelope.js";
import { eventTypeOf } from "../primitives/event-type.js";
import { requireSender, type WritingContext } from "./context.js";
import type { RecordedEntry } from "./decode-attested.js";
import { type DocumentSource, readyDocument, storeDocument } from "./document-source.js";
import { prepareEntry } from "./prepare-entry.js";
import { type PassportOption, resolveProduct } from "./resolve-passport.js";

/** The event types whose documents the passport's own actions make. */
type NativeType = "MANUFACTURED" | "OWNERSHIP_TRANSFERRED" | "LOCKED";

/** An event and its document: of one of the suite's types, or of a brand's own type with a document made before. */
export type EventOption =
  | {
      [Type in Exclude<DocumentType, NativeType>]: {
        readonly eventType: Type;
        readonly document: DocumentSource<Type>;
      };
    }[Exclude<DocumentType, NativeType>]
  | { readonly eventType: string; readonly document: CreatedDocument<Envelope> | string };

/** What is attested, to which passport. */
export type AttestOptions = PassportOption & EventOption;

/**
 * Prepares an entry in the name of the signer. Its document is stored first: if sending fails, doing it all again
 * leaves at most a document that nobody names.
 *
 * @param context - what writing actions work on
 * @param options - the passport, the event type and the document
 * @returns the prepared transaction; its result is the entry
 * @throws PassportError `input.invalid`, `signer.missing`, `identifier.*`, `passport.not-found`, `document.*`,
 *   `store.unreachable`, `chain.*`
 *
 * @example
 * ```ts
 * const prepared = await attest(context, {
 *   passport: "https://id.weg.example/01/09521234543213/21/W22-000001",
 *   eventType: "RECALLED",
 *   document: { data: { campaign: "2026-07", reason: "Terminal box seal", remedy: "Replace the seal" } },
 * });
 * const { costWei } = await prepared.estimate();
 * const { result } = await prepared.send();
 * console.log(`Entry ${result.sequence} for ${costWei} wei`);
 * ```
 */
export async function attest(
  context: WritingContext,
  options: AttestOptions,
): Promise<PreparedTransaction<RecordedEntry>> {
  const { eventType, document } = options;
  const eventTypeBytes = eventTypeOf(eventType);
  const attester = await requireSender(context);
  const { passport, productId } = await resolveProduct(context, options);
  const ready = readyDocument(context, { document, eventType, productId, attester });
  const digest = await storeDocument(context, ready);
  return prepareEntry(context, {
    passport,
    data: passportInterface.encodeFunctionData("attest", [eventTypeBytes, digest]),
  });
}

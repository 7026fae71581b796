import * as z from "zod";
import { passportInterface } from "../chain/contract-interfaces.js";
import { findEvent } from "../chain/find-events.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { type Address, addressSchema, digestSchema, parseAddress } from "../primitives/hex.js";
import { parseUnixSeconds, type WritingContext } from "./context.js";
import { type DocumentSource, readyDocument, storeDocument } from "./document-source.js";
import { preparePassportCall } from "./prepare-entry.js";
import type { PendingOffer } from "./read-passport-state.js";
import { type PassportOption, resolveProduct } from "./resolve-passport.js";

/** What is offered to whom. */
export interface OfferOptions extends PassportOption {
  /** Who may accept. */
  readonly newOwner: string;
  /** The document of the transfer, whose attester is the new owner: he accepts this very one. */
  readonly document: DocumentSource<"OWNERSHIP_TRANSFERRED">;
  /** Last second, Unix time, at which it may be accepted. */
  readonly expiresAt: bigint;
}

const offerSchema = z.object({
  offerNonce: z.bigint(),
  newOwner: addressSchema,
  document: digestSchema,
  expiresAt: z.bigint(),
});

/**
 * Prepares an offer of the product, in the name of the owner, who sends it. It replaces the offer before it; nothing is
 * recorded until the new owner accepts.
 *
 * @param context - what writing actions work on
 * @param options - the passport, the new owner, the document, the expiry
 * @returns the prepared transaction; its result is the pending offer
 * @throws PassportError `input.invalid`, `identifier.*`, `passport.*`, `document.*`, `store.unreachable`, `chain.*`
 */
export async function offerOwnership(
  context: WritingContext,
  options: OfferOptions,
): Promise<PreparedTransaction<PendingOffer>> {
  const newOwner = parseAddress(options.newOwner, { field: "newOwner" });
  const expiresAt = parseUnixSeconds(options.expiresAt, { field: "expiresAt" });
  const { passport, productId } = await resolveProduct(context, options);
  const subject = { eventType: "OWNERSHIP_TRANSFERRED", productId, attester: newOwner };
  const digest = await storeDocument(context, readyDocument(context, { ...subject, document: options.document }));
  return prepareOffer(context, {
    passport,
    data: passportInterface.encodeFunctionData("offerOwnership", [newOwner, digest, expiresAt]),
  });
}

/**
 * Prepares a call of a passport that makes an offer.
 *
 * @param context - what writing actions work on
 * @param call - the passport and the encoded call
 * @returns the prepared transaction; its result is the pending offer
 */
export function prepareOffer(
  context: WritingContext,
  call: { readonly passport: Address; readonly data: string },
): PreparedTransaction<PendingOffer> {
  const query = { address: call.passport, contract: passportInterface, event: "OwnershipOffered" };
  return preparePassportCall(context, {
    ...call,
    decode: (logs, transactionHash) => offerSchema.parse(findEvent(logs, { ...query, transactionHash }).values),
  });
}

import { parseAddress } from "../primitives/hex.js";
import { signMessage } from "../signing/sign-message.js";
import type { SignedOffer } from "../signing/signed-message.js";
import { offerTypedData } from "../signing/typed-data.js";
import { parseUnixSeconds, requireAttester, type WritingContext } from "./context.js";
import { contentOf, readyDocument } from "./document-source.js";
import type { OfferOptions } from "./offer-ownership.js";
import { readOfferNonce } from "./read-offer-nonce.js";
import { resolveProduct } from "./resolve-passport.js";

/**
 * Signs an offer of the product, in the name of the owner, for somebody else to submit. The document is not stored: it
 * travels with the signature.
 *
 * @param context - what writing actions work on
 * @param options - the passport, the new owner, the document, the expiry
 * @returns plain JSON for `submitOffer`; void as soon as another offer is made, cancelled or settled
 * @throws PassportError `input.invalid`, `signer.*`, `identifier.*`, `passport.*`, `document.*`, `chain.*`
 */
export async function signOffer(context: WritingContext, options: OfferOptions): Promise<SignedOffer> {
  const newOwner = parseAddress(options.newOwner, { field: "newOwner" });
  const expiresAt = parseUnixSeconds(options.expiresAt, { field: "expiresAt" });
  const attester = await requireAttester(context);
  const { passport, productId } = await resolveProduct(context, options);
  const subject = { eventType: "OWNERSHIP_TRANSFERRED", productId, attester: newOwner };
  const ready = readyDocument(context, { ...subject, document: options.document });
  const offerNonce = (await readOfferNonce(context, { passport })) + 1n;
  const { chainId } = context;
  const typedData = offerTypedData({ chainId, passport, newOwner, document: ready.digest, offerNonce, expiresAt });
  return await signMessage(attester, { typedData, content: contentOf(ready) });
}

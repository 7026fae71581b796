import { askNode } from "../chain/ask-node.js";
import { DigitalPassport__factory } from "../contracts/index.js";
import { signMessage } from "../signing/sign-message.js";
import type { SignedCancellation } from "../signing/signed-message.js";
import { cancellationTypedData } from "../signing/typed-data.js";
import { requireAttester, type WritingContext } from "./context.js";
import { type PassportOption, resolvePassport } from "./resolve-passport.js";

/**
 * Signs the withdrawal of the pending offer, in the name of the owner, for somebody else to submit. With none pending,
 * it is the withdrawal of the offer that he has signed but nobody has made yet.
 *
 * @param context - what writing actions work on
 * @param options - the passport
 * @returns plain JSON for `submitCancellation`
 * @throws PassportError `input.invalid`, `signer.*`, `identifier.*`, `passport.*`, `chain.*`
 */
export async function signCancellation(context: WritingContext, options: PassportOption): Promise<SignedCancellation> {
  const { chainId, provider } = context;
  const attester = await requireAttester(context);
  const passport = await resolvePassport(context, options);
  const contract = DigitalPassport__factory.connect(passport, provider);
  const [pending, lastNonce] = await askNode(provider, () =>
    Promise.all([contract.pendingOffer(), contract.offerNonce()]),
  );
  const offerNonce = BigInt(pending.newOwner) === 0n ? lastNonce + 1n : pending.nonce;
  return await signMessage(attester, { typedData: cancellationTypedData({ chainId, passport, offerNonce }) });
}

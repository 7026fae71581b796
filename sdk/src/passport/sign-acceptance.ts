import { signMessage } from "../signing/sign-message.js";
import type { SignedAcceptance } from "../signing/signed-message.js";
import { acceptanceTypedData } from "../signing/typed-data.js";
import type { AcceptOptions } from "./accept-ownership.js";
import { parseUnixSeconds, requireAttester, type WritingContext } from "./context.js";
import { readOffer } from "./read-offer.js";
import { resolvePassport } from "./resolve-passport.js";

/** What is accepted, until when. */
export interface SignAcceptanceOptions extends AcceptOptions {
  /** Last second, Unix time, at which the signature may be used. */
  readonly deadline: bigint;
}

/**
 * Signs the acceptance of the pending offer, in the name of the new owner, for somebody else to submit: he needs no ETH.
 *
 * @param context - what writing actions work on
 * @param options - the passport, the history that was seen, the deadline
 * @returns plain JSON for `submitAcceptance`; void as soon as another entry is recorded
 * @throws PassportError `input.invalid`, `signer.*`, `identifier.*`, `passport.*`, `offer.missing`, `chain.*`
 */
export async function signAcceptance(
  context: WritingContext,
  options: SignAcceptanceOptions,
): Promise<SignedAcceptance> {
  const deadline = parseUnixSeconds(options.deadline, { field: "deadline" });
  const { chainId } = context;
  const attester = await requireAttester(context);
  const passport = await resolvePassport(context, options);
  const { document, offerNonce, head } = await readOffer(context, { ...options, passport });
  const newOwner = attester.address;
  const acceptance = { chainId, passport, newOwner, document, offerNonce, expectedHead: head, deadline };
  return await signMessage(attester, { typedData: acceptanceTypedData(acceptance) });
}

import { askNode } from "../chain/ask-node.js";
import { DigitalPassport__factory } from "../contracts/index.js";
import { parseBytes32 } from "../primitives/hex.js";
import { signMessage } from "../signing/sign-message.js";
import type { SignedAcceptance } from "../signing/signed-message.js";
import { acceptanceTypedData } from "../signing/typed-data.js";
import { parseUnixSeconds, requireAttester, type WritingContext } from "./context.js";
import { contentOf, type DocumentSource, readyDocument } from "./document-source.js";
import { resolveProduct } from "./resolve-passport.js";
import type { SignAcceptanceOptions } from "./sign-acceptance.js";

/** What a buyer accepts when the lock's holder settles the sale. */
export interface SignSettlementOptions extends Omit<SignAcceptanceOptions, "document"> {
  readonly document: DocumentSource<"OWNERSHIP_TRANSFERRED">;
}

/**
 * Signs the acceptance of a sale under a lock, in the name of the new owner, for the lock's holder to settle. The
 * document is not stored: it travels with the signature.
 *
 * @param context - what writing actions work on
 * @param options - the passport, the document, the history that was seen, the deadline
 * @returns plain JSON for `settleSale`; void as soon as another entry is recorded
 * @throws PassportError `input.invalid`, `signer.*`, `identifier.*`, `passport.*`, `document.*`, `chain.*`
 */
export async function signSettlement(
  context: WritingContext,
  options: SignSettlementOptions,
): Promise<SignedAcceptance> {
  const deadline = parseUnixSeconds(options.deadline, { field: "deadline" });
  const { chainId, provider } = context;
  const attester = await requireAttester(context);
  const { passport, productId } = await resolveProduct(context, options);
  const subject = { eventType: "OWNERSHIP_TRANSFERRED", productId, attester: attester.address };
  const ready = readyDocument(context, { ...subject, document: options.document });
  const contract = DigitalPassport__factory.connect(passport, provider);
  const [lastNonce, head] = await askNode(provider, () => Promise.all([contract.offerNonce(), contract.head()]));
  const acceptance = {
    chainId,
    passport,
    newOwner: attester.address,
    document: ready.digest,
    offerNonce: lastNonce + 1n,
    expectedHead: parseBytes32(options.expectedHead ?? head, { field: "expectedHead" }),
    deadline,
  };
  return await signMessage(attester, { typedData: acceptanceTypedData(acceptance), content: contentOf(ready) });
}

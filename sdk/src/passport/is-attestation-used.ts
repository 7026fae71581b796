import { askNode } from "../chain/ask-node.js";
import { DigitalPassport__factory } from "../contracts/index.js";
import { parseSignedAttestation, typedDataOfSigned } from "../signing/signed-message.js";
import type { ReadingContext } from "./context.js";

/**
 * Tells whether a signed attestation for any position was recorded. One for an exact position leaves no such mark: it is
 * dead once the history has that many entries.
 *
 * @param context - `provider`
 * @param options - `signed`: what `signAttestation` returned
 * @returns whether it was
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function isAttestationUsed(
  { provider }: Pick<ReadingContext, "provider">,
  options: { readonly signed: unknown },
): Promise<boolean> {
  const signed = parseSignedAttestation(options.signed);
  const { digest } = typedDataOfSigned(signed);
  const contract = DigitalPassport__factory.connect(signed.passport, provider);
  return await askNode(provider, () => contract.isDigestUsed(digest));
}

import { askNode } from "../chain/ask-node.js";
import { DigitalPassport__factory } from "../contracts/index.js";
import type { Address } from "../primitives/hex.js";
import type { ReadingContext } from "./context.js";

/**
 * Reads the number of the last offer, cancellation or settlement of a passport.
 *
 * @param context - `provider`
 * @param options - `passport`: its address
 * @returns the number; the next offer takes the one behind it
 * @throws PassportError `chain.*`, `contract.*`
 */
export async function readOfferNonce(
  { provider }: Pick<ReadingContext, "provider">,
  { passport }: { readonly passport: Address },
): Promise<bigint> {
  const contract = DigitalPassport__factory.connect(passport, provider);
  return await askNode(provider, () => contract.offerNonce());
}

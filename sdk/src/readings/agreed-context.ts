import { createQuorum } from "../chain/create-quorum.js";
import type { ReadingsVerificationContext } from "./readings-verification-context.js";

/**
 * Lets the witnesses of a context speak in everything that is asked.
 *
 * @param context - with or without witnesses
 * @returns the same with a provider that says only what enough of them say alike
 */
export function agreedContext(context: ReadingsVerificationContext): ReadingsVerificationContext {
  const { provider, witnesses = [], chainId, requiredAgreement: required } = context;
  if (witnesses.length === 0) return context;
  return { ...context, provider: createQuorum([provider, ...witnesses], { chainId, required }).provider };
}

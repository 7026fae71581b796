import { p256 } from "@noble/curves/nist.js";

/** The two numbers of a P-256 signature. */
type Signature = ReturnType<typeof p256.Signature.fromBytes>;

/**
 * Chooses between the two signatures that a digest has: devices return either, the verifiers on chain accept only the one
 * with the lower s.
 *
 * @param signature - either of them
 * @returns the one with the lower s
 */
export function withLowS({ r, s }: Signature): Signature {
  const lowS = s > p256.Point.Fn.ORDER / 2n ? p256.Point.Fn.neg(s) : s;
  return new p256.Signature(r, lowS);
}

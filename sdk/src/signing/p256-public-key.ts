import { p256 } from "@noble/curves/nist.js";
import { concat, getBytes, hexlify } from "ethers";
import { PassportError } from "../errors/passport-error.js";
import { bytesSchema } from "../primitives/bytes.js";
import { type Hex, hexSchema } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";

/** `x (32 bytes) | y (32 bytes)` of a point on P-256. */
export const p256PublicKeySchema = hexSchema.refine(
  (publicKey) => publicKey.length === 130 && p256.utils.isValidPublicKey(pointBytes(publicKey), false),
  "expected x and y of a point on P-256, 32 bytes each",
);

/**
 * Reads a public key in SPKI form: what `getPublicKey()` of a new passkey answers, what a "PUBLIC KEY" PEM file has
 * inside.
 *
 * @param spki - DER bytes
 * @returns `x | y`, for `p256Signer`
 * @throws PassportError `input.invalid` if it is no key on P-256, such as a passkey made for RSA
 *
 * @example
 * ```ts
 * const publicKey = await parseP256PublicKey(credential.response.getPublicKey());
 * const signer = p256Signer(publicKey, { verifier: contracts.webAuthnVerifier.address });
 * ```
 */
export async function parseP256PublicKey(spki: unknown): Promise<Hex> {
  const bytes = parseInput(bytesSchema, spki, { field: "public key" });
  try {
    const key = await crypto.subtle.importKey("spki", bytes, { name: "ECDSA", namedCurve: "P-256" }, true, ["verify"]);
    const point = new Uint8Array(await crypto.subtle.exportKey("raw", key));
    return hexSchema.parse(hexlify(point.subarray(1)));
  } catch (cause) {
    throw new PassportError(
      "input.invalid",
      { field: "public key", problem: "expected a key on P-256 in SPKI form", value: hexlify(bytes) },
      { cause },
    );
  }
}

/**
 * A public key as P-256 libraries take it.
 *
 * @param publicKey - `x | y`
 * @returns the point, uncompressed, as SEC 1 writes it
 */
export function pointBytes(publicKey: Hex): Uint8Array {
  return getBytes(concat(["0x04", publicKey]));
}

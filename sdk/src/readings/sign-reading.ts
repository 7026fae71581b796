import { p256 } from "@noble/curves/nist.js";
import { getBytes, hexlify } from "ethers";
import { digestOf } from "../document/digest-of.js";
import { type Digest, type Hex, hexSchema } from "../primitives/hex.js";
import type { P256Key } from "../signing/p256-attester.js";
import { pointBytes } from "../signing/p256-public-key.js";
import { withLowS } from "../signing/with-low-s.js";
import type { Reading, UnsignedReading } from "./reading.js";
import { readingBytes } from "./reading-bytes.js";

/**
 * Signs a reading in the name of its sensor.
 *
 * @param reading - a signature that it has is replaced
 * @param options - `key`: the sensor's; the pairing lists its public half
 * @returns the reading with its signature
 */
export async function signReading(reading: UnsignedReading, options: { readonly key: P256Key }): Promise<Reading> {
  const signature = p256.Signature.fromBytes(getBytes(await options.key.signDigest(signedDigestOf(reading))));
  return { ...reading, signature: hexSchema.parse(hexlify(withLowS(signature).toBytes())) };
}

/**
 * Tells whether a reading is signed by its sensor.
 *
 * @param reading - that was parsed
 * @param options - `publicKey`: the sensor's, `x | y`, as the pairing lists it
 * @returns false also for a reading without a signature, and for one with the higher s
 */
export function isReadingSigned(reading: Reading, options: { readonly publicKey: Hex }): boolean {
  if (reading.signature === undefined) return false;
  const digest = getBytes(signedDigestOf(reading));
  return p256.verify(getBytes(reading.signature), digest, pointBytes(options.publicKey), {
    prehash: false,
    lowS: true,
  });
}

function signedDigestOf({ sensor, sequence, product, quantity, unit, value, time }: UnsignedReading): Digest {
  return digestOf(readingBytes({ sensor, sequence, product, quantity, unit, value, time }));
}

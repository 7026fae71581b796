import { createECDH, createHash } from "node:crypto";
import { concat, dataSlice, getBytes, hexlify, toBeHex, toBigInt } from "ethers";

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** A P-256 key, as a device or a passkey holds it. */
export interface P256Key {
  readonly privateKey: bigint;
  /** x and y, 64 bytes: the key of an ERC-7913 signer. */
  readonly publicKey: string;
}

/** The two numbers of a signature; s in its lower half, as OpenZeppelin demands. */
export interface P256Signature {
  readonly r: bigint;
  readonly s: bigint;
}

/**
 * Makes a P-256 key that is the same in every run.
 *
 * @param name - whose key it is
 */
export function p256KeyOf(name: string): P256Key {
  const privateKey = reduce(hash(`key of ${name}`));
  return { privateKey, publicKey: hexlify(multiplyGenerator(privateKey)) };
}

/**
 * Signs a digest. Node signs messages only, which it hashes itself, so the ECDSA equation stands here; its key exchange
 * multiplies the curve's generator.
 *
 * @param key - the key
 * @param digest - 32 bytes
 */
export function signP256({ privateKey }: P256Key, digest: string): P256Signature {
  const nonce = reduce(hash(`${privateKey} ${digest}`));
  const r = toBigInt(multiplyGenerator(nonce).slice(0, 32)) % ORDER;
  const s = (power(nonce, ORDER - 2n) * ((toBigInt(digest) + r * privateKey) % ORDER)) % ORDER;
  return { r, s: s > ORDER / 2n ? ORDER - s : s };
}

/** The other signature of the same digest by the same key, which OpenZeppelin refuses. */
export const malleateP256 = ({ r, s }: P256Signature): P256Signature => ({ r, s: ORDER - s });

/** A signature in the form of OpenZeppelin's P-256 verifier, 64 bytes. */
export const encodeP256 = ({ r, s }: P256Signature): string => concat([toBeHex(r, 32), toBeHex(s, 32)]);

/** The two numbers of a signature in that form. */
export const decodeP256 = (signature: string): P256Signature => ({
  r: toBigInt(dataSlice(signature, 0, 32)),
  s: toBigInt(dataSlice(signature, 32, 64)),
});

const hash = (text: string): bigint => toBigInt(createHash("sha256").update(text).digest());

/** Between 1 and the order less one. */
const reduce = (value: bigint): bigint => 1n + (value % (ORDER - 1n));

function multiplyGenerator(scalar: bigint): Uint8Array {
  const exchange = createECDH("prime256v1");
  exchange.setPrivateKey(getBytes(toBeHex(scalar, 32)));
  // 0x04, then x and y.
  return Uint8Array.from(exchange.getPublicKey()).slice(1);
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let factor = base, rest = exponent; rest > 0n; rest >>= 1n, factor = (factor * factor) % ORDER) {
    if (rest & 1n) result = (result * factor) % ORDER;
  }
  return result;
}

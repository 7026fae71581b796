import { base64url, calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import * as z from "zod";
import { parseInput } from "../primitives/parse-input.js";

/** One way of writing only: its last character has no bits that nobody reads. */
const isCanonical = (text: string): boolean => {
  try {
    return base64url.encode(base64url.decode(text)) === text;
  } catch {
    return false;
  }
};

/** Bytes in base64url. */
export const base64urlSchema = z.string().refine(isCanonical, "expected base64url");

const keyBytesSchema = base64urlSchema.length(43, "expected 32 bytes in base64url");

/** Whom to encrypt to. */
export const publicKeySchema = z.strictObject({
  kty: z.literal("OKP"),
  crv: z.literal("X25519"),
  x: keyBytesSchema,
});

/** Who decrypts. */
export const privateKeySchema = publicKeySchema.extend({ d: keyBytesSchema });

/** A public key of X25519, as a JSON Web Key. */
export type EncryptionPublicKey = Readonly<z.infer<typeof publicKeySchema>>;

/** A private key of X25519, as a JSON Web Key. */
export type EncryptionPrivateKey = Readonly<z.infer<typeof privateKeySchema>>;

/** A new key: the public half is given away, the private one kept, and destroyed when nobody shall read any more. */
export interface EncryptionKeyPair {
  readonly publicKey: EncryptionPublicKey;
  readonly privateKey: EncryptionPrivateKey;
}

/**
 * Makes a key to encrypt to.
 *
 * @returns both halves
 */
export async function createEncryptionKey(): Promise<EncryptionKeyPair> {
  const { privateKey } = await generateKeyPair("ECDH-ES+A256KW", { crv: "X25519", extractable: true });
  const { kty, crv, x, d } = await exportJWK(privateKey);
  return { publicKey: publicKeySchema.parse({ kty, crv, x }), privateKey: privateKeySchema.parse({ kty, crv, x, d }) };
}

/**
 * The name of a key in an encrypted attachment: its thumbprint of RFC 7638.
 *
 * @param publicKey - of X25519
 * @returns sha2-256 in base64url
 * @throws PassportError `input.invalid`
 */
export async function keyIdOf(publicKey: EncryptionPublicKey): Promise<string> {
  return calculateJwkThumbprint(parseInput(publicKeySchema, publicKey, { field: "publicKey" }));
}

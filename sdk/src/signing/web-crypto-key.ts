import { p256 } from "@noble/curves/nist.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concat, getBytes, hexlify } from "ethers";
import * as z from "zod";
import { parseInput } from "../primitives/parse-input.js";
import { base64urlOf } from "./base64url-of.js";
import { p256PublicKeySchema } from "./p256-public-key.js";
import { USER_PRESENT, USER_VERIFIED, type WebAuthnKey } from "./webauthn-attester.js";

/** A key of WebCrypto, by whichever name the platform's types call it. */
type WebCryptoKey = Parameters<typeof crypto.subtle.sign>[1];

/** A key pair of WebCrypto. */
export interface WebCryptoKeyPair {
  readonly privateKey: WebCryptoKey;
  readonly publicKey: WebCryptoKey;
}

/** Where a key of WebCrypto is used, and who stands behind it. */
export interface WebCryptoKeyOptions {
  /** Origin of the page or the application that uses the key, such as "https://service.example"; it is signed. */
  readonly origin: string;
  /**
   * Makes sure that the key's user is there and is who he says, by a PIN for instance; fails if not. The signature says
   * that this happened: WebCrypto itself asks nobody.
   */
  readonly verifyUser: () => Promise<void>;
}

const originSchema = z
  .string()
  .refine(
    (origin) => URL.canParse(origin) && new URL(origin).origin === origin,
    "expected an origin, such as https://service.example",
  );

const ECDSA_P256 = { name: "ECDSA", namedCurve: "P-256" } as const;

const privateKeySchema = z.object(
  {
    type: z.literal("private", "expected a private key"),
    extractable: z.literal(false, "expected a key that cannot be extracted: the signature says that it has no copy"),
    algorithm: z.object({ name: z.literal(ECDSA_P256.name), namedCurve: z.literal(ECDSA_P256.namedCurve) }),
  },
  "expected a key of WebCrypto",
);

/** Four bytes that count signatures; zero says that the authenticator does not count. */
const NO_COUNTER = "0x00000000";

/**
 * A key of WebCrypto that cannot be extracted, as the authenticator of WebAuthn that it is here: WebCrypto hashes whatever
 * it signs, so it cannot sign a digest for the plain P-256 verifier. It signs only after `verifyUser`; a machine without
 * a user has a `P256Key` instead.
 *
 * @param keyPair - ECDSA on P-256, of `crypto.subtle.generateKey(algorithm, false, ["sign"])`
 * @param options - the origin, and how its user is verified
 * @returns the key, for `webAuthnAttester`
 * @throws PassportError `input.invalid`
 *
 * @example
 * ```ts
 * const keyPair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
 * const key = await webCryptoKey(keyPair, { origin: location.origin, verifyUser: askForPin });
 * const technician = webAuthnAttester(key, { verifier: contracts.webAuthnVerifier.address });
 * ```
 */
export async function webCryptoKey(
  { privateKey, publicKey }: WebCryptoKeyPair,
  { origin, verifyUser }: WebCryptoKeyOptions,
): Promise<WebAuthnKey> {
  parseInput(privateKeySchema, privateKey, { field: "private key" });
  const { hostname } = new URL(parseInput(originSchema, origin, { field: "origin" }));
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", publicKey)).subarray(1);
  const flags = Uint8Array.of(USER_PRESENT | USER_VERIFIED);
  const authenticatorData = getBytes(concat([sha256(new TextEncoder().encode(hostname)), flags, NO_COUNTER]));
  return {
    publicKey: parseInput(p256PublicKeySchema, hexlify(point), { field: "public key" }),
    assert: async (challenge) => {
      await verifyUser();
      const clientData = { type: "webauthn.get", challenge: base64urlOf(challenge), origin, crossOrigin: false };
      const clientDataJSON = new TextEncoder().encode(JSON.stringify(clientData));
      const signed = Uint8Array.from([...authenticatorData, ...sha256(clientDataJSON)]);
      const signature = await crypto.subtle.sign({ name: ECDSA_P256.name, hash: "SHA-256" }, privateKey, signed);
      // WebCrypto answers r | s, an authenticator DER.
      const der = p256.Signature.fromBytes(new Uint8Array(signature)).toBytes("der");
      return { authenticatorData, clientDataJSON, signature: der };
    },
  };
}

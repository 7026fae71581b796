import { p256 } from "@noble/curves/nist.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { AbiCoder, concat, getBytes, toBeHex } from "ethers";
import { type Address, type Hex, hexSchema } from "../primitives/hex.js";
import { askHolder } from "./ask-holder.js";
import type { Attester } from "./attester.js";
import { base64urlOf } from "./base64url-of.js";
import { p256Signer } from "./p256-attester.js";
import { pointBytes } from "./p256-public-key.js";
import { attesterOfSigner } from "./passport-hashing.js";
import { withLowS } from "./with-low-s.js";

/** What an authenticator answers, under the names of WebAuthn. */
export interface WebAuthnAssertion {
  readonly authenticatorData: Uint8Array;
  readonly clientDataJSON: Uint8Array;
  /** In DER form. */
  readonly signature: Uint8Array;
}

/** A key that signs as a WebAuthn authenticator does: a passkey, or a key of WebCrypto behind a question to its user. */
export interface WebAuthnKey {
  /** Public key `x (32 bytes) | y (32 bytes)`. */
  readonly publicKey: Hex;
  /** Asks for an assertion over a challenge of 32 bytes. */
  readonly assert: (challenge: Uint8Array<ArrayBuffer>) => Promise<WebAuthnAssertion>;
}

/** Bytes before the extensions: the hash of the relying party's id, the flags, a counter. */
const AUTHENTICATOR_DATA_BYTES = 37;
const FLAGS_POSITION = 32;
/** Bits of the flags. */
export const USER_PRESENT = 0x01;
export const USER_VERIFIED = 0x04;
const BACKUP_ELIGIBLE = 0x08;
const BACKED_UP = 0x10;

/**
 * An attester who signs with a passkey, or with another key that signs as one. He needs no account and no ETH: others
 * submit what he signs. Whatever the verifier on chain would refuse is refused here, before anybody pays for it.
 *
 * @param key - `passkey` or `webCryptoKey`
 * @param options - `verifier`: the contract that checks WebAuthn assertions
 * @returns the attester, under the address that is derived from the key
 * @throws PassportError `input.invalid`
 *
 * @example
 * ```ts
 * const key = passkey(navigator.credentials, { id: credential.rawId, publicKey });
 * const technician = webAuthnAttester(key, { verifier: contracts.webAuthnVerifier.address });
 * ```
 */
export function webAuthnAttester(key: WebAuthnKey, options: { readonly verifier: Address }): Attester {
  const signer = p256Signer(key.publicKey, options);
  const address = attesterOfSigner(signer);
  return {
    address,
    signer,
    sign: async ({ digest }) =>
      await askHolder(address, async () => {
        const challenge = getBytes(digest);
        const assertion = await key.assert(Uint8Array.from(challenge));
        return encodeAssertion(assertion, { challenge, publicKey: key.publicKey });
      }),
  };
}

function encodeAssertion(
  { authenticatorData, clientDataJSON, signature }: WebAuthnAssertion,
  { challenge, publicKey }: { readonly challenge: Uint8Array; readonly publicKey: Hex },
): Hex {
  requireFlags(authenticatorData);
  const typeIndex = positionOf('"type":"webauthn.get"', { clientDataJSON, otherwise: "it signed no assertion" });
  const challengeIndex = positionOf(`"challenge":"${base64urlOf(challenge)}"`, {
    clientDataJSON,
    otherwise: "it signed another challenge",
  });
  const lowS = withLowS(p256.Signature.fromBytes(signature, "der"));
  const signed = getBytes(concat([authenticatorData, sha256(clientDataJSON)]));
  const isRight = p256.verify(lowS.toBytes(), signed, pointBytes(publicKey));
  if (!isRight) throw new Error("its signature does not fit its key");
  return hexSchema.parse(
    AbiCoder.defaultAbiCoder().encode(
      // The last one is a string on chain, which is encoded as bytes are.
      ["bytes32", "bytes32", "uint256", "uint256", "bytes", "bytes"],
      [toBeHex(lowS.r, 32), toBeHex(lowS.s, 32), challengeIndex, typeIndex, authenticatorData, clientDataJSON],
    ),
  );
}

/**
 * Refuses authenticator data that the verifier on chain would refuse.
 *
 * @param authenticatorData - of an assertion
 * @throws Error saying what is wrong with it
 */
export function requireFlags(authenticatorData: Uint8Array): void {
  const flags = authenticatorData[FLAGS_POSITION];
  if (flags === undefined || authenticatorData.length < AUTHENTICATOR_DATA_BYTES) {
    throw new Error("its authenticator data is too short");
  }
  if ((flags & USER_PRESENT) === 0) throw new Error("it does not say that its user was present");
  if ((flags & USER_VERIFIED) === 0) throw new Error("it does not say that it verified its user, by PIN or biometrics");
  if ((flags & BACKED_UP) !== 0 && (flags & BACKUP_ELIGIBLE) === 0) {
    throw new Error("it says that a key is backed up which cannot be");
  }
}

/** Counted in bytes, as the contract does; an origin may have others than ASCII. */
function positionOf(
  member: string,
  { clientDataJSON, otherwise }: { readonly clientDataJSON: Uint8Array; readonly otherwise: string },
): number {
  const characterPerByte = Array.from(clientDataJSON, (byte) => String.fromCharCode(byte)).join("");
  const position = characterPerByte.indexOf(member);
  if (position === -1) throw new Error(otherwise);
  return position;
}

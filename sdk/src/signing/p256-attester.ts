import { p256 } from "@noble/curves/nist.js";
import { concat, getBytes, hexlify } from "ethers";
import { PassportError } from "../errors/passport-error.js";
import { type Address, type Bytes32, bytes32Schema, type Hex, hexSchema } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";
import { askHolder } from "./ask-holder.js";
import type { Attester } from "./attester.js";
import { p256PublicKeySchema, pointBytes } from "./p256-public-key.js";
import { attesterOfSigner } from "./passport-hashing.js";
import { withLowS } from "./with-low-s.js";

/** A P-256 key, wherever it lives: in memory, in a secure element, in a platform's key store. */
export interface P256Key {
  /** Public key `x (32 bytes) | y (32 bytes)`. */
  readonly publicKey: Hex;
  /** Signs 32 bytes as they are, without hashing them again; returns `r (32 bytes) | s (32 bytes)`. */
  readonly signDigest: (digest: Bytes32) => Promise<Hex>;
}

const privateKeySchema = bytes32Schema.refine(
  (key) => p256.utils.isValidSecretKey(getBytes(key)),
  "expected a number from 1 to the order of P-256",
);

/**
 * A P-256 key in memory.
 *
 * @param privateKey - 32 bytes as hex
 * @returns the key
 * @throws PassportError `input.invalid`, without the private key
 */
export function p256Key(privateKey: string): P256Key {
  const parsed = privateKeySchema.safeParse(privateKey.toLowerCase());
  // Not parseInput: an error must not carry a private key.
  if (!parsed.success) {
    throw new PassportError("input.invalid", {
      field: "private key",
      problem: "expected 32 bytes, from 1 to the order of P-256",
      value: "(not shown)",
    });
  }
  const secret = getBytes(parsed.data);
  return {
    publicKey: hexSchema.parse(hexlify(p256.getPublicKey(secret, false).subarray(1))),
    signDigest: async (digest) => hexSchema.parse(hexlify(p256.sign(getBytes(digest), secret, { prehash: false }))),
  };
}

/**
 * The ERC-7913 signer of a P-256 key, of a device or of a passkey: how it is granted roles. The verifier tells the two
 * apart; under the wrong one, nothing that the key signs is right.
 *
 * @param publicKey - `x | y`
 * @param options - `verifier`: the contract that checks signatures of such keys, on the manager's list; the address book
 *   has one for P-256 and one for WebAuthn
 * @returns `verifier | x | y`
 * @throws PassportError `input.invalid`
 */
export function p256Signer(publicKey: Hex, options: { readonly verifier: Address }): Hex {
  const key = parseInput(p256PublicKeySchema, publicKey, { field: "public key" });
  return hexSchema.parse(concat([options.verifier, key]).toLowerCase());
}

/**
 * An attester who signs with a P-256 key. He needs no account and no ETH: others submit what he signs.
 *
 * @param key - the key
 * @param options - `verifier`: the contract that checks signatures of such keys
 * @returns the attester, under the address that is derived from the key
 * @throws PassportError `input.invalid`
 *
 * @example
 * ```ts
 * const technician = p256Attester(p256Key(privateKey), { verifier: contracts.p256Verifier.address });
 * await (await client.grantRoles({ signer: technician.signer, roles: ["TECHNICIAN"], validUntil })).send();
 * ```
 */
export function p256Attester(key: P256Key, options: { readonly verifier: Address }): Attester {
  const signer = p256Signer(key.publicKey, options);
  const address = attesterOfSigner(signer);
  return {
    address,
    signer,
    sign: async ({ digest }) =>
      await askHolder(address, async () => {
        const signature = withLowS(p256.Signature.fromBytes(getBytes(await key.signDigest(digest)))).toBytes();
        // A device that hashes the digest once more, or that holds another key, would be noticed only on chain.
        const isRight = p256.verify(signature, getBytes(digest), pointBytes(key.publicKey), { prehash: false });
        if (!isRight) throw new Error("its signature does not fit its key");
        return hexSchema.parse(hexlify(signature));
      }),
  };
}

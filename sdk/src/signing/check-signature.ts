import { p256 } from "@noble/curves/nist.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { AbiCoder, concat, getBytes, hexlify, recoverAddress } from "ethers";
import * as z from "zod";
import { type Address, type Bytes32, type Hex, hexSchema } from "../primitives/hex.js";
import { base64urlOf } from "./base64url-of.js";
import { p256PublicKeySchema, pointBytes } from "./p256-public-key.js";
import { attesterOfSigner } from "./passport-hashing.js";
import { requireFlags } from "./webauthn-attester.js";

/** `unknown`: only a contract could say, the attester's own wallet or the verifier of a key of another kind. */
export type SignatureStatus = "right" | "wrong" | "unknown";

/** Who is said to have signed what. */
export interface SignatureClaim {
  readonly attester: Address;
  /** ERC-7913 signer; "0x" for an account or a contract wallet. */
  readonly signer: Hex;
  readonly digest: Bytes32;
  readonly signature: Hex;
}

/** `verifier (20 bytes) | x | y`, as `0x` and hex. */
const P256_SIGNER_LENGTH = 170;
/** `r | s` or `r | s | v`, as `0x` and hex. */
const RAW_P256_LENGTH = 130;
const ECDSA_LENGTH = 132;

const assertionSchema = z.tuple([
  hexSchema,
  hexSchema,
  z.bigint().max(65_536n),
  z.bigint().max(65_536n),
  hexSchema,
  hexSchema,
]);

/**
 * Checks a signature without asking a chain: of an account, of a P-256 key, of a passkey.
 *
 * @param claim - who is said to have signed what
 * @returns whether he did, as far as it can be said without a contract
 */
export function checkSignature(claim: SignatureClaim): SignatureStatus {
  const { attester, signer, digest, signature } = claim;
  if (signer.length === 2) return recover(digest, signature) === attester ? "right" : "unknown";
  if (attesterOfSigner(signer) !== attester) return "wrong";
  const key = p256PublicKeySchema.safeParse(`0x${signer.slice(42)}`);
  if (signer.length !== P256_SIGNER_LENGTH || !key.success) return "unknown";
  const isRight =
    signature.length === RAW_P256_LENGTH
      ? isSignedBy(key.data, { hash: getBytes(digest), signature })
      : isAsserted(key.data, { digest, signature });
  return isRight ? "right" : "wrong";
}

function recover(digest: Bytes32, signature: Hex): string | undefined {
  if (signature.length !== ECDSA_LENGTH) return undefined;
  try {
    return recoverAddress(digest, signature);
  } catch {
    return undefined;
  }
}

function isSignedBy(publicKey: Hex, { hash, signature }: { readonly hash: Uint8Array; readonly signature: string }) {
  return p256.verify(getBytes(signature), hash, pointBytes(publicKey), { prehash: false, lowS: true });
}

/** What the verifier on chain demands of an assertion, no more and no less. */
function isAsserted(
  publicKey: Hex,
  { digest, signature }: { readonly digest: Bytes32; readonly signature: Hex },
): boolean {
  const assertion = decodeAssertion(signature);
  if (assertion === undefined) return false;
  const [r, s, challengeIndex, typeIndex, authenticatorData, clientDataJson] = assertion;
  const data = getBytes(authenticatorData);
  const client = getBytes(clientDataJson);
  const stands = (member: string, index: bigint): boolean => {
    const expected = new TextEncoder().encode(member);
    const start = Number(index);
    return hexlify(client.subarray(start, start + expected.length)) === hexlify(expected);
  };
  return (
    stands('"type":"webauthn.get"', typeIndex) &&
    stands(`"challenge":"${base64urlOf(getBytes(digest))}"`, challengeIndex) &&
    isSignedBy(publicKey, { hash: sha256(getBytes(concat([data, sha256(client)]))), signature: concat([r, s]) })
  );
}

function decodeAssertion(signature: Hex): z.infer<typeof assertionSchema> | undefined {
  try {
    const types = ["bytes32", "bytes32", "uint256", "uint256", "bytes", "bytes"];
    const assertion = assertionSchema.parse([...AbiCoder.defaultAbiCoder().decode(types, signature)]);
    requireFlags(getBytes(assertion[4]));
    return assertion;
  } catch {
    return undefined;
  }
}

import { createHash } from "node:crypto";
import {
  AbiCoder,
  type BigNumberish,
  concat,
  getAddress,
  getBytes,
  id,
  keccak256,
  SigningKey,
  TypedDataEncoder,
  toBeHex,
  Wallet,
} from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import type { DigitalPassport } from "../../types/ethers-contracts/index.js";
import type { Suite } from "./deploy-suite.js";
import { encodeP256, p256KeyOf, signP256 } from "./p256.js";

/**
 * Signatures of attesters, owners and buyers for the tests of the contracts, written against the specification: neither
 * the SDK nor the digests that the contracts answer are used.
 */

/** Somebody who signs and needs neither ETH nor a node. */
export interface Signatory {
  /** In whose name he signs. */
  readonly address: string;
  /** What the contracts take as `signer`: nothing for accounts and wallets, `verifier | key` for keys. */
  readonly signer: string;
  readonly signDigest: (digest: string) => string;
}

/** The EIP-712 types of everything that is signed for a passport. */
export const TYPES = {
  Attestation: [
    { name: "eventType", type: "bytes32" },
    { name: "document", type: "bytes32" },
    { name: "attester", type: "address" },
    { name: "sequence", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
  Offer: [
    { name: "newOwner", type: "address" },
    { name: "document", type: "bytes32" },
    { name: "offerNonce", type: "uint256" },
    { name: "expiresAt", type: "uint256" },
  ],
  Cancel: [{ name: "offerNonce", type: "uint256" }],
  Accept: [
    { name: "newOwner", type: "address" },
    { name: "document", type: "bytes32" },
    { name: "offerNonce", type: "uint256" },
    { name: "expectedHead", type: "bytes32" },
    { name: "deadline", type: "uint256" },
  ],
  Lock: [
    { name: "holder", type: "address" },
    { name: "until", type: "uint256" },
    { name: "document", type: "bytes32" },
    { name: "sequence", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

/** What is signed, by the name of its EIP-712 type. */
export interface Messages {
  readonly Attestation: {
    readonly eventType: string;
    readonly document: string;
    readonly attester: string;
    readonly sequence: bigint;
    readonly deadline: bigint;
  };
  readonly Offer: {
    readonly newOwner: string;
    readonly document: string;
    readonly offerNonce: bigint;
    readonly expiresAt: bigint;
  };
  readonly Cancel: { readonly offerNonce: bigint };
  readonly Accept: {
    readonly newOwner: string;
    readonly document: string;
    readonly offerNonce: bigint;
    readonly expectedHead: string;
    readonly deadline: bigint;
  };
  readonly Lock: {
    readonly holder: string;
    readonly until: bigint;
    readonly document: string;
    readonly sequence: bigint;
    readonly deadline: bigint;
  };
}

/** The EIP-712 domain, where a test signs for another. */
export interface Domain {
  readonly name: string;
  readonly version: string;
  readonly chainId: BigNumberish;
  readonly verifyingContract: string;
}

/**
 * The EIP-712 domain of a passport.
 *
 * @param passport - the passport, connected to its chain
 */
export async function domainOf(passport: DigitalPassport): Promise<Domain> {
  const network = await passport.runner?.provider?.getNetwork();
  if (network === undefined) throw new Error("The passport is not connected to a chain.");
  return {
    name: "DigitalPassport",
    version: "1",
    chainId: network.chainId,
    verifyingContract: await passport.getAddress(),
  };
}

/**
 * EIP-712 digest of a message.
 *
 * @param domain - the passport's domain
 * @param type - EIP-712 type
 * @param message - its fields
 */
export const digestOf = <Type extends keyof Messages>(domain: Domain, type: Type, message: Messages[Type]): string =>
  TypedDataEncoder.hash({ ...domain }, { [type]: TYPES[type] }, message);

/**
 * Signs a message for a passport.
 *
 * @param signatory - who signs
 * @param options - the passport, the EIP-712 type and its fields
 * @returns the signature as the contracts take it
 */
export async function sign<Type extends keyof Messages>(
  signatory: Signatory,
  options: { readonly passport: DigitalPassport; readonly type: Type; readonly message: Messages[Type] },
): Promise<string> {
  return signatory.signDigest(digestOf(await domainOf(options.passport), options.type, options.message));
}

/**
 * An account that signs plainly.
 *
 * @param name - whose account it is: the same name gives the same account
 */
export function accountOf(name: string): Signatory {
  const key = new SigningKey(id(`account of ${name}`));
  return { address: new Wallet(key).address, signer: "0x", signDigest: (digest) => key.sign(digest).serialized };
}

/**
 * A contract wallet (ERC-1271) of an account.
 *
 * @param connection - where the wallet is deployed
 * @param name - whose wallet it is
 */
export async function contractWalletOf({ ethers }: NetworkConnection, name: string): Promise<Signatory> {
  const account = accountOf(`wallet of ${name}`);
  const wallet = await ethers.deployContract("Erc1271Wallet", [account.address]);
  return { ...account, address: await wallet.getAddress() };
}

/**
 * An account that has delegated its code (EIP-7702), here to a contract that would not accept its plain signature.
 *
 * @param connection - where the account delegates
 * @param name - whose account it is
 */
export async function delegatedAccountOf({ ethers }: NetworkConnection, name: string): Promise<Signatory> {
  const privateKey = id(`delegated account of ${name}`);
  const wallet = await ethers.deployContract("Erc1271Wallet", [accountOf("somebody else").address]);
  const account = new Wallet(privateKey, ethers.provider);
  const authorization = await account.authorize({ address: await wallet.getAddress(), nonce: 0 });
  const [submitter] = await ethers.getSigners();
  // Whoever carries the authorization need not call the account.
  await submitter?.sendTransaction({ to: submitter.address, type: 4, authorizationList: [authorization] });
  if ((await ethers.provider.getCode(account)) === "0x") throw new Error("The account has not delegated its code.");
  const key = new SigningKey(privateKey);
  return { address: account.address, signer: "0x", signDigest: (digest) => key.sign(digest).serialized };
}

/**
 * A P-256 key.
 *
 * @param suite - the suite, with the verifier of such keys
 * @param name - whose key it is
 */
export async function p256SignatoryOf({ p256Verifier }: Suite, name: string): Promise<Signatory> {
  const key = p256KeyOf(name);
  const signer = concat([await p256Verifier.getAddress(), key.publicKey]);
  return { address: attesterOf(signer), signer, signDigest: (digest) => encodeP256(signP256(key, digest)) };
}

/**
 * A passkey (WebAuthn).
 *
 * @param suite - the suite, with the verifier of such keys
 * @param name - whose passkey it is
 */
export async function webAuthnSignatoryOf({ webAuthnVerifier }: Suite, name: string): Promise<Signatory> {
  const key = p256KeyOf(`passkey ${name}`);
  const signer = concat([await webAuthnVerifier.getAddress(), key.publicKey]);
  const signDigest = (digest: string): string => {
    const challenge = Buffer.from(getBytes(digest)).toString("base64url");
    const clientData = `{"type":"webauthn.get","challenge":"${challenge}","origin":"https://id.weg.example"}`;
    // Hash of the relying party's id, the flags "user present" and "user verified", a counter.
    const authenticatorData = concat([sha256("id.weg.example"), "0x05", "0x00000001"]);
    const { r, s } = signP256(key, sha256(getBytes(concat([authenticatorData, sha256(clientData)]))));
    return AbiCoder.defaultAbiCoder().encode(
      ["bytes32", "bytes32", "uint256", "uint256", "bytes", "string"],
      [toBeHex(r, 32), toBeHex(s, 32), clientData.indexOf('"challenge"'), 1, authenticatorData, clientData],
    );
  };
  return { address: attesterOf(signer), signer, signDigest };
}

/**
 * Address under which an ERC-7913 key attests.
 *
 * @param signer - `verifier | key`
 */
export function attesterOf(signer: string): string {
  const typeHash = id("DigitalPassport.signer.v1(bytes signer)");
  return getAddress(`0x${keccak256(concat([typeHash, keccak256(signer)])).slice(-40)}`);
}

const sha256 = (data: string | Uint8Array): string => `0x${createHash("sha256").update(data).digest("hex")}`;

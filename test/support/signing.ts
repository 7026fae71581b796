import { createHash } from "node:crypto";
import {
  AbiCoder,
  type BigNumberish,
  concat,
  dataSlice,
  getAddress,
  getBytes,
  id,
  keccak256,
  SigningKey,
  TypedDataEncoder,
  toBeHex,
  Wallet,
  ZeroAddress,
} from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import type { DigitalPassport, ReadingsAnchor } from "../../types/ethers-contracts/index.js";
import type { Suite } from "./deploy-suite.js";
import { encodeP256, type P256Key, type P256Signature, p256KeyOf, signP256 } from "./p256.js";

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

/** The EIP-712 types of everything that is signed for a contract of the suite. */
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
  Batch: [
    { name: "gateway", type: "address" },
    { name: "sequence", type: "uint256" },
    { name: "previousHead", type: "bytes27" },
    { name: "root", type: "bytes32" },
    { name: "count", type: "uint256" },
    { name: "from", type: "uint256" },
    { name: "to", type: "uint256" },
    { name: "document", type: "bytes32" },
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
  readonly Batch: {
    readonly gateway: string;
    readonly sequence: bigint;
    readonly previousHead: string;
    readonly root: string;
    readonly count: bigint;
    readonly from: bigint;
    readonly to: bigint;
    readonly document: string;
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
  return describeDomain(passport, { name: "DigitalPassport" });
}

/**
 * The EIP-712 domain of a readings anchor.
 *
 * @param anchor - the anchor, connected to its chain
 */
export async function anchorDomainOf(anchor: ReadingsAnchor): Promise<Domain> {
  return describeDomain(anchor, { name: "ReadingsAnchor" });
}

async function describeDomain(
  contract: DigitalPassport | ReadingsAnchor,
  { name }: { readonly name: string },
): Promise<Domain> {
  const network = await contract.runner?.provider?.getNetwork();
  if (network === undefined) throw new Error("The contract is not connected to a chain.");
  return { name, version: "1", chainId: network.chainId, verifyingContract: await contract.getAddress() };
}

/**
 * EIP-712 digest of a message.
 *
 * @param domain - the contract's domain
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
export async function delegatedAccountOf(connection: NetworkConnection, name: string): Promise<Signatory> {
  const wallet = await connection.ethers.deployContract("Erc1271Wallet", [accountOf("somebody else").address]);
  return delegateAccount(connection, { name, to: await wallet.getAddress() });
}

/**
 * Lets an account delegate its code (EIP-7702).
 *
 * @param connection - where the account delegates
 * @param delegation - whose account it is, and the contract whose code it takes; nobody's, to have no code again
 */
export async function delegateAccount(
  { ethers }: NetworkConnection,
  { name, to }: { readonly name: string; readonly to: string },
): Promise<Signatory> {
  const privateKey = id(`delegated account of ${name}`);
  const account = new Wallet(privateKey, ethers.provider);
  const authorization = await account.authorize({ address: to, nonce: await account.getNonce() });
  const [submitter] = await ethers.getSigners();
  // Whoever carries the authorization need not call the account.
  await submitter?.sendTransaction({ to: submitter.address, type: 4, authorizationList: [authorization] });
  const code = await ethers.provider.getCode(account);
  if ((code === "0x") !== (to === ZeroAddress)) throw new Error("The account has not delegated its code.");
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
  const signer = concat([await webAuthnVerifier.getAddress(), passkeyOf(name).publicKey]);
  return { address: attesterOf(signer), signer, signDigest: (digest) => signAssertion(name, { challenge: digest }) };
}

/** What an authenticator is asked to sign, and how its answer is encoded; all but the challenge is honest by default. */
export interface Assertion {
  /** 32 bytes that are to be signed. */
  readonly challenge: string;
  /** Default: "webauthn.get". */
  readonly type?: string;
  /** Default: "user present" and "user verified". */
  readonly flags?: number;
  /** Bytes of the authenticator data. Default: all 37. */
  readonly dataLength?: number;
  /** Where the challenge is said to stand in the client data. Default: where it stands. */
  readonly challengeIndex?: number;
  /** Where the type is said to stand in the client data. Default: where it stands. */
  readonly typeIndex?: number;
  /** Changes the signature before it is encoded. */
  readonly spoil?: (signature: P256Signature) => P256Signature;
}

/**
 * What a passkey answers, as OpenZeppelin's verifier takes it.
 *
 * @param name - whose passkey it is
 * @param assertion - what it is asked to sign
 */
export function signAssertion(name: string, assertion: Assertion): string {
  const { type = "webauthn.get", flags = 0x05, dataLength = 37, spoil = (signature) => signature } = assertion;
  const challenge = Buffer.from(getBytes(assertion.challenge)).toString("base64url");
  const clientData = `{"type":"${type}","challenge":"${challenge}","origin":"https://id.weg.example"}`;
  // Hash of the relying party's id, flags, a counter.
  const whole = concat([sha256("id.weg.example"), toBeHex(flags, 1), "0x00000001"]);
  const authenticatorData = dataSlice(whole, 0, dataLength);
  const signed = sha256(getBytes(concat([authenticatorData, sha256(clientData)])));
  const { r, s } = spoil(signP256(passkeyOf(name), signed));
  const { challengeIndex = clientData.indexOf('"challenge"'), typeIndex = clientData.indexOf('"type"') } = assertion;
  return AbiCoder.defaultAbiCoder().encode(
    ["bytes32", "bytes32", "uint256", "uint256", "bytes", "string"],
    [toBeHex(r, 32), toBeHex(s, 32), challengeIndex, typeIndex, authenticatorData, clientData],
  );
}

const passkeyOf = (name: string): P256Key => p256KeyOf(`passkey ${name}`);

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

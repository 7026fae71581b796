import { expect } from "chai";
import { concat, dataSlice, getBytes, keccak256, Signature, toBeHex } from "ethers";
import { documentOf, nameOf } from "../../support/contract-values.js";
import { issuePassport } from "../../support/deploy-suite.js";
import { decodeP256, encodeP256, malleateP256 } from "../../support/p256.js";
import { type Assertion, digestOf, domainOf, signAssertion } from "../../support/signing.js";
import { grantTo, inAnHour, loadSuite, ROLES, snapshotOf } from "./deployed-suite.js";
import { expectUntouched } from "./expect-entry.js";
import { passkey, type SignatoryKind } from "./signatory-kinds.js";

const SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** Makes of a good signature one that must not pass; of a passkey's, by asking the passkey for something else. */
export type Spoil = (
  signature: string,
  signed: { readonly digest: string /** The name that the signatory was created with. */; readonly name: string },
) => string;

const withV =
  (v: number): Spoil =>
  (signature) =>
    concat([dataSlice(signature, 0, 64), toBeHex(v, 1)]);

const malleate: Spoil = (signature) => {
  const { r, s, yParity } = Signature.from(signature);
  return concat([r, toBeHex(SECP256K1_ORDER - BigInt(s), 32), toBeHex(yParity === 0 ? 28 : 27, 1)]);
};

/** What must not pass for a signature of an account. */
const ECDSA_FORMS: readonly (readonly [string, Spoil])[] = [
  ["high s", malleate],
  ["v of 0", withV(0)],
  ["v of 1", withV(1)],
  ["v of 29", withV(29)],
  ["v of the other parity", (signature, signed) => withV(getBytes(signature)[64] === 27 ? 28 : 27)(signature, signed)],
  ["64 bytes, without v", (signature) => dataSlice(signature, 0, 64)],
  ["64 bytes, compact (EIP-2098)", (signature) => Signature.from(signature).compactSerialized],
  ["66 bytes", (signature) => concat([signature, "0x00"])],
  ["no bytes", () => "0x"],
  ["r and s of zero", () => concat([toBeHex(0, 64), "0x1b"])],
];

/** What must not pass for a signature of a P-256 key. */
const P256_FORMS: readonly (readonly [string, Spoil])[] = [
  ["high s", (signature) => encodeP256(malleateP256(decodeP256(signature)))],
  ["63 bytes", (signature) => dataSlice(signature, 0, 63)],
  ["r and s exchanged", (signature) => concat([dataSlice(signature, 32, 64), dataSlice(signature, 0, 32)])],
  ["r and s of zero", () => toBeHex(0, 64)],
  ["no bytes", () => "0x"],
];

const asks =
  (assertion: Omit<Assertion, "challenge">): Spoil =>
  (_, { digest, name }) =>
    signAssertion(name, { challenge: digest, ...assertion });

/** What must not pass for an assertion of a passkey. */
const WEBAUTHN_FORMS: readonly (readonly [string, Spoil])[] = [
  ["assertion of another challenge", (_, { digest, name }) => signAssertion(name, { challenge: keccak256(digest) })],
  ["assertion of a registration", asks({ type: "webauthn.create" })],
  ["assertion without a user present", asks({ flags: 0x04 })],
  ["assertion without a user verified", asks({ flags: 0x01 })],
  ["assertion of a backup that cannot be", asks({ flags: 0x15 })],
  ["assertion with short data", asks({ dataLength: 36 })],
  ["assertion with its challenge elsewhere", asks({ challengeIndex: 0 })],
  ["assertion with its challenge nowhere", asks({ challengeIndex: 1_000_000 })],
  ["assertion with its type elsewhere", asks({ typeIndex: 0 })],
  ["high s", asks({ spoil: malleateP256 })],
  ["r and s exchanged", asks({ spoil: ({ r, s }) => ({ r: s, s: r }) })],
  ["r and s of zero", asks({ spoil: () => ({ r: 0n, s: 0n }) })],
  ["assertion cut off", (signature) => dataSlice(signature, 0, 300)],
  ["P-256 signature without an assertion", (signature) => dataSlice(signature, 0, 64)],
  ["no bytes", () => "0x"],
];

/**
 * What must not pass for a signature.
 *
 * @param kind - who signs
 * @returns names of the forms, and what makes them of a good signature
 */
export function malformedFormsOf(kind: SignatoryKind): readonly (readonly [string, Spoil])[] {
  if (kind === passkey) return WEBAUTHN_FORMS;
  return kind.isKey ? P256_FORMS : ECDSA_FORMS;
}

/**
 * Signatures in a form that must not pass, for each position.
 *
 * @param kind - the kind of attester
 */
export function shouldRefuseMalformedSignatures(kind: SignatoryKind): void {
  const prepare = async () => {
    const suite = await loadSuite();
    const attester = await kind.create(suite, "attester");
    await grantTo(suite, { signatory: attester, roles: ROLES.TECHNICIAN });
    return { ...suite, attester, passport: await issuePassport(suite) };
  };
  const load = snapshotOf(prepare);

  for (const [name, spoil] of malformedFormsOf(kind)) {
    it(`attestBySignature, ${name}, is refused`, async () => {
      const { accounts, attester, passport } = await load();
      for (const sequence of [0n, 2n]) {
        const message = {
          eventType: nameOf("MAINTAINED"),
          document: documentOf("maintenance"),
          attester: attester.address,
          sequence,
          deadline: await inAnHour(),
        };
        const digest = digestOf(await domainOf(passport), "Attestation", message);
        const spoiled = spoil(attester.signDigest(digest), { digest, name: "attester" });
        await expectUntouched(passport, () =>
          expect(passport.connect(accounts.gateway).attestBySignature(message, attester.signer, spoiled))
            .to.be.revertedWithCustomError(passport, "AttesterSignatureInvalid")
            .withArgs(attester.address, digest),
        );
      }
    });
  }
}

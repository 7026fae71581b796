import { expect } from "chai";
import { concat, dataSlice, getBytes, Signature, toBeHex } from "ethers";
import { documentOf, nameOf } from "../../support/contract-values.js";
import { issuePassport } from "../../support/deploy-suite.js";
import { digestOf, domainOf } from "../../support/signing.js";
import { grantTo, inAnHour, loadSuite, ROLES, snapshotOf } from "./deployed-suite.js";
import { expectUntouched } from "./expect-entry.js";
import type { SignatoryKind } from "./signatory-kinds.js";

const SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

type Spoil = (signature: string) => string;

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
  ["v of the other parity", (signature) => withV(getBytes(signature)[64] === 27 ? 28 : 27)(signature)],
  ["64 bytes, without v", (signature) => dataSlice(signature, 0, 64)],
  ["64 bytes, compact (EIP-2098)", (signature) => Signature.from(signature).compactSerialized],
  ["66 bytes", (signature) => concat([signature, "0x00"])],
  ["r and s of zero", () => concat([toBeHex(0, 64), "0x1b"])],
];

/** What must not pass for a signature of a P-256 key. */
const P256_FORMS: readonly (readonly [string, Spoil])[] = [
  [
    "high s",
    (signature) =>
      concat([dataSlice(signature, 0, 32), toBeHex(P256_ORDER - BigInt(dataSlice(signature, 32, 64)), 32)]),
  ],
  ["63 bytes", (signature) => dataSlice(signature, 0, 63)],
  ["r and s exchanged", (signature) => concat([dataSlice(signature, 32, 64), dataSlice(signature, 0, 32)])],
  ["r and s of zero", () => toBeHex(0, 64)],
];

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

  for (const [name, spoil] of kind.isKey ? P256_FORMS : ECDSA_FORMS) {
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
        await expectUntouched(passport, () =>
          expect(
            passport
              .connect(accounts.gateway)
              .attestBySignature(message, attester.signer, spoil(attester.signDigest(digest))),
          )
            .to.be.revertedWithCustomError(passport, "AttesterSignatureInvalid")
            .withArgs(attester.address, digest),
        );
      }
    });
  }
}

import { expect } from "chai";
import { documentOf, NO_END, nameOf } from "../support/contract-values.js";
import { issuePassport } from "../support/deploy-suite.js";
import { domainOf, TYPES } from "../support/signing.js";
import { deployTwins } from "./behaviours/deployed-suite.js";
import { SIGNATORY_KINDS } from "./behaviours/signatory-kinds.js";
import { shouldRefuseMalformedSignatures } from "./behaviours/signature-forms.js";
import { shouldCheckAttestationSignatures } from "./behaviours/signed-attestations.js";
import { shouldOwnBySignature } from "./behaviours/signed-ownership.js";

describe("DigitalPassport: signatures", () => {
  for (const kind of SIGNATORY_KINDS) {
    describe(`attestations of ${kind.name}`, () => shouldCheckAttestationSignatures(kind));
  }

  for (const kind of SIGNATORY_KINDS) {
    describe(`malformed signatures of ${kind.name}`, () => shouldRefuseMalformedSignatures(kind));
  }

  for (const kind of SIGNATORY_KINDS) {
    describe(`ownership of ${kind.name}`, () => shouldOwnBySignature(kind));
  }
});

describe("DigitalPassport: signatures between chains", () => {
  it("attestBySignature, signed for the same address on another chain, is refused", async () => {
    const [here, elsewhere] = await deployTwins();
    const { accounts } = here;
    const passport = await issuePassport(here);
    const twin = await issuePassport(elsewhere, { productId: await passport.productId() });
    expect(await twin.getAddress(), "the same address").to.equal(await passport.getAddress());
    expect(await twin.head(), "another history").not.to.equal(await passport.head());

    const { address } = accounts.technician;
    const message = {
      eventType: nameOf("MAINTAINED"),
      document: documentOf("maintenance"),
      attester: address,
      sequence: 0n,
      deadline: NO_END,
    };
    const types = { Attestation: TYPES.Attestation };
    const signature = await accounts.technician.signTypedData({ ...(await domainOf(passport)) }, types, message);
    await expect(twin.attestBySignature(message, "0x", signature))
      .to.be.revertedWithCustomError(twin, "AttesterSignatureInvalid")
      .withArgs(address, await twin.attestationDigest(message));
    await expect(passport.attestBySignature(message, "0x", signature)).to.emit(passport, "Attested");
  });
});

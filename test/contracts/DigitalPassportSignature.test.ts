import { expect } from "chai";
import { concat } from "ethers";
import { network } from "hardhat";
import type { HostileContract } from "../../types/ethers-contracts/index.js";
import { documentOf, NO_END, nameOf } from "../support/contract-values.js";
import { deploySuite, issuePassport, type Suite } from "../support/deploy-suite.js";
import { attesterOf, domainOf, TYPES } from "../support/signing.js";
import {
  connection,
  grantTo,
  inAnHour,
  loadPassport,
  loadSuite,
  ROLES,
  snapshotOf,
} from "./behaviours/deployed-suite.js";
import { expectEntry, expectUntouched } from "./behaviours/expect-entry.js";
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
    const { accounts, passport } = await loadPassport();
    const elsewhere = await deploySuite(await network.create({ override: { chainId: 42_161 } }));
    const twin = await issuePassport(elsewhere, {
      productId: await passport.productId(),
      owner: await passport.owner(),
    });
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

/** Somebody whose signatures a hostile contract judges. */
interface HostileAttester {
  readonly name: string;
  /** What a contract answers that accepts a signature. */
  readonly acceptance: string;
  readonly create: (hostile: HostileContract) => Promise<{ readonly address: string; readonly signer: string }>;
}

const HOSTILE_ATTESTERS: readonly HostileAttester[] = [
  {
    name: "contract wallet",
    acceptance: "0x1626ba7e",
    create: async (hostile) => ({ address: await hostile.getAddress(), signer: "0x" }),
  },
  {
    name: "verifier of keys",
    acceptance: "0x024ad318",
    create: async (hostile) => {
      const signer = concat([await hostile.getAddress(), "0x1234"]);
      return { address: attesterOf(signer), signer };
    },
  },
];

for (const { name, acceptance, create } of HOSTILE_ATTESTERS) {
  describe(`DigitalPassport: signatures judged by a hostile ${name}`, () => {
    const accepted = `${acceptance}${"00".repeat(28)}`;

    const prepare = async () => {
      const suite: Suite = await loadSuite();
      const hostile = await connection.ethers.deployContract("HostileContract");
      const attester = await create(hostile);
      if (attester.signer !== "0x") await suite.manager.setVerifier(hostile, true);
      await grantTo(suite, { signatory: attester, roles: ROLES.TECHNICIAN });
      const passport = await issuePassport(suite);
      const message = {
        eventType: nameOf("MAINTAINED"),
        document: documentOf("maintenance"),
        attester: attester.address,
        sequence: 0n,
        deadline: await inAnHour(),
      };
      const submit = () =>
        passport.connect(suite.accounts.gateway).attestBySignature(message, attester.signer, "0x1234", {
          gasLimit: 3_000_000,
        });
      const expectRefused = () =>
        expectUntouched(passport, async () =>
          expect(submit())
            .to.be.revertedWithCustomError(passport, "AttesterSignatureInvalid")
            .withArgs(attester.address, await passport.attestationDigest(message)),
        );
      return { ...suite, hostile, attester, passport, message, submit, expectRefused };
    };
    const load = snapshotOf(prepare);

    it("attestBySignature, it accepts, writes in its own name only", async () => {
      const { accounts, attester, hostile, message, passport, submit } = await load();
      await hostile.answerWith(accepted);
      await expectEntry(passport, {
        send: submit,
        entry: {
          eventType: message.eventType,
          attester: attester.address,
          roles: ROLES.TECHNICIAN,
          document: message.document,
          owner: accounts.owner.address,
          condition: 1n,
        },
      });
      const forged = { ...message, attester: accounts.technician.address };
      const refusal = expect(passport.attestBySignature(forged, attester.signer, "0x1234")).to.be;
      if (attester.signer === "0x") {
        await refusal
          .revertedWithCustomError(passport, "AttesterSignatureInvalid")
          .withArgs(forged.attester, await passport.attestationDigest(forged));
      } else {
        await refusal
          .revertedWithCustomError(passport, "AttesterSignerMismatch")
          .withArgs(forged.attester, attester.signer);
      }
    });

    for (const [answer, bytes] of [
      ["nothing", "0x"],
      ["no", `0xffffffff${"00".repeat(28)}`],
      ["zero", `0x${"00".repeat(32)}`],
      ["true", `0x${"00".repeat(31)}01`],
      ["yes in four bytes", acceptance],
      ["yes in 31 bytes", accepted.slice(0, -2)],
      ["yes with something behind it", `${acceptance}${"00".repeat(27)}01`],
      ["yes, right-aligned", `0x${"00".repeat(28)}${acceptance.slice(2)}`],
    ] as const) {
      it(`attestBySignature, it answers ${answer}, is refused`, async () => {
        const { expectRefused, hostile } = await load();
        await hostile.answerWith(bytes);
        await expectRefused();
      });
    }

    it("attestBySignature, it reverts, with the right answer or without, is refused", async () => {
      const { expectRefused, hostile } = await load();
      for (const bytes of ["0x", accepted]) {
        await hostile.revertWith(bytes);
        await expectRefused();
      }
    });

    it("attestBySignature, it burns all gas, is refused", async () => {
      const { expectRefused, hostile } = await load();
      await hostile.burnGas();
      await expectRefused();
    });

    it("attestBySignature, it calls the passport back, changes nothing by that", async () => {
      const { hostile, manager, passport, submit } = await load();
      await manager.grant(hostile, ROLES.TECHNICIAN, 0, NO_END);
      const attest = passport.interface.encodeFunctionData("attest", [nameOf("MAINTAINED"), documentOf("smuggled")]);
      await hostile.callBack(passport, attest, accepted);
      await submit();
      const entries = await passport.queryFilter(passport.filters.Attested());
      expect(entries.map(({ args }) => args.document)).not.to.include(documentOf("smuggled"));
      expect(await passport.entryCount()).to.equal(2n);
      expect(await manager.rolesOf(passport, hostile), "it could have attested").to.equal(ROLES.TECHNICIAN);
    });
  });
}

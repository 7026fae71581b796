import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import type { DigitalPassport } from "../../../types/ethers-contracts/index.js";
import { documentOf, nameOf } from "../../support/contract-values.js";
import { issuePassport } from "../../support/deploy-suite.js";
import { type Domain, digestOf, domainOf, type Messages } from "../../support/signing.js";
import { grantTo, inAnHour, loadSuite, ROLES, recordNextAt, snapshotOf, WEG_CONDITIONS } from "./deployed-suite.js";
import { expectUntouched } from "./expect-entry.js";
import type { SignatoryKind } from "./signatory-kinds.js";

type Attestation = Messages["Attestation"];

/**
 * What holds for every signed attestation, whoever signs.
 *
 * @param kind - the kind of attester
 */
export function shouldCheckAttestationSignatures(kind: SignatoryKind): void {
  const prepare = async () => {
    const suite = await loadSuite();
    const attester = await kind.create(suite, "attester");
    const accomplice = await kind.create(suite, "accomplice");
    await grantTo(suite, { signatory: attester, roles: ROLES.TECHNICIAN });
    await grantTo(suite, { signatory: accomplice, roles: ROLES.TECHNICIAN });
    const passport = await issuePassport(suite);
    const { accounts } = suite;

    /** The next position; `overrides` make it another message. */
    const messageOf = async (overrides: Partial<Attestation> = {}): Promise<Attestation> => ({
      eventType: nameOf("MAINTAINED"),
      document: documentOf("maintenance"),
      attester: attester.address,
      sequence: (await passport.entryCount()) + 1n,
      deadline: await inAnHour(),
      ...overrides,
    });
    const signFor = async (message: Attestation, domain: Partial<Domain> = {}): Promise<string> =>
      attester.signDigest(digestOf({ ...(await domainOf(passport)), ...domain }, "Attestation", message));
    const submit = (
      message: Attestation,
      signature: string,
      options: { readonly to?: DigitalPassport; readonly signer?: string } = {},
    ): Promise<ContractTransactionResponse> =>
      (options.to ?? passport)
        .connect(accounts.gateway)
        .attestBySignature(message, options.signer ?? attester.signer, signature);

    return { ...suite, suite, attester, accomplice, passport, messageOf, signFor, submit };
  };
  const load = snapshotOf(prepare);
  type Scene = Awaited<ReturnType<typeof load>>;

  /** Somebody else writes an entry. */
  const overtake = ({ accounts, passport }: Scene) =>
    passport.connect(accounts.technician).attest(nameOf("INSPECTED"), documentOf("inspection"));

  /** The signature is not the attester's for this message. */
  const expectInvalid = async (scene: Scene, message: Attestation, signature: string) =>
    expectUntouched(scene.passport, async () =>
      expect(scene.submit(message, signature))
        .to.be.revertedWithCustomError(scene.passport, "AttesterSignatureInvalid")
        .withArgs(message.attester, digestOf(await domainOf(scene.passport), "Attestation", message)),
    );

  it("attestationDigest, any attestation, is what EIP-712 says", async () => {
    const { messageOf, passport } = await load();
    for (const sequence of [0n, 2n]) {
      const message = await messageOf({ sequence });
      expect(await passport.attestationDigest(message)).to.equal(
        digestOf(await domainOf(passport), "Attestation", message),
      );
    }
  });

  describe("position", () => {
    it("attestBySignature, next position, returns it", async () => {
      const { accounts, attester, messageOf, passport, signFor } = await load();
      const message = await messageOf();
      const signature = await signFor(message);
      expect(
        await passport.connect(accounts.gateway).attestBySignature.staticCall(message, attester.signer, signature),
      ).to.equal(2n);
    });

    it("attestBySignature, next position twice, is refused the second time", async () => {
      const { messageOf, passport, signFor, submit } = await load();
      const message = await messageOf();
      const signature = await signFor(message);
      await submit(message, signature);
      await expect(submit(message, signature))
        .to.be.revertedWithCustomError(passport, "DigitalPassportSequenceMismatch")
        .withArgs(2, 3);
    });

    it("attestBySignature, overtaken position, is refused for ever", async () => {
      const scene = await load();
      const { messageOf, passport, signFor, submit } = scene;
      const message = await messageOf();
      const signature = await signFor(message);
      for (const nextSequence of [3, 4]) {
        await overtake(scene);
        await expect(submit(message, signature))
          .to.be.revertedWithCustomError(passport, "DigitalPassportSequenceMismatch")
          .withArgs(2, nextSequence);
      }
    });

    it("attestBySignature, future position, is refused until it is the next", async () => {
      const scene = await load();
      const { messageOf, passport, signFor, submit } = scene;
      const message = await messageOf({ sequence: 3n });
      const signature = await signFor(message);
      await expect(submit(message, signature))
        .to.be.revertedWithCustomError(passport, "DigitalPassportSequenceMismatch")
        .withArgs(3, 2);
      await overtake(scene);
      await expect(submit(message, signature)).to.emit(passport, "Attested");
    });

    it("attestBySignature, any position, is recorded after others have written", async () => {
      const scene = await load();
      const { attester, messageOf, passport, signFor, submit } = scene;
      const message = await messageOf({ sequence: 0n });
      const signature = await signFor(message);
      const digest = await passport.attestationDigest(message);
      await overtake(scene);
      await overtake(scene);
      expect(await passport.isDigestUsed(digest)).to.equal(false);
      await submit(message, signature);
      expect(await passport.isDigestUsed(digest)).to.equal(true);
      const [entry] = await passport.queryFilter(passport.filters.Attested(4));
      expect(entry?.args.attester).to.equal(attester.address);
    });

    it("attestBySignature, any position twice, is refused the second time", async () => {
      const scene = await load();
      const { messageOf, passport, signFor, submit } = scene;
      const message = await messageOf({ sequence: 0n });
      const signature = await signFor(message);
      await submit(message, signature);
      await overtake(scene);
      await expect(submit(message, signature))
        .to.be.revertedWithCustomError(passport, "DigitalPassportSignatureUsed")
        .withArgs(await passport.attestationDigest(message));
    });

    it("attestBySignature, any position refused by the manager, stays usable", async () => {
      const { accounts, manager, messageOf, passport, signFor, submit } = await load();
      const message = await messageOf({ sequence: 0n, eventType: nameOf("RECALL_CLOSED") });
      const signature = await signFor(message);
      await expect(submit(message, signature)).to.be.revertedWithCustomError(
        manager,
        "ManufacturerManagerConditionMissing",
      );
      expect(await passport.isDigestUsed(await passport.attestationDigest(message))).to.equal(false);
      await passport.connect(accounts.regulator).attest(nameOf("RECALLED"), documentOf("recall"));
      await expect(submit(message, signature)).to.emit(passport, "Attested");
    });
  });

  describe("deadline", () => {
    for (const [name, sequence] of [
      ["next", 2n],
      ["any", 0n],
    ] as const) {
      it(`attestBySignature, ${name} position at the last second, is recorded`, async () => {
        const { messageOf, passport, signFor, submit } = await load();
        const message = await messageOf({ sequence });
        const signature = await signFor(message);
        await recordNextAt(message.deadline);
        await expect(submit(message, signature)).to.emit(passport, "Attested");
      });

      it(`attestBySignature, ${name} position a second too late, is refused`, async () => {
        const { messageOf, passport, signFor, submit } = await load();
        const message = await messageOf({ sequence });
        const signature = await signFor(message);
        await recordNextAt(message.deadline + 1n);
        await expect(submit(message, signature))
          .to.be.revertedWithCustomError(passport, "DigitalPassportExpired")
          .withArgs(message.deadline, message.deadline + 1n);
      });
    }
  });

  describe("tampering", () => {
    const changes: readonly (readonly [string, Partial<Attestation>, Partial<Attestation>])[] = [
      ["event type", {}, { eventType: nameOf("INSPECTED") }],
      ["document", {}, { document: documentOf("another document") }],
      ["next position instead of any", { sequence: 0n }, { sequence: 2n }],
      ["any position instead of the next", { sequence: 2n }, { sequence: 0n }],
      ["next position instead of an overtaken one", { sequence: 1n }, { sequence: 2n }],
      ["deadline", {}, { deadline: 2n ** 40n }],
    ];
    for (const [field, signed, changed] of changes) {
      it(`attestBySignature, ${field} changed after signing, is refused`, async () => {
        const scene = await load();
        const message = await scene.messageOf(signed);
        const signature = await scene.signFor(message);
        await expectInvalid(scene, { ...message, ...changed }, signature);
      });
    }

    it("attestBySignature, in the name of an account, is refused", async () => {
      const scene = await load();
      const message = await scene.messageOf();
      const signature = await scene.signFor(message);
      const forged = { ...message, attester: scene.accounts.technician.address };
      const refusal = expect(scene.submit(forged, signature)).to.be;
      if (kind.isKey) {
        await refusal
          .revertedWithCustomError(scene.passport, "AttesterSignerMismatch")
          .withArgs(forged.attester, scene.attester.signer);
      } else {
        await refusal
          .revertedWithCustomError(scene.passport, "AttesterSignatureInvalid")
          .withArgs(forged.attester, await scene.passport.attestationDigest(forged));
      }
    });

    it("attestBySignature, signed by another of his kind, is refused", async () => {
      const scene = await load();
      const message = await scene.messageOf();
      const digest = await scene.passport.attestationDigest(message);
      await expectInvalid(scene, message, scene.accomplice.signDigest(digest));
    });

    it("attestBySignature, without a signature, is refused", async () => {
      const scene = await load();
      await expectInvalid(scene, await scene.messageOf(), "0x");
    });

    it("attestBySignature, one byte of the signature changed, is refused", async () => {
      const scene = await load();
      const message = await scene.messageOf();
      const signature = await scene.signFor(message);
      // In every form of signature r comes first.
      const changed = signature.replace(/^0x(..)/, (_, byte: string) => (byte === "00" ? "0x01" : "0x00"));
      await expectInvalid(scene, message, changed);
    });
  });

  describe("domain", () => {
    it("attestBySignature, signed for another passport, is refused", async () => {
      const scene = await load();
      const other = await issuePassport(scene.suite);
      const message = await scene.messageOf();
      const signature = await scene.signFor(message);
      await expect(scene.submit(message, signature, { to: other }))
        .to.be.revertedWithCustomError(other, "AttesterSignatureInvalid")
        .withArgs(message.attester, await other.attestationDigest(message));
    });

    it("attestBySignature, signed for another chain, is refused", async () => {
      const scene = await load();
      const message = await scene.messageOf();
      await expectInvalid(scene, message, await scene.signFor(message, { chainId: 42_161n }));
    });

    it("attestBySignature, signed for another name or version, is refused", async () => {
      const scene = await load();
      const message = await scene.messageOf();
      await expectInvalid(scene, message, await scene.signFor(message, { name: "DigitalPassports" }));
      await expectInvalid(scene, message, await scene.signFor(message, { version: "2" }));
    });
  });

  describe("signer", () => {
    it("attestBySignature, with the signer of another attester, is refused", async () => {
      const scene = await load();
      const message = await scene.messageOf();
      const signature = await scene.signFor(message);
      const foreign = await scene.p256Verifier.getAddress();
      for (const signer of [`${foreign}${"ab".repeat(64)}`, foreign, "0x00"]) {
        await expect(scene.submit(message, signature, { signer }))
          .to.be.revertedWithCustomError(scene.passport, "AttesterSignerMismatch")
          .withArgs(message.attester, signer.toLowerCase());
      }
    });

    if (kind.isKey) {
      it("attestBySignature, key without its signer, is refused", async () => {
        const scene = await load();
        const message = await scene.messageOf();
        await expect(scene.submit(message, await scene.signFor(message), { signer: "0x" }))
          .to.be.revertedWithCustomError(scene.passport, "AttesterSignatureInvalid")
          .withArgs(message.attester, await scene.passport.attestationDigest(message));
      });

      it("attestBySignature, one byte more in the signer, is refused", async () => {
        const scene = await load();
        const message = await scene.messageOf();
        const signer = `${scene.attester.signer}00`;
        await expect(scene.submit(message, await scene.signFor(message), { signer }))
          .to.be.revertedWithCustomError(scene.passport, "AttesterSignerMismatch")
          .withArgs(message.attester, signer.toLowerCase());
      });
    }
  });

  describe("between signing and submission", () => {
    it("attestBySignature, attester revoked meanwhile, is refused", async () => {
      const { attester, manager, messageOf, signFor, submit } = await load();
      const message = await messageOf({ sequence: 0n });
      const signature = await signFor(message);
      await manager.revoke(attester.address);
      await expect(submit(message, signature)).to.be.revertedWithCustomError(
        manager,
        "ManufacturerManagerAttesterRevoked",
      );
    });

    /** Changes the rule of MAINTAINED; what is not named stays. */
    const changeRule = async ({ manager }: Scene, change: object) => {
      const { roles, requires, forbids, sets, clears, pausedUntil } = await manager.ruleOf(nameOf("MAINTAINED"));
      const rule = { roles, requires, forbids, sets, clears, pausedUntil };
      return manager.setRule(nameOf("MAINTAINED"), { ...rule, ...change });
    };

    it("attestBySignature, roles or gates of the rule changed meanwhile, follows the new ones", async () => {
      const scene = await load();
      const { manager, messageOf, passport, signFor, submit } = scene;
      const message = await messageOf({ sequence: 0n });
      const signature = await signFor(message);
      const { ISSUED, IN_SERVICE } = WEG_CONDITIONS;
      for (const [change, error] of [
        [{ roles: ROLES.CERTIFIER }, "ManufacturerManagerRoleMissing"],
        [{ roles: ROLES.TECHNICIAN, requires: ISSUED | IN_SERVICE }, "ManufacturerManagerConditionMissing"],
        [{ requires: 0n, forbids: ISSUED }, "ManufacturerManagerConditionForbids"],
      ] as const) {
        await changeRule(scene, change);
        await expect(submit(message, signature)).to.be.revertedWithCustomError(manager, error);
      }
      await changeRule(scene, { requires: ISSUED, forbids: 0n });
      await expect(submit(message, signature)).to.emit(passport, "Attested");
    });

    it("attestBySignature, effect of the rule changed meanwhile, cannot be: it does what was signed", async () => {
      const scene = await load();
      const { manager, messageOf, passport, signFor, submit } = scene;
      const message = await messageOf({ sequence: 0n });
      const signature = await signFor(message);
      for (const change of [{ sets: WEG_CONDITIONS.RETIRED }, { clears: WEG_CONDITIONS.RECALLED }]) {
        await expect(changeRule(scene, change)).to.be.revertedWithCustomError(
          manager,
          "ManufacturerManagerEffectFinal",
        );
      }
      await submit(message, signature);
      expect(await passport.condition()).to.equal(WEG_CONDITIONS.ISSUED);
    });
  });
}

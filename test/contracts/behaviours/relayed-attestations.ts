import { expect } from "chai";
import { documentOf, nameOf } from "../../support/contract-values.js";
import { issuePassport } from "../../support/deploy-suite.js";
import { readEntries } from "../../support/replay-head.js";
import { type Domain, digestOf, domainOf, type Messages } from "../../support/signing.js";
import { connection, grantTo, inAnHour, loadSuite, now, ROLES, snapshotOf } from "./deployed-suite.js";
import { expectUntouched } from "./expect-entry.js";
import type { SignatoryKind } from "./signatory-kinds.js";
import { malformedFormsOf } from "./signature-forms.js";

/**
 * What holds for signed attestations that go through the relay, whoever signs: it adds nothing to what the passport
 * checks, and takes nothing away.
 *
 * @param kind - the kind of attester
 */
export function shouldRelayAttestations(kind: SignatoryKind): void {
  const load = snapshotOf(async () => {
    const suite = await loadSuite();
    const { accounts } = suite;
    const relay = (await connection.ethers.deployContract("AttestationRelay")).connect(accounts.stranger);
    const attester = await kind.create(suite, "attester");
    const accomplice = await kind.create(suite, "accomplice");
    for (const signatory of [attester, accomplice]) await grantTo(suite, { signatory, roles: ROLES.TECHNICIAN });
    const [motor, other] = [await issuePassport(suite), await issuePassport(suite)];

    const messageOf = async (overrides: Partial<Messages["Attestation"]> = {}) => ({
      eventType: nameOf("MAINTAINED"),
      document: documentOf("maintenance"),
      attester: attester.address,
      sequence: 0n,
      deadline: await inAnHour(),
      ...overrides,
    });
    /** A good item; `overrides` make it another one, which is signed as such. */
    const itemOf = async (
      overrides: Partial<Messages["Attestation"]> = {},
      options: { readonly on?: typeof motor; readonly domain?: Partial<Domain> } = {},
    ) => {
      const { on = motor, domain = {} } = options;
      const attestation = await messageOf(overrides);
      const digest = digestOf({ ...(await domainOf(on)), ...domain }, "Attestation", attestation);
      return { passport: on, attestation, signer: attester.signer, signature: attester.signDigest(digest) };
    };
    return { ...suite, relay, attester, accomplice, motor, other, itemOf };
  });
  type Scene = Awaited<ReturnType<typeof load>>;
  type Item = Awaited<ReturnType<Scene["itemOf"]>>;

  /** Asserts that a bad item behind good ones lets none of them be recorded, and that the relay says which and why. */
  const expectRefused = async ({ manager, motor, other, relay, itemOf }: Scene, bad: Item, error: string) => {
    const document = documentOf("good");
    const good = [await itemOf({ document }), await itemOf({ document }, { on: other })];
    const namesError = (reason: string): boolean =>
      (motor.interface.parseError(reason) ?? manager.interface.parseError(reason))?.name === error;
    await expectUntouched(other, () =>
      expectUntouched(motor, async () =>
        expect(relay.submitMany([...good, bad]))
          .to.be.revertedWithCustomError(relay, "AttestationRelayItemRefused")
          .withArgs(2, bad.passport, namesError),
      ),
    );
  };

  it("submitMany, several passports and positions, records each in the attester's name", async () => {
    const { attester, itemOf, motor, other, relay } = await load();
    await relay.submitMany([
      await itemOf({ sequence: 2n }),
      await itemOf({}, { on: other }),
      await itemOf({ document: documentOf("any position") }),
    ]);
    for (const [passport, count] of [
      [motor, 2],
      [other, 1],
    ] as const) {
      const entries = (await readEntries(passport)).slice(1);
      expect(entries.map((entry) => entry.attester)).to.deep.equal(Array(count).fill(attester.address));
      expect(entries.every(({ roles }) => roles === ROLES.TECHNICIAN)).to.equal(true);
    }
  });

  const refusals: readonly (readonly [string, string, (scene: Scene) => Promise<Item>])[] = [
    [
      "recorded already",
      "DigitalPassportSignatureUsed",
      async ({ itemOf, relay }) => {
        const item = await itemOf();
        await relay.submitMany([item]);
        return item;
      },
    ],
    [
      "signed for another passport",
      "AttesterSignatureInvalid",
      async ({ itemOf, other }) => ({ ...(await itemOf()), passport: other }),
    ],
    ["signed for another chain", "AttesterSignatureInvalid", ({ itemOf }) => itemOf({}, { domain: { chainId: 1n } })],
    ["overtaken", "DigitalPassportSequenceMismatch", ({ itemOf }) => itemOf({ sequence: 1n })],
    ["of a future position", "DigitalPassportSequenceMismatch", ({ itemOf }) => itemOf({ sequence: 9n })],
    ["expired", "DigitalPassportExpired", async ({ itemOf }) => itemOf({ deadline: (await now()) - 1n })],
    [
      "in another's name",
      kind.isKey ? "AttesterSignerMismatch" : "AttesterSignatureInvalid",
      async ({ accomplice, itemOf }) => {
        const item = await itemOf();
        return { ...item, attestation: { ...item.attestation, attester: accomplice.address } };
      },
    ],
    [
      "with another's signer",
      "AttesterSignerMismatch",
      async ({ itemOf, p256Verifier }) => ({
        ...(await itemOf()),
        signer: `${await p256Verifier.getAddress()}${"ab".repeat(64)}`,
      }),
    ],
    [
      "of a native event",
      "DigitalPassportEventTypeNative",
      ({ itemOf }) => itemOf({ eventType: nameOf("OWNERSHIP_TRANSFERRED") }),
    ],
    [
      "of a role that he does not hold",
      "ManufacturerManagerRoleMissing",
      ({ itemOf }) => itemOf({ eventType: nameOf("QUALITY_TESTED") }),
    ],
  ];
  for (const [name, error, prepare] of refusals) {
    it(`submitMany, an item ${name}, refuses all and says which and why`, async () => {
      const scene = await load();
      await expectRefused(scene, await prepare(scene), error);
    });
  }

  it("submitMany, an item in any malformed form, refuses all and says which and why", async () => {
    const scene = await load();
    const good = await scene.itemOf();
    const digest = await scene.motor.attestationDigest(good.attestation);
    for (const [, spoil] of malformedFormsOf(kind)) {
      const bad = { ...good, signature: spoil(good.signature, { digest, name: "attester" }) };
      await expectRefused(scene, bad, "AttesterSignatureInvalid");
    }
  });

  it("submitMany, attester revoked meanwhile, refuses all", async () => {
    const { attester, itemOf, manager, motor, relay } = await load();
    const items = [await itemOf()];
    await manager.revoke(attester.address);
    await expectUntouched(motor, () =>
      expect(relay.submitMany(items)).to.be.revertedWithCustomError(relay, "AttestationRelayItemRefused"),
    );
  });
}

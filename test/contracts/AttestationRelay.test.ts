import { expect } from "chai";
import { documentOf, nameOf } from "../support/contract-values.js";
import { issuePassport } from "../support/deploy-suite.js";
import { accountOf, type Messages, p256SignatoryOf, type Signatory, sign } from "../support/signing.js";
import { connection, grantTo, inAnHour, loadSuite, ROLES } from "./behaviours/deployed-suite.js";
import { shouldRelayAttestations } from "./behaviours/relayed-attestations.js";
import { SIGNATORY_KINDS } from "./behaviours/signatory-kinds.js";

describe("AttestationRelay", () => {
  const prepare = async () => {
    const suite = await loadSuite();
    const relay = await connection.ethers.deployContract("AttestationRelay");
    const technician = accountOf("technician");
    const device = await p256SignatoryOf(suite, "device");
    await grantTo(suite, { signatory: technician, roles: ROLES.TECHNICIAN });
    await grantTo(suite, { signatory: device, roles: ROLES.TECHNICIAN });
    const motors = [await issuePassport(suite), await issuePassport(suite)] as const;
    const itemOf = async (
      signatory: Signatory,
      { motor = 0, ...overrides }: Partial<Messages["Attestation"]> & { readonly motor?: 0 | 1 } = {},
    ) => {
      const passport = motors[motor];
      const message = {
        eventType: nameOf("MAINTAINED"),
        document: documentOf("maintenance"),
        attester: signatory.address,
        sequence: (await passport.entryCount()) + 1n,
        deadline: await inAnHour(),
        ...overrides,
      };
      const signature = await sign(signatory, { passport, type: "Attestation", message });
      return { passport, attestation: message, signer: signatory.signer, signature };
    };
    return { ...suite, relay, technician, device, motors, itemOf };
  };
  const load = () => connection.networkHelpers.loadFixture(prepare);

  it("submitMany, several passports and kinds of attesters, records each in its own name", async () => {
    const { accounts, device, itemOf, motors, relay, technician } = await load();
    const items = [await itemOf(technician), await itemOf(device, { motor: 1 })];
    const submitted = relay.connect(accounts.stranger).submitMany(items);
    for (const [index, { address }] of [technician, device].entries()) {
      const passport = motors[index as 0 | 1]; // Safety: there are two of each
      await expect(submitted)
        .to.emit(passport, "Attested")
        .withArgs(
          2,
          nameOf("MAINTAINED"),
          address,
          ROLES.TECHNICIAN,
          documentOf("maintenance"),
          (recordedAt: bigint) => recordedAt > 0n,
          await passport.queryFilter(passport.filters.Attested(1)).then(([entry]) => entry?.args.recordedAt),
          accounts.owner,
          1,
        );
    }
  });

  it("submitMany, consecutive positions of one passport, records them in their order", async () => {
    const { itemOf, motors, relay, technician } = await load();
    await relay.submitMany([await itemOf(technician), await itemOf(technician, { sequence: 3n })]);
    expect(await motors[0].entryCount()).to.equal(3);
  });

  it("submitMany, one refused among good ones, records nothing and says which and why", async () => {
    const { itemOf, motors, relay, technician } = await load();
    const items = [await itemOf(technician, { motor: 1 }), await itemOf(technician, { sequence: 9n })];
    const reason = motors[0].interface.encodeErrorResult("DigitalPassportSequenceMismatch", [9, 2]);
    await expect(relay.submitMany(items))
      .to.be.revertedWithCustomError(relay, "AttestationRelayItemRefused")
      .withArgs(1, motors[0], reason);
    expect(await motors[1].entryCount()).to.equal(1);
  });

  it("submitMany, the same attestation twice, is refused at the second", async () => {
    const { itemOf, motors, relay, technician } = await load();
    const item = await itemOf(technician, { sequence: 0n });
    const digest = await motors[0].attestationDigest(item.attestation);
    await expect(relay.submitMany([item, item]))
      .to.be.revertedWithCustomError(relay, "AttestationRelayItemRefused")
      .withArgs(1, motors[0], motors[0].interface.encodeErrorResult("DigitalPassportSignatureUsed", [digest]));
  });

  it("submitMany, an address without code, is refused without a reason", async () => {
    const { accounts, itemOf, relay, technician } = await load();
    await expect(relay.submitMany([{ ...(await itemOf(technician)), passport: accounts.stranger }]))
      .to.be.revertedWithCustomError(relay, "AttestationRelayItemRefused")
      .withArgs(0, accounts.stranger, "0x");
  });

  it("submitMany, an attestation in the relay's own name, is refused", async () => {
    const { itemOf, motors, relay, technician } = await load();
    const address = await relay.getAddress();
    const item = await itemOf(technician, { attester: address });
    const digest = await motors[0].attestationDigest(item.attestation);
    await expect(relay.submitMany([item]))
      .to.be.revertedWithCustomError(relay, "AttestationRelayItemRefused")
      .withArgs(0, motors[0], motors[0].interface.encodeErrorResult("AttesterSignatureInvalid", [address, digest]));
  });

  it("submitMany, nothing, does nothing", async () => {
    const { relay } = await load();
    await expect(relay.submitMany([])).not.to.revert(connection.ethers);
  });
});

for (const kind of SIGNATORY_KINDS) {
  describe(`AttestationRelay: attestations of ${kind.name}`, () => shouldRelayAttestations(kind));
}

import { expect } from "chai";
import { documentOf, nameOf } from "../../support/contract-values.js";
import { issuePassport } from "../../support/deploy-suite.js";
import { readEntries } from "../../support/replay-head.js";
import { accountOf, type Messages, sign } from "../../support/signing.js";
import {
  connection,
  grantTo,
  inAnHour,
  loadPassport,
  ROLES,
  recordNextAt,
  snapshotOf,
} from "../behaviours/deployed-suite.js";
import { expectRefusals } from "../behaviours/expect-refusals.js";

const technician = accountOf("technician");

/** Somebody without any role who has got a technician's signatures; and the relay, which he may use. */
const load = snapshotOf(async () => {
  const scene = await loadPassport();
  const { accounts, passport, suite } = scene;
  await grantTo(suite, { signatory: technician, roles: ROLES.TECHNICIAN });
  const relay = (await connection.ethers.deployContract("AttestationRelay")).connect(accounts.stranger);
  const itemOf = async (overrides: Partial<Messages["Attestation"]> = {}, on = passport) => {
    const attestation = {
      eventType: nameOf("MAINTAINED"),
      document: documentOf("maintenance"),
      attester: technician.address,
      sequence: 0n,
      deadline: await inAnHour(),
      ...overrides,
    };
    const signature = await sign(technician, { passport: on, type: "Attestation", message: attestation });
    return { passport: on, attestation, signer: "0x", signature };
  };
  type Item = Awaited<ReturnType<typeof itemOf>>;
  const submit = ({ passport: to, attestation, signer, signature }: Item) =>
    to.connect(accounts.stranger).attestBySignature(attestation, signer, signature);
  return { ...scene, relay, itemOf, submit, other: await issuePassport(suite) };
});

describe("A hostile submitter cannot", () => {
  it("change anything that was signed", async () => {
    const { accounts, itemOf, passport, submit } = await load();
    const item = await itemOf();
    await expectRefusals(
      passport,
      [
        { eventType: nameOf("REPAIRED") },
        { document: documentOf("something else") },
        { attester: accounts.technician.address },
        { sequence: 2n },
        { deadline: item.attestation.deadline + 1n },
      ].map((change) => [
        passport,
        "AttesterSignatureInvalid",
        () => submit({ ...item, attestation: { ...item.attestation, ...change } }),
      ]),
    );
  });

  it("submit the same twice, also not once himself and once through the relay", async () => {
    const { itemOf, passport, relay, submit } = await load();
    const item = await itemOf();
    await submit(item);
    await expectRefusals(passport, [
      [passport, "DigitalPassportSignatureUsed", () => submit(item)],
      [relay, "AttestationRelayItemRefused", () => relay.submitMany([item])],
    ]);
  });

  it("submit it on another passport", async () => {
    const { itemOf, other, relay, submit } = await load();
    const item = { ...(await itemOf()), passport: other };
    await expectRefusals(other, [
      [other, "AttesterSignatureInvalid", () => submit(item)],
      [relay, "AttestationRelayItemRefused", () => relay.submitMany([item])],
    ]);
  });

  it("submit it after its deadline, or once its position is overtaken", async () => {
    const { accounts, itemOf, passport, submit } = await load();
    const [anywhere, exactly] = [await itemOf(), await itemOf({ sequence: 2n })];
    await passport.connect(accounts.technician).attest(nameOf("INSPECTED"), documentOf("inspection"));
    await recordNextAt(anywhere.attestation.deadline + 1n);
    await expectRefusals(passport, [
      [passport, "DigitalPassportExpired", () => submit(anywhere)],
      [passport, "DigitalPassportExpired", () => submit(exactly)],
    ]);
    const later = await itemOf({ sequence: 2n });
    await expectRefusals(passport, [[passport, "DigitalPassportSequenceMismatch", () => submit(later)]]);
  });

  it("get into the entry himself, nor the relay", async () => {
    const { itemOf, passport, relay, submit } = await load();
    await submit(await itemOf());
    await relay.submitMany([await itemOf({ document: documentOf("another") })]);
    for (const { attester } of (await readEntries(passport)).slice(1)) expect(attester).to.equal(technician.address);
    const inItsName = await itemOf({ attester: await relay.getAddress() });
    await expectRefusals(passport, [[relay, "AttestationRelayItemRefused", () => relay.submitMany([inItsName])]]);
  });

  it("have the relay record some of many and leave the refused ones out", async () => {
    const { itemOf, other, passport, relay } = await load();
    const items = [await itemOf(), await itemOf({}, other), await itemOf({ sequence: 9n })];
    await expectRefusals(passport, [[relay, "AttestationRelayItemRefused", () => relay.submitMany(items)]]);
    expect(await other.entryCount()).to.equal(1n);
  });

  it("gain anything from a contract of his own among the relay's passports", async () => {
    const { itemOf, passport, relay } = await load();
    const [smuggled, honest] = [await itemOf(), await itemOf({ document: documentOf("another") })];
    const hostile = await connection.ethers.deployContract("HostileContract");
    const item = { ...honest, passport: hostile };
    // It submits another item while it is called: that is recorded as if it had been submitted by itself.
    const data = relay.interface.encodeFunctionData("submitMany", [
      [{ ...smuggled, passport: await passport.getAddress() }],
    ]);
    await hostile.callBack(relay, data, `0x${"00".repeat(31)}01`);
    await relay.submitMany([item, honest]);
    expect((await readEntries(passport)).slice(1).map(({ attester }) => attester)).to.deep.equal([
      technician.address,
      technician.address,
    ]);
    await expectRefusals(passport, [[relay, "AttestationRelayItemRefused", () => relay.submitMany([item, smuggled])]]);
    await hostile.revertAtLength("0x", 100_000);
    await expectRefusals(passport, [[relay, "AttestationRelayItemRefused", () => relay.submitMany([item])]]);
  });
});

describe("A hostile submitter can", () => {
  it("choose the moment for an any-position signature, until its deadline", async () => {
    const { accounts, itemOf, passport, submit } = await load();
    const item = await itemOf();
    await passport.connect(accounts.regulator).attest(nameOf("RECALLED"), documentOf("recall"));
    await recordNextAt(item.attestation.deadline);
    await submit(item);
    expect((await readEntries(passport)).at(-1)).to.include({
      attester: technician.address,
      recordedAt: item.attestation.deadline,
    });
  });

  it("never submit it: then it is as if it had not been signed", async () => {
    const { itemOf, passport } = await load();
    const { attestation } = await itemOf();
    await recordNextAt(attestation.deadline + 1n);
    await connection.networkHelpers.mine();
    expect(await passport.entryCount()).to.equal(1n);
    expect(await passport.isDigestUsed(await passport.attestationDigest(attestation))).to.equal(false);
  });
});

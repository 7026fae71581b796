import { expect } from "chai";
import { concat, toBeHex, toUtf8Bytes, ZeroAddress, zeroPadValue } from "ethers";
import { documentOf, NO_END, nameOf } from "../support/contract-values.js";
import { issuePassport, productIdOf, type Suite } from "../support/deploy-suite.js";
import { accountOf, attesterOf, delegateAccount, sign } from "../support/signing.js";
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
import { expectRefusals } from "./behaviours/expect-refusals.js";
import { HOSTILE_SIGNERS, type HostileSigner, hostileVerifier } from "./behaviours/hostile-signers.js";

const { ethers, networkHelpers } = connection;

const maintenance = documentOf("maintenance");
const gasLimit = 8_000_000;

/** A passport, and a technician whose signatures a hostile contract judges. */
const prepareFor =
  ({ acceptance, create }: HostileSigner) =>
  async () => {
    const suite: Suite = await loadSuite();
    const { accounts } = suite;
    const hostile = await ethers.deployContract("HostileContract");
    const attester = await create(hostile);
    if (attester.signer !== "0x") await suite.manager.setVerifier(hostile, true);
    await grantTo(suite, { signatory: attester, roles: ROLES.TECHNICIAN });
    const passport = await issuePassport(suite);
    const by = passport.connect(accounts.gateway);
    const message = {
      eventType: nameOf("MAINTAINED"),
      document: maintenance,
      attester: attester.address,
      sequence: 0n,
      deadline: await inAnHour(),
    };
    const submit = () => by.attestBySignature(message, attester.signer, "0x1234", { gasLimit });
    const entry = {
      eventType: message.eventType,
      attester: attester.address,
      roles: ROLES.TECHNICIAN,
      document: message.document,
      owner: accounts.owner.address,
      condition: 1n,
    };
    const expectRecorded = () => expectEntry(passport, { send: submit, entry });
    const expectRefused = () =>
      expectUntouched(passport, async () =>
        expect(submit())
          .to.be.revertedWithCustomError(passport, "AttesterSignatureInvalid")
          .withArgs(attester.address, await passport.attestationDigest(message)),
      );
    const accepted = `${acceptance}${"00".repeat(28)}`;
    return {
      ...suite,
      suite,
      hostile,
      attester,
      passport,
      by,
      message,
      accepted,
      entry,
      submit,
      expectRecorded,
      expectRefused,
    };
  };
type Scene = Awaited<ReturnType<ReturnType<typeof prepareFor>>>;

interface Call {
  readonly target: string;
  readonly data: string;
}

/** Calls that would succeed if the hostile contract made them at any other moment than while it judges. */
const REENTRIES: readonly (readonly [string, (scene: Scene) => Promise<Call>])[] = [
  [
    "attest",
    async ({ hostile, manager, passport }) => {
      await manager.grant(hostile, ROLES.TECHNICIAN, 0, NO_END);
      const data = passport.interface.encodeFunctionData("attest", [nameOf("MAINTAINED"), documentOf("smuggled")]);
      return { target: await passport.getAddress(), data };
    },
  ],
  ["attestBySignature", async (scene) => attestationCall(scene, "passport")],
  ["the relay's submitMany", async (scene) => attestationCall(scene, "relay")],
  [
    "acceptOwnership",
    async ({ accounts, hostile, passport }) => {
      const document = documentOf("sale");
      await passport.connect(accounts.owner).offerOwnership(hostile, document, await inAnHour());
      const data = passport.interface.encodeFunctionData("acceptOwnership", [document, await passport.head()]);
      return { target: await passport.getAddress(), data };
    },
  ],
  [
    "release",
    async ({ accounts, hostile, passport }) => {
      await passport.connect(accounts.owner).lock(hostile, await inAnHour(), documentOf("lock"));
      return { target: await passport.getAddress(), data: passport.interface.encodeFunctionData("release") };
    },
  ],
  [
    "settle",
    async ({ accounts, hostile, passport }) => {
      await passport.connect(accounts.owner).lock(hostile, await inAnHour(), documentOf("lock"));
      const buyer = accountOf("buyer");
      const message = {
        newOwner: buyer.address,
        document: documentOf("sale"),
        offerNonce: 1n,
        expectedHead: await passport.head(),
        deadline: await inAnHour(),
      };
      const signature = await sign(buyer, { passport, type: "Accept", message });
      const data = passport.interface.encodeFunctionData("settle", [message, "0x", signature]);
      return { target: await passport.getAddress(), data };
    },
  ],
];

/** Submits another technician's good signature. */
async function attestationCall({ passport, suite }: Scene, through: "passport" | "relay"): Promise<Call> {
  const technician = accountOf("technician");
  await grantTo(suite, { signatory: technician, roles: ROLES.TECHNICIAN });
  const attestation = {
    eventType: nameOf("MAINTAINED"),
    document: documentOf("smuggled"),
    attester: technician.address,
    sequence: 0n,
    deadline: await inAnHour(),
  };
  const signature = await sign(technician, { passport, type: "Attestation", message: attestation });
  const address = await passport.getAddress();
  if (through === "passport") {
    const data = passport.interface.encodeFunctionData("attestBySignature", [attestation, "0x", signature]);
    return { target: address, data };
  }
  const relay = await ethers.deployContract("AttestationRelay");
  const items = [{ passport: address, attestation, signer: "0x", signature }];
  return { target: await relay.getAddress(), data: relay.interface.encodeFunctionData("submitMany", [items]) };
}

for (const signer of HOSTILE_SIGNERS) {
  describe(`DigitalPassport: signatures judged by a hostile ${signer.name}`, () => {
    const load = snapshotOf(prepareFor(signer));

    it("attestBySignature, it accepts, writes in its own name only", async () => {
      const { accepted, accounts, attester, by, expectRecorded, hostile, message, passport } = await load();
      await hostile.answerWith(accepted);
      await expectRecorded();
      const forged = { ...message, attester: accounts.technician.address };
      const error = attester.signer === "0x" ? "AttesterSignatureInvalid" : "AttesterSignerMismatch";
      await expectRefusals(passport, [
        [passport, error, () => by.attestBySignature(forged, attester.signer, "0x1234")],
      ]);
    });

    for (const [answer, bytesOf] of [
      ["nothing", () => "0x"],
      ["no", () => `0xffffffff${"00".repeat(28)}`],
      ["zero", () => `0x${"00".repeat(32)}`],
      ["true", () => `0x${"00".repeat(31)}01`],
      ["yes in four bytes", () => signer.acceptance],
      ["yes in 31 bytes", (accepted: string) => accepted.slice(0, -2)],
      ["yes with something behind it", () => `${signer.acceptance}${"00".repeat(27)}01`],
      ["yes, right-aligned", () => zeroPadValue(signer.acceptance, 32)],
    ] as const) {
      it(`attestBySignature, it answers ${answer}, is refused`, async () => {
        const { accepted, expectRefused, hostile } = await load();
        await hostile.answerWith(bytesOf(accepted));
        await expectRefused();
      });
    }

    it(`attestBySignature, it answers yes and more, is ${signer.isLengthExact ? "refused" : "recorded"}`, async () => {
      for (const length of [33, 64, 100_000]) {
        const { accepted, expectRecorded, expectRefused, hostile } = await load();
        await hostile.answerAtLength(accepted, length);
        await (signer.isLengthExact ? expectRefused() : expectRecorded());
      }
    });

    it("attestBySignature, it reverts, with the right answer or without or with 100 kB, is refused", async () => {
      const { accepted, expectRefused, hostile } = await load();
      for (const length of [0, 32, 100_000]) {
        await hostile.revertAtLength(accepted, length);
        await expectRefused();
      }
    });

    it("attestBySignature, it burns all gas, is refused", async () => {
      const { expectRefused, hostile } = await load();
      await hostile.burnGas();
      await expectRefused();
    });

    it("attestBySignature, it is gone, is refused", async () => {
      const { accepted, expectRefused, hostile } = await load();
      await hostile.answerWith(accepted);
      await networkHelpers.setCode(await hostile.getAddress(), "0x");
      await expectRefused();
    });

    for (const [name, prepareCall] of REENTRIES) {
      it(`attestBySignature, it calls ${name} meanwhile, changes nothing by that`, async () => {
        const scene = await load();
        const { accepted, entry, hostile, passport, submit } = scene;
        const { target, data } = await prepareCall(scene);
        await hostile.execute.staticCall(target, data); // at any other moment it would succeed
        await hostile.callBack(target, data, accepted);
        const condition = await passport.condition();
        await expectEntry(passport, { send: submit, entry: { ...entry, condition } });
      });
    }

    it("acceptOwnershipBySignature, it calls the passport back as the new owner, owns and changes nothing else", async () => {
      const scene = await load();
      const { accepted, accounts, attester, by, hostile, passport } = scene;
      const document = documentOf("sale");
      await passport.connect(accounts.owner).offerOwnership(attester.address, document, await inAnHour());
      const expectedHead = await passport.head();
      const deadline = await inAnHour();
      const message = { newOwner: attester.address, document, offerNonce: 1n, expectedHead, deadline };
      const data = passport.interface.encodeFunctionData("offerOwnership", [
        accounts.stranger.address,
        document,
        deadline,
      ]);
      await hostile.callBack(passport, data, accepted);
      await expectEntry(passport, {
        send: () => by.acceptOwnershipBySignature(message, attester.signer, "0x1234", { gasLimit }),
        entry: {
          eventType: nameOf("OWNERSHIP_TRANSFERRED"),
          attester: attester.address,
          roles: ROLES.OWNER,
          document,
          owner: attester.address,
          condition: 1n,
        },
      });
      expect((await passport.pendingOffer()).newOwner).to.equal(ZeroAddress);
    });

    it("settle, new owner's judge reverts, burns gas or answers no, leaves the lock to its holder", async () => {
      const { accounts, attester, hostile, passport } = await load();
      await passport.connect(accounts.owner).lock(accounts.logistics, await inAnHour(), documentOf("lock"));
      const message = {
        newOwner: attester.address,
        document: documentOf("sale"),
        offerNonce: 1n,
        expectedHead: await passport.head(),
        deadline: await inAnHour(),
      };
      const byHolder = passport.connect(accounts.logistics);
      for (const misbehave of [
        () => hostile.revertWith("0x"),
        () => hostile.burnGas(),
        () => hostile.answerWith("0x"),
      ]) {
        await misbehave();
        await expectRefusals(passport, [
          [passport, "AttesterSignatureInvalid", () => byHolder.settle(message, attester.signer, "0x", { gasLimit })],
        ]);
      }
      await byHolder.release();
    });
  });
}

describe("DigitalPassport: verifiers that no manager has listed", () => {
  const load = snapshotOf(prepareFor(hostileVerifier));

  it("attestBySignature, verifier never listed, accepts in vain: its attester holds no role", async () => {
    const { accepted, by, manager, message, passport } = await load();
    const unlisted = await ethers.deployContract("HostileContract");
    await unlisted.answerWith(accepted);
    const signer = concat([await unlisted.getAddress(), "0x1234"]);
    await expectRefusals(passport, [
      [manager, "ManufacturerManagerVerifierNotAccepted", () => manager.grantKey(signer, ROLES.TECHNICIAN, 0, NO_END)],
      [
        manager,
        "ManufacturerManagerRoleMissing",
        () => by.attestBySignature({ ...message, attester: attesterOf(signer) }, signer, "0x1234"),
      ],
    ]);
  });

  it("attestBySignature, verifier taken off the list, keys granted before write until they are revoked", async () => {
    const { accepted, attester, expectRecorded, hostile, manager, message, passport, by } = await load();
    await hostile.answerWith(accepted);
    await manager.setVerifier(hostile, false);
    await expectRecorded();
    await manager.revoke(attester.address);
    const again = { ...message, document: documentOf("after the revocation") };
    await expectRefusals(passport, [
      [manager, "ManufacturerManagerAttesterRevoked", () => by.attestBySignature(again, attester.signer, "0x1234")],
    ]);
  });

  it("attestBySignature, precompile as verifier, granted by address, is refused", async () => {
    const { by, manager, message, passport } = await load();
    for (const precompile of [...Array.from({ length: 0x11 }, (_, index) => index + 1), 0x100]) {
      const signer = concat([toBeHex(precompile, 20), "0x024ad318"]);
      const attester = attesterOf(signer);
      await manager.grant(attester, ROLES.TECHNICIAN, 0, NO_END);
      for (const signature of ["0x", "0x024ad318", `0x024ad318${"00".repeat(28)}`]) {
        await expectRefusals(passport, [
          [
            passport,
            "AttesterSignatureInvalid",
            () => by.attestBySignature({ ...message, attester }, signer, signature, { gasLimit }),
          ],
        ]);
      }
    }
  });
});

describe("DigitalPassport: signatures of nobody", () => {
  /** Signatures that make ecrecover answer the zero address, and the empty one. */
  const OF_NOBODY = [
    "0x",
    `0x${"00".repeat(65)}`,
    concat([toBeHex(0, 64), "0x1b"]),
    concat([toBeHex(5, 32), toBeHex(1, 32), "0x1b"]), // no point of the curve has this x
    `0x${"1b".repeat(65)}`,
    concat([toBeHex(1, 32), `0x${"ff".repeat(32)}`, "0x1c"]),
  ];

  it("attestBySignature, in the name of the zero address, is refused", async () => {
    const { accounts, manager, passport } = await loadPassport();
    await expect(manager.grant(ZeroAddress, ROLES.TECHNICIAN, 0, NO_END)).to.be.revertedWithCustomError(
      manager,
      "ManufacturerManagerAttesterZero",
    );
    const message = { eventType: nameOf("MAINTAINED"), document: maintenance, attester: ZeroAddress, sequence: 0n };
    const deadline = await inAnHour();
    const by = passport.connect(accounts.gateway);
    await expectRefusals(
      passport,
      OF_NOBODY.map((signature) => [
        passport,
        "AttesterSignatureInvalid",
        () => by.attestBySignature({ ...message, deadline }, "0x", signature),
      ]),
    );
  });

  it("offer, cancellation and lock by signature, of a clone without an owner, are refused", async () => {
    const { accounts, implementation, manager } = await loadPassport();
    const behind = concat([await manager.getAddress(), toUtf8Bytes(productIdOf(1))]);
    const code = concat([
      "0x363d3d373d3d3d363d73",
      await implementation.getAddress(),
      "0x5af43d82803e903d91602b57fd5bf3",
    ]);
    const address = "0x00000000000000000000000000000000000C107E";
    await networkHelpers.setCode(address, concat([code, behind]));
    const clone = await ethers.getContractAt("DigitalPassport", address);
    expect(await clone.owner()).to.equal(ZeroAddress);
    const until = await inAnHour();
    const { address: newOwner } = accounts.stranger;
    const offer = { newOwner, document: maintenance, offerNonce: 1n, expiresAt: until };
    const lock = { holder: newOwner, until, document: maintenance, sequence: 1n, deadline: until };
    await expectRefusals(
      clone,
      OF_NOBODY.flatMap((signature) => [
        [clone, "AttesterSignatureInvalid", () => clone.offerOwnershipBySignature(offer, "0x", signature)],
        [clone, "AttesterSignatureInvalid", () => clone.cancelOfferBySignature(1, "0x", signature)],
        [clone, "AttesterSignatureInvalid", () => clone.lockBySignature(lock, "0x", signature)],
      ]),
    );
  });
});

describe("DigitalPassport: an account whose delegate accepts everything (EIP-7702)", () => {
  /** An account runs the code that it has chosen: what that accepts, it has signed, as with any contract wallet. */
  const load = snapshotOf(async () => {
    const scene = await loadPassport();
    const delegate = await ethers.deployContract("HostileContract");
    const account = await delegateAccount(connection, { name: "careless", to: await delegate.getAddress() });
    await grantTo(scene.suite, { signatory: account, roles: ROLES.TECHNICIAN });
    // Its code runs on its own storage.
    const asWallet = await ethers.getContractAt("HostileContract", account.address);
    await asWallet.answerWith(`0x1626ba7e${"00".repeat(28)}`);
    const message = {
      eventType: nameOf("MAINTAINED"),
      document: maintenance,
      attester: account.address,
      sequence: 0n,
      deadline: await inAnHour(),
    };
    const by = scene.passport.connect(scene.accounts.gateway);
    return { ...scene, account, by, message };
  });

  it("attestBySignature, any bytes, are recorded in its own name and in no other", async () => {
    const { account, accounts, by, message, passport } = await load();
    await expectEntry(passport, {
      send: () => by.attestBySignature(message, "0x", "0x1234"),
      entry: {
        eventType: message.eventType,
        attester: account.address,
        roles: ROLES.TECHNICIAN,
        document: maintenance,
        owner: accounts.owner.address,
        condition: 1n,
      },
    });
    const forged = { ...message, attester: accounts.technician.address };
    await expectRefusals(passport, [
      [passport, "AttesterSignatureInvalid", () => by.attestBySignature(forged, "0x", "0x1234")],
    ]);
  });

  it("attestBySignature, once it has taken the delegation back, needs its plain signature again", async () => {
    const { account, by, message, passport } = await load();
    await delegateAccount(connection, { name: "careless", to: ZeroAddress });
    await expectRefusals(passport, [
      [passport, "AttesterSignatureInvalid", () => by.attestBySignature(message, "0x", "0x1234")],
    ]);
    const signature = await sign(account, { passport, type: "Attestation", message });
    await expect(by.attestBySignature(message, "0x", signature)).to.emit(passport, "Attested");
  });
});

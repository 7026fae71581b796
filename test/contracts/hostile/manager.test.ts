import { expect } from "chai";
import { AbiCoder, hexlify, toUtf8Bytes, ZeroAddress } from "ethers";
import { CONDITIONS, documentOf, NATIVE_EVENT_TYPES, nameOf } from "../../support/contract-values.js";
import { issuePassport } from "../../support/deploy-suite.js";
import { accountOf, sign } from "../../support/signing.js";
import { connection, inAnHour, loadSuite, ROLES, snapshotOf } from "../behaviours/deployed-suite.js";
import { expectEntry, expectUntouched } from "../behaviours/expect-entry.js";
import { expectRefusals } from "../behaviours/expect-refusals.js";

const { ISSUED, LOCKED, STOLEN, RETIRED, SUPERSEDED } = CONDITIONS;
const { ethers, networkHelpers } = connection;
const document = documentOf("whatever the manager wants");
const ANY_TYPE = nameOf("WHATEVER");
const PRODUCT_ID = "https://hostile.example/1";
const BRAND = 0xff00n;
const gasLimit = 5_000_000;

const answerOf = (roles: bigint, condition: bigint): string =>
  AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [roles, condition]);

/** A passport of a brand whose manager answers whatever it is told to. */
const load = snapshotOf(async () => {
  const suite = await loadSuite();
  const { accounts, factory, registry } = suite;
  const manager = await ethers.deployContract("HostileContract");
  await registry.admitManufacturer("https://hostile.example/", manager);
  const { interface: factoryAbi } = factory;
  const owner = accounts.owner.address;
  await manager.execute(factory, factoryAbi.encodeFunctionData("createPassport", [PRODUCT_ID, owner, document]));
  const passport = await ethers.getContractAt("DigitalPassport", await registry.passportOfProduct(PRODUCT_ID));

  /** The manager's friend attests after the manager has been told what to answer. */
  const attest = async (roles: bigint, condition: bigint, caller = accounts.stranger) => {
    await manager.answerWith(answerOf(roles, condition));
    return passport.connect(caller).attest(ANY_TYPE, document);
  };
  const expectRefused = (roles: bigint, condition: bigint, caller = accounts.stranger) =>
    expectUntouched(passport, async () =>
      expect(attest(roles, condition, caller))
        .to.be.revertedWithCustomError(passport, "DigitalPassportManagerAnswerRefused")
        .withArgs(roles, await passport.condition(), condition),
    );
  return {
    ...suite,
    suite,
    manager,
    passport,
    ownersPassport: passport.connect(accounts.owner),
    attest,
    expectRefused,
  };
});
type Scene = Awaited<ReturnType<typeof load>>;

const { interface: abi } = await ethers.getContractAt("DigitalPassport", ZeroAddress);

/** Ways in which a manager fails to answer. */
const FAILURES: readonly (readonly [string, (scene: Scene) => Promise<unknown>])[] = [
  ["reverts", ({ manager }) => manager.revertWith("0x")],
  ["reverts with 100 kB", ({ manager }) => manager.revertAtLength("0x", 100_000)],
  ["burns all gas", ({ manager }) => manager.burnGas()],
  ["answers nothing", ({ manager }) => manager.answerWith("0x")],
  ["answers one word", ({ manager }) => manager.answerWith(`0x${"00".repeat(31)}01`)],
  ["answers a byte less than two words", ({ manager }) => manager.answerWith(`0x${"00".repeat(63)}`)],
  ["answers every bit there is", ({ manager }) => manager.answerWith(`0x${"ff".repeat(64)}`)],
  [
    "calls the passport back",
    ({ manager, passport }) => manager.callBack(passport, abi.encodeFunctionData("release"), "0x"),
  ],
  ["is gone", async ({ manager }) => networkHelpers.setCode(await manager.getAddress(), "0x")],
];

/** Runs a test under a manager that fails, in each way. */
const underEachFailure = async (test: (scene: Scene, failure: string) => Promise<void>): Promise<void> => {
  for (const [name, fail] of FAILURES) {
    const scene = await load();
    await fail(scene);
    await test(scene, `manager ${name}`);
  }
};

describe("A hostile manager cannot", () => {
  it("forge an attester", async () => {
    const { accounts, manager, passport } = await load();
    await manager.answerWith(answerOf(1n, ISSUED));
    const attester = accounts.technician.address;
    const message = { eventType: ANY_TYPE, document, attester, sequence: 0n, deadline: await inAnHour() };
    const forged = abi.encodeFunctionData("attestBySignature", [message, "0x", `0x${"1b".repeat(65)}`]);
    await expectRefusals(passport, [[passport, "AttesterSignatureInvalid", () => manager.execute(passport, forged)]]);
    await expectEntry(passport, {
      send: () => manager.execute(passport, abi.encodeFunctionData("attest", [ANY_TYPE, document])),
      entry: {
        eventType: ANY_TYPE,
        attester: await manager.getAddress(),
        roles: 1n,
        document,
        owner: accounts.owner.address,
        condition: ISSUED,
      },
    });
  });

  it("call somebody the owner who is not", async () => {
    const { accounts, attest, expectRefused, passport } = await load();
    await expectRefused(ROLES.OWNER, ISSUED);
    await expectRefused(ROLES.OWNER | 1n, ISSUED);
    await expectRefused(2n ** 256n - 1n, ISSUED);
    await expect(attest(ROLES.OWNER, ISSUED, accounts.owner)).to.emit(passport, "Attested");
  });

  it("set or clear LOCKED or ISSUED", async () => {
    const { accounts, expectRefused, ownersPassport } = await load();
    for (const caller of [accounts.stranger, accounts.owner]) {
      await expectRefused(1n, ISSUED | LOCKED, caller);
      await expectRefused(1n, 0n, caller);
      await expectRefused(1n, BRAND, caller);
    }
    await ownersPassport.lock(accounts.logistics, await inAnHour(), document);
    for (const caller of [accounts.stranger, accounts.owner, accounts.logistics]) {
      await expectRefused(1n, ISSUED, caller);
    }
  });

  it("undo RETIRED or SUPERSEDED, not even with the owner", async () => {
    const { accounts, attest, expectRefused } = await load();
    await attest(1n, ISSUED | RETIRED | SUPERSEDED);
    for (const caller of [accounts.stranger, accounts.owner]) {
      await expectRefused(1n, ISSUED | RETIRED, caller);
      await expectRefused(1n, ISSUED | SUPERSEDED, caller);
      await expectRefused(1n, ISSUED, caller);
    }
  });

  it("touch STOLEN without the owner", async () => {
    const { accounts, attest, expectRefused } = await load();
    await expectRefused(1n, ISSUED | STOLEN);
    await attest(ROLES.OWNER, ISSUED | STOLEN, accounts.owner);
    await expectRefused(1n, ISSUED);
  });

  it("set condition bits that nobody has defined", async () => {
    const { accounts, expectRefused } = await load();
    for (const bit of [0x20n, 0x40n, 0x80n, 1n << 16n, 1n << 40n, 1n << 160n, 1n << 255n]) {
      await expectRefused(1n, ISSUED | bit);
      await expectRefused(1n, ISSUED | bit, accounts.owner);
    }
    await expectRefused(1n, 2n ** 256n - 1n);
  });

  it("have recorded what only the passport records", async () => {
    const { accounts, manager, passport } = await load();
    await manager.answerWith(answerOf(1n, ISSUED));
    await expectRefusals(
      passport,
      [accounts.stranger, accounts.owner].flatMap((caller) =>
        NATIVE_EVENT_TYPES.map(
          (type) =>
            [
              passport,
              "DigitalPassportEventTypeNative",
              () => passport.connect(caller).attest(nameOf(type), document),
            ] as const,
        ),
      ),
    );
  });

  it("rewrite an entry, nor act in the name of the owner or of a lock's holder", async () => {
    const { accounts, manager, ownersPassport, passport } = await load();
    await manager.answerWith(answerOf(ROLES.OWNER, ISSUED));
    const until = await inAnHour();
    await ownersPassport.lock(accounts.logistics, until, document);
    const address = await manager.getAddress();
    const acceptance = {
      newOwner: address,
      document,
      offerNonce: 1n,
      expectedHead: await passport.head(),
      deadline: until,
    };
    // Every function of a passport that writes and asks for a caller.
    const attempt = (data: string) => () => manager.execute(passport, data);
    await expectRefusals(passport, [
      [passport, "DigitalPassportIssuingRefused", attempt(abi.encodeFunctionData("issue", [address, document]))],
      [passport, "DigitalPassportNotOwner", attempt(abi.encodeFunctionData("lock", [address, until, document]))],
      [
        passport,
        "DigitalPassportNotOwner",
        attempt(abi.encodeFunctionData("offerOwnership", [address, document, until])),
      ],
      [passport, "DigitalPassportNotOwner", attempt(abi.encodeFunctionData("cancelOffer"))],
      [passport, "DigitalPassportNotLockHolder", attempt(abi.encodeFunctionData("release"))],
      [passport, "DigitalPassportNotLockHolder", attempt(abi.encodeFunctionData("settle", [acceptance, "0x", "0x"]))],
    ]);
  });

  it("smuggle an entry in while it is asked", async () => {
    const { accounts, manager, passport } = await load();
    const smuggled = abi.encodeFunctionData("attest", [ANY_TYPE, documentOf("smuggled")]);
    await manager.callBack(passport, smuggled, answerOf(1n, ISSUED));
    await passport.connect(accounts.stranger).attest(ANY_TYPE, document);
    const entries = await passport.queryFilter(passport.filters.Attested());
    expect(entries.map(({ args }) => args.document)).to.deep.equal([document, document]);
  });

  it("freeze property, in whatever way it fails: offers, acceptances, locks and settlements do not ask it", async () => {
    await underEachFailure(async ({ accounts, ownersPassport, passport }, failure) => {
      const until = await inAnHour();
      const buyer = accountOf("buyer");
      const byBuyer = passport.connect(accounts.buyer);
      await ownersPassport.offerOwnership(accounts.buyer, document, until, { gasLimit });
      await ownersPassport.cancelOffer({ gasLimit });
      await ownersPassport.offerOwnership(accounts.buyer, document, until, { gasLimit });
      await byBuyer.acceptOwnership(document, await passport.head(), { gasLimit });
      expect(await passport.owner(), failure).to.equal(accounts.buyer.address);

      await byBuyer.lock(accounts.logistics, until, document, { gasLimit });
      await passport.connect(accounts.logistics).release({ gasLimit });
      await byBuyer.lock(accounts.logistics, until, document, { gasLimit });
      const expectedHead = await passport.head();
      const message = { newOwner: buyer.address, document, offerNonce: 3n, expectedHead, deadline: until };
      const signature = await sign(buyer, { passport, type: "Accept", message });
      await passport.connect(accounts.logistics).settle(message, "0x", signature, { gasLimit });
      expect(await passport.owner(), failure).to.equal(buyer.address);
      expect(await passport.condition(), failure).to.equal(ISSUED);
    });
  });

  it("keep a product stolen that its owner has back", async () => {
    for (const [name, fail] of FAILURES) {
      const scene = await load();
      const { accounts, ownersPassport, passport } = scene;
      // Not even a manager that sets STOLEN itself, in a harmless entry of the owner, freezes the product.
      await scene.attest(1n, ISSUED | STOLEN | BRAND, accounts.owner);
      await fail(scene);
      await expectUntouched(passport, () =>
        expect(passport.connect(accounts.stranger).attest(nameOf("RECOVERED"), document, { gasLimit })).to.revert(
          ethers,
        ),
      );
      await expectEntry(passport, {
        send: () => ownersPassport.attest(nameOf("RECOVERED"), document, { gasLimit }),
        entry: {
          eventType: nameOf("RECOVERED"),
          attester: accounts.owner.address,
          roles: ROLES.OWNER,
          document,
          owner: accounts.owner.address,
          condition: ISSUED | BRAND,
        },
      });
      await ownersPassport.offerOwnership(accounts.buyer, document, await inAnHour(), { gasLimit });
      await passport.connect(accounts.buyer).acceptOwnership(document, await passport.head(), { gasLimit });
      expect(await passport.owner(), name).to.equal(accounts.buyer.address);
    }
  });

  it("make a passport unreadable", async () => {
    const bits = Array.from({ length: 8 }, (_, index) => `0x${(0x100 << index).toString(16).padStart(4, "0")}`);
    for (const [name, fail] of FAILURES) {
      const scene = await load();
      const { accounts, passport } = scene;
      await scene.attest(1n, ISSUED | BRAND);
      await fail(scene);
      expect(await passport.owner(), name).to.equal(accounts.owner.address);
      expect(await passport.condition(), name).to.equal(ISSUED | BRAND);
      expect(await passport.productId(), name).to.equal(PRODUCT_ID);
      expect(await passport.entryCount(), name).to.equal(2n);
      expect(await passport.conditionInWords(), name).to.equal(["ISSUED", ...bits].join(", "));
    }
  });

  it("give its bits a misleading name", async () => {
    const { attest, manager, passport } = await load();
    await attest(1n, ISSUED | 0x0100n);
    for (const bytes of [
      `0x${"00".repeat(32)}`,
      `0xff${"00".repeat(31)}`,
      nameOf("READY, RETIRED"),
      nameOf("READY\nSTOLEN"),
      nameOf("ready"),
      `0x4100${"42".repeat(30)}`,
      ...["ISSUED", "LOCKED", "STOLEN", "RETIRED", "SUPERSEDED"].map(nameOf),
    ]) {
      await manager.answerWith(bytes);
      expect(await passport.conditionInWords(), bytes).to.equal("ISSUED, 0x0100");
    }
    await manager.revertWith(nameOf("READY"));
    expect(await passport.conditionInWords(), "reverts with a name").to.equal("ISSUED, 0x0100");
  });

  it("reach another brand's passports", async () => {
    const { manager, suite } = await load();
    const others = await issuePassport(suite);
    await manager.answerWith(answerOf(1n, ISSUED));
    const attest = abi.encodeFunctionData("attest", [nameOf("MAINTAINED"), document]);
    const owner = suite.accounts.owner.address;
    const { interface: factoryAbi } = suite.factory;
    const productId = `${await others.productId()}0`;
    const create = factoryAbi.encodeFunctionData("createPassport", [productId, owner, document]);
    await expectRefusals(others, [
      [suite.manager, "ManufacturerManagerRoleMissing", () => manager.execute(others, attest)],
      [suite.registry, "PassportRegistryNamespaceForeign", () => manager.execute(suite.factory, create)],
    ]);
  });
});

describe("A hostile manager can", () => {
  it("refuse every entry that asks it, with or without a reason", async () => {
    await underEachFailure(({ accounts, passport }) =>
      expectUntouched(passport, async () => {
        for (const caller of [accounts.stranger, accounts.owner]) {
          await expect(passport.connect(caller).attest(ANY_TYPE, document, { gasLimit })).to.revert(ethers);
        }
        const found = passport.connect(accounts.owner).attest(nameOf("RECOVERED"), document, { gasLimit });
        await expect(found, "not stolen").to.revert(ethers);
      }),
    );
    const { accounts, manager, passport, suite } = await load();
    const reason = suite.manager.interface.encodeErrorResult("ManufacturerManagerEventTypeUnknown", [ANY_TYPE]);
    await manager.revertWith(reason);
    await expectRefusals(passport, [
      [
        suite.manager,
        "ManufacturerManagerEventTypeUnknown",
        () => passport.connect(accounts.stranger).attest(ANY_TYPE, document),
      ],
    ]);
  });

  it("let anybody record anything in his own name, under any role but the owner's, and retire the product", async () => {
    const { accounts, attest, passport } = await load();
    for (const [roles, condition] of [
      [1n, ISSUED | BRAND],
      [1n << 96n, ISSUED],
      [0n, ISSUED | 0x8000n],
      [1n, ISSUED | RETIRED | SUPERSEDED],
    ] as const) {
      await expectEntry(passport, {
        send: () => attest(roles, condition),
        entry: {
          eventType: ANY_TYPE,
          attester: accounts.stranger.address,
          roles,
          document,
          owner: accounts.owner.address,
          condition,
        },
      });
    }
  });

  it("set STOLEN in any entry of the owner, who may take it back", async () => {
    const { accounts, attest, ownersPassport, passport } = await load();
    await attest(1n, ISSUED | STOLEN, accounts.owner);
    expect(await passport.condition()).to.equal(ISSUED | STOLEN);
    await ownersPassport.attest(nameOf("RECOVERED"), document);
    expect(await passport.condition()).to.equal(ISSUED);
  });

  it("give its bits any name that is none of the passport's", async () => {
    const { attest, manager, passport } = await load();
    await attest(1n, ISSUED | 0x0100n);
    for (const name of ["A".repeat(32), "BEST_BRAND_EVER"]) {
      await manager.answerWith(hexlify(toUtf8Bytes(name)).padEnd(66, "0"));
      expect(await passport.conditionInWords()).to.equal(`ISSUED, ${name}`);
    }
  });
});

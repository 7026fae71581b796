import { expect } from "chai";
import { AbiCoder, ZeroAddress } from "ethers";
import { CONDITIONS, documentOf, nameOf } from "../support/contract-values.js";
import { issuePassport } from "../support/deploy-suite.js";
import { accountOf, sign } from "../support/signing.js";
import { connection, inAnHour, loadSuite, ROLES, snapshotOf } from "./behaviours/deployed-suite.js";
import { expectEntry, expectUntouched } from "./behaviours/expect-entry.js";

const { ISSUED, LOCKED, STOLEN, RETIRED, SUPERSEDED } = CONDITIONS;
const { ethers, networkHelpers } = connection;
const document = documentOf("whatever the manager wants");
const ANY_TYPE = nameOf("WHATEVER");
const BRAND = 0xff00n;

/** A passport of a brand whose manager answers whatever it is told to. */
const prepare = async () => {
  const suite = await loadSuite();
  const { accounts, factory, registry } = suite;
  const manager = await ethers.deployContract("HostileContract");
  await registry.admitManufacturer("https://hostile.example/", manager);
  const productId = "https://hostile.example/1";
  await manager.execute(
    factory,
    factory.interface.encodeFunctionData("createPassport", [productId, accounts.owner.address, document]),
  );
  const passport = await ethers.getContractAt("DigitalPassport", await registry.passportOfProduct(productId));
  const ownersPassport = passport.connect(accounts.owner);

  const answer = (roles: bigint, condition: bigint) =>
    manager.answerWith(AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [roles, condition]));
  /** The manager's friend attests after the manager has been told what to answer. */
  const attest = async (roles: bigint, condition: bigint, caller = accounts.stranger) => {
    await answer(roles, condition);
    return passport.connect(caller).attest(ANY_TYPE, document);
  };
  const expectRefused = (roles: bigint, condition: bigint, caller = accounts.stranger) =>
    expectUntouched(passport, async () =>
      expect(attest(roles, condition, caller))
        .to.be.revertedWithCustomError(passport, "DigitalPassportManagerAnswerRefused")
        .withArgs(roles, await passport.condition(), condition),
    );
  return { ...suite, suite, manager, passport, ownersPassport, answer, attest, expectRefused };
};
const load = snapshotOf(prepare);

describe("DigitalPassport: answers of a hostile manager", () => {
  it("attest, manager clears or sets LOCKED, is refused", async () => {
    const { accounts, expectRefused, ownersPassport } = await load();
    await expectRefused(1n, ISSUED | LOCKED);
    await expectRefused(1n, ISSUED | LOCKED, accounts.owner);
    await ownersPassport.lock(accounts.logistics, await inAnHour(), document);
    await expectRefused(1n, ISSUED);
    await expectRefused(1n, ISSUED, accounts.owner);
    await expectRefused(1n, ISSUED, accounts.logistics);
  });

  it("attest, manager clears ISSUED, is refused", async () => {
    const { accounts, expectRefused } = await load();
    await expectRefused(1n, 0n);
    await expectRefused(1n, BRAND, accounts.owner);
  });

  it("attest, manager undoes RETIRED or SUPERSEDED, is refused even for the owner", async () => {
    const { accounts, attest, expectRefused } = await load();
    await attest(1n, ISSUED | RETIRED | SUPERSEDED);
    for (const caller of [accounts.stranger, accounts.owner]) {
      await expectRefused(1n, ISSUED | RETIRED, caller);
      await expectRefused(1n, ISSUED | SUPERSEDED, caller);
      await expectRefused(1n, ISSUED, caller);
    }
  });

  it("attest, manager sets or clears STOLEN without the owner, is refused", async () => {
    const { accounts, attest, expectRefused } = await load();
    await expectRefused(1n, ISSUED | STOLEN);
    await attest(ROLES.OWNER, ISSUED | STOLEN, accounts.owner);
    await expectRefused(1n, ISSUED);
  });

  it("attest, manager answers bits that nobody has defined, is refused", async () => {
    const { accounts, expectRefused } = await load();
    for (const bit of [0x20n, 0x40n, 0x80n, 1n << 16n, 1n << 40n, 1n << 160n, 1n << 255n]) {
      await expectRefused(1n, ISSUED | bit);
      await expectRefused(1n, ISSUED | bit, accounts.owner);
    }
    await expectRefused(1n, 2n ** 256n - 1n);
  });

  it("attest, manager calls somebody the owner who is not, is refused", async () => {
    const { accounts, attest, expectRefused, passport } = await load();
    await expectRefused(ROLES.OWNER, ISSUED);
    await expectRefused(ROLES.OWNER | 1n, ISSUED);
    await expectRefused(2n ** 256n - 1n, ISSUED);
    await expect(attest(ROLES.OWNER, ISSUED, accounts.owner)).to.emit(passport, "Attested");
  });

  it("attest, manager does with its own bits what it likes, is recorded as it answers", async () => {
    const { accounts, attest, passport } = await load();
    for (const [roles, condition] of [
      [1n, ISSUED | BRAND],
      [1n << 96n, ISSUED],
      [0n, ISSUED | 0x8000n],
      [1n, ISSUED | RETIRED],
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

  for (const [name, bytes] of [
    ["nothing", "0x"],
    ["one word", `0x${"00".repeat(31)}01`],
    ["a byte less than two words", `0x${"00".repeat(63)}`],
  ] as const) {
    it(`attest, manager answers ${name}, is refused`, async () => {
      const { accounts, manager, passport } = await load();
      await manager.answerWith(bytes);
      await expectUntouched(passport, () =>
        expect(passport.connect(accounts.stranger).attest(ANY_TYPE, document)).to.revert(ethers),
      );
    });
  }

  it("attest, manager reverts, is refused with the manager's reason", async () => {
    const { accounts, manager, passport, suite } = await load();
    await manager.revertWith(
      suite.manager.interface.encodeErrorResult("ManufacturerManagerEventTypeUnknown", [ANY_TYPE]),
    );
    await expectUntouched(passport, () =>
      expect(passport.connect(accounts.stranger).attest(ANY_TYPE, document))
        .to.be.revertedWithCustomError(suite.manager, "ManufacturerManagerEventTypeUnknown")
        .withArgs(ANY_TYPE),
    );
  });

  it("attest, manager burns all gas, is refused", async () => {
    const { accounts, manager, passport } = await load();
    await manager.burnGas();
    await expectUntouched(passport, () =>
      expect(passport.connect(accounts.stranger).attest(ANY_TYPE, document, { gasLimit: 2_000_000 })).to.revert(ethers),
    );
  });
});

describe("DigitalPassport: what a hostile manager does itself", () => {
  it("attest, called by the manager, is in the manager's own name", async () => {
    const { accounts, answer, manager, passport } = await load();
    await answer(1n, ISSUED);
    await expectEntry(passport, {
      send: () => manager.execute(passport, passport.interface.encodeFunctionData("attest", [ANY_TYPE, document])),
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

  it("attestBySignature, submitted by the manager without a signature, is refused", async () => {
    const { accounts, answer, manager, passport } = await load();
    await answer(1n, ISSUED);
    const message = {
      eventType: ANY_TYPE,
      document,
      attester: accounts.technician.address,
      sequence: 0n,
      deadline: await inAnHour(),
    };
    const data = passport.interface.encodeFunctionData("attestBySignature", [message, "0x", `0x${"1b".repeat(65)}`]);
    await expect(manager.execute(passport, data))
      .to.be.revertedWithCustomError(passport, "AttesterSignatureInvalid")
      .withArgs(message.attester, await passport.attestationDigest(message));
  });

  it("issue, lock, release, offer and cancel, called by the manager, are refused", async () => {
    const { accounts, manager, passport } = await load();
    const { interface: abi } = passport;
    const address = await manager.getAddress();
    const until = await inAnHour();
    const attempt = (data: string) => expect(manager.execute(passport, data)).to.be;
    await attempt(abi.encodeFunctionData("issue", [address, document]))
      .revertedWithCustomError(passport, "DigitalPassportIssuingRefused")
      .withArgs(address);
    for (const data of [
      abi.encodeFunctionData("lock", [address, until, document]),
      abi.encodeFunctionData("offerOwnership", [address, document, until]),
      abi.encodeFunctionData("cancelOffer"),
    ]) {
      await attempt(data)
        .revertedWithCustomError(passport, "DigitalPassportNotOwner")
        .withArgs(address, accounts.owner.address);
    }
    await passport.connect(accounts.owner).lock(accounts.logistics, until, document);
    await attempt(abi.encodeFunctionData("release"))
      .revertedWithCustomError(passport, "DigitalPassportNotLockHolder")
      .withArgs(address, accounts.logistics.address);
  });

  it("attest, manager attests or offers while it is asked, changes nothing by that", async () => {
    const { accounts, manager, passport } = await load();
    const answer = AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [1n, ISSUED]);
    const smuggled = passport.interface.encodeFunctionData("attest", [ANY_TYPE, documentOf("smuggled")]);
    await manager.callBack(passport, smuggled, answer);
    await passport.connect(accounts.stranger).attest(ANY_TYPE, document);
    const entries = await passport.queryFilter(passport.filters.Attested());
    expect(entries.map(({ args }) => args.document)).to.deep.equal([document, document]);
  });

  it("attest, on a passport of another brand, has no more rights than anybody", async () => {
    const { manager, suite } = await load();
    const others = await issuePassport(suite);
    await manager.answerWith(AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [1n, ISSUED]));
    const data = others.interface.encodeFunctionData("attest", [nameOf("MAINTAINED"), document]);
    await expectUntouched(others, async () =>
      expect(manager.execute(others, data))
        .to.be.revertedWithCustomError(suite.manager, "ManufacturerManagerRoleMissing")
        .withArgs(
          nameOf("MAINTAINED"),
          await manager.getAddress(),
          (await suite.manager.ruleOf(nameOf("MAINTAINED"))).roles,
        ),
    );
  });
});

/** Ways in which a manager fails to answer. */
const FAILURES = [
  ["reverts", (manager) => manager.revertWith("0x")],
  ["burns all gas", (manager) => manager.burnGas()],
  ["answers nothing", (manager) => manager.answerWith("0x")],
  ["is gone", async (manager) => networkHelpers.setCode(await manager.getAddress(), "0x")],
] as const satisfies readonly (readonly [
  string,
  (manager: Awaited<ReturnType<typeof prepare>>["manager"]) => Promise<unknown>,
])[];

for (const [name, fail] of FAILURES) {
  describe(`DigitalPassport: property under a manager that ${name}`, () => {
    const prepareFailure = async () => {
      const scene = await load();
      await fail(scene.manager);
      return scene;
    };
    const loadFailure = snapshotOf(prepareFailure);
    const gasLimit = 2_000_000;

    it("offer and acceptance, by transaction, hand over", async () => {
      const { accounts, ownersPassport, passport } = await loadFailure();
      await ownersPassport.offerOwnership(accounts.buyer, document, await inAnHour(), { gasLimit });
      await ownersPassport.cancelOffer({ gasLimit });
      await ownersPassport.offerOwnership(accounts.buyer, document, await inAnHour(), { gasLimit });
      await passport.connect(accounts.buyer).acceptOwnership(document, await passport.head(), { gasLimit });
      expect(await passport.owner()).to.equal(accounts.buyer.address);
      expect(await passport.condition()).to.equal(ISSUED);
    });

    it("lock, release and settlement, hand over", async () => {
      const { accounts, ownersPassport, passport } = await loadFailure();
      const buyer = accountOf("buyer");
      const until = await inAnHour();
      const byHolder = passport.connect(accounts.logistics);
      await ownersPassport.lock(accounts.logistics, until, document, { gasLimit });
      await byHolder.release({ gasLimit });
      await ownersPassport.lock(accounts.logistics, until, document, { gasLimit });
      const expectedHead = await passport.head();
      const message = { newOwner: buyer.address, document, offerNonce: 1n, expectedHead, deadline: until };
      const signature = await sign(buyer, { passport, type: "Accept", message });
      await byHolder.settle(message, "0x", signature, { gasLimit });
      expect(await passport.owner()).to.equal(buyer.address);
      expect((await passport.currentLock()).holder).to.equal(ZeroAddress);
    });

    it("product reported stolen, its owner records RECOVERED and sells, nobody else", async () => {
      const { accounts, attest, manager, ownersPassport, passport } = await load();
      // Not even a manager that sets STOLEN itself, in a harmless entry of the owner, freezes the product.
      await attest(1n, ISSUED | STOLEN | BRAND, accounts.owner);
      await fail(manager);
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
      expect(await passport.owner()).to.equal(accounts.buyer.address);
    });

    it("RECOVERED, of a product that is not stolen, is the manager's to allow", async () => {
      const { ownersPassport, passport } = await loadFailure();
      await expectUntouched(passport, () =>
        expect(ownersPassport.attest(nameOf("RECOVERED"), document, { gasLimit })).to.revert(ethers),
      );
    });

    it("every getter, still answers", async () => {
      const { accounts, passport } = await loadFailure();
      expect(await passport.owner()).to.equal(accounts.owner.address);
      expect(await passport.condition()).to.equal(ISSUED);
      expect(await passport.conditionInWords()).to.equal("ISSUED");
      expect(await passport.productId()).to.equal("https://hostile.example/1");
      expect(await passport.entryCount()).to.equal(1n);
    });

    it("attest, is refused", async () => {
      const { accounts, passport } = await loadFailure();
      await expectUntouched(passport, () =>
        expect(passport.connect(accounts.owner).attest(ANY_TYPE, document, { gasLimit })).to.revert(ethers),
      );
    });

    it("conditionInWords, with all bits of the brand, shows their numbers", async () => {
      const scene = await load();
      await scene.attest(1n, ISSUED | BRAND);
      await fail(scene.manager);
      const bits = Array.from({ length: 8 }, (_, index) => `0x${(0x100 << index).toString(16).padStart(4, "0")}`);
      expect(await scene.passport.conditionInWords()).to.equal(["ISSUED", ...bits].join(", "));
    });
  });
}

describe("DigitalPassport: names of conditions by a hostile manager", () => {
  const withBrandBit = snapshotOf(async () => {
    const scene = await load();
    await scene.attest(1n, ISSUED | 0x0100n);
    return scene;
  });

  for (const [name, bytes] of [
    ["no name", `0x${"00".repeat(32)}`],
    ["bytes that are no text", `0xff${"00".repeat(31)}`],
    ["several names at once", nameOf("READY, RETIRED")],
    ["a line break", nameOf("READY\nSTOLEN")],
    ["lower case", nameOf("ready")],
    ["something behind the end", `0x4100${"42".repeat(30)}`],
  ] as const) {
    it(`conditionInWords, manager answers ${name}, shows the number`, async () => {
      const { manager, passport } = await withBrandBit();
      await manager.answerWith(bytes);
      expect(await passport.conditionInWords()).to.equal("ISSUED, 0x0100");
    });
  }

  for (const borrowed of ["ISSUED", "LOCKED", "STOLEN", "RETIRED", "SUPERSEDED"]) {
    it(`conditionInWords, manager calls its bit ${borrowed}, shows the number`, async () => {
      const { manager, passport } = await withBrandBit();
      await manager.answerWith(nameOf(borrowed));
      expect(await passport.conditionInWords()).to.equal("ISSUED, 0x0100");
    });
  }

  it("conditionInWords, manager answers a name of 32 characters, shows it whole", async () => {
    const { manager, passport } = await withBrandBit();
    const name = "A".repeat(32);
    await manager.answerWith(ethers.hexlify(ethers.toUtf8Bytes(name)));
    expect(await passport.conditionInWords()).to.equal(`ISSUED, ${name}`);
  });
});

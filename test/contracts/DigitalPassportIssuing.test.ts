import { expect } from "chai";
import { AbiCoder, keccak256, ZeroAddress, ZeroHash } from "ethers";
import { documentOf, nameOf } from "../support/contract-values.js";
import { issuePassport, productIdOf } from "../support/deploy-suite.js";
import { initialHead, nextHead, readEntries } from "../support/replay-head.js";
import { accountOf, sign } from "../support/signing.js";
import { connection, inAnHour, loadPassport, loadSuite, now, recordNextAt } from "./behaviours/deployed-suite.js";
import { expectUntouched } from "./behaviours/expect-entry.js";

const { ethers, networkHelpers } = connection;
const document = documentOf("nameplate");

describe("DigitalPassport: issuing", () => {
  it("issue, by the factory, records MANUFACTURED with the manager as attester", async () => {
    const suite = await loadSuite();
    const { accounts, manager } = suite;
    const time = await inAnHour();
    await recordNextAt(time);
    const passport = await issuePassport(suite, { document });
    const entry = {
      sequence: 1n,
      eventType: nameOf("MANUFACTURED"),
      attester: await manager.getAddress(),
      roles: 0n,
      document,
      recordedAt: time,
      previousRecordedAt: 0n,
      owner: accounts.owner.address,
      condition: 1n,
    };
    expect(await readEntries(passport)).to.deep.equal([entry]);
    expect(await passport.head()).to.equal(nextHead(initialHead(31_337n, await passport.getAddress()), entry));
    expect(await passport.owner()).to.equal(accounts.owner.address);
    expect(await passport.condition()).to.equal(1n);
    expect(await passport.entryCount()).to.equal(1n);
    expect(await passport.lastRecordedAt()).to.equal(time);
    expect(await passport.offerNonce()).to.equal(0n);
    expect(await passport.pendingOffer()).to.deep.equal([ZeroAddress, ZeroHash, 0n, 0n]);
    expect(await passport.currentLock()).to.deep.equal([ZeroAddress, 0n, ZeroHash]);
  });

  it("issue, many at once, gives each a history of its own", async () => {
    const { accounts, manager, registry } = await loadSuite();
    const issuances = [1, 2, 3].map((serial) => ({
      productId: productIdOf(500_000 + serial),
      owner: accounts.owner.address,
      document: documentOf(`nameplate ${serial}`),
    }));
    await manager.connect(accounts.issuer).issueMany(issuances);
    const heads = new Set<string>();
    for (const issuance of issuances) {
      const address = await registry.passportOfProduct(issuance.productId);
      const passport = await ethers.getContractAt("DigitalPassport", address);
      const [entry, ...others] = await readEntries(passport);
      if (entry === undefined) throw new Error("Nothing was recorded.");
      expect(others).to.deep.equal([]);
      expect(entry.document).to.equal(issuance.document);
      expect(await passport.head()).to.equal(nextHead(initialHead(31_337n, address), entry));
      heads.add(await passport.head());
    }
    expect(heads.size).to.equal(3);
  });

  it("issue, by anybody but the factory, is refused", async () => {
    const { accounts, passport } = await loadPassport();
    for (const caller of [accounts.admin, accounts.issuer, accounts.owner, accounts.stranger]) {
      await expectUntouched(passport, () =>
        expect(passport.connect(caller).issue(caller, document))
          .to.be.revertedWithCustomError(passport, "DigitalPassportIssuingRefused")
          .withArgs(caller.address),
      );
    }
  });

  for (const caller of ["manager", "factory"] as const) {
    it(`issue, a second time by the ${caller}, is refused`, async () => {
      const { accounts, passport, suite } = await loadPassport();
      const address = await suite[caller].getAddress();
      await networkHelpers.impersonateAccount(address);
      await networkHelpers.setBalance(address, 10n ** 18n);
      await expectUntouched(passport, async () =>
        expect(passport.connect(await ethers.getSigner(address)).issue(accounts.stranger, document))
          .to.be.revertedWithCustomError(passport, "DigitalPassportIssuingRefused")
          .withArgs(address),
      );
    });
  }
});

describe("DigitalPassport: the implementation behind the clones", () => {
  it("issue, of the implementation, is refused", async () => {
    const { accounts, implementation, manager } = await loadSuite();
    await networkHelpers.impersonateAccount(await manager.getAddress());
    await networkHelpers.setBalance(await manager.getAddress(), 10n ** 18n);
    for (const caller of [accounts.admin, accounts.stranger, await ethers.getSigner(await manager.getAddress())]) {
      await expect(implementation.connect(caller).issue(accounts.stranger, document))
        .to.be.revertedWithCustomError(implementation, "DigitalPassportIssuingRefused")
        .withArgs(caller.address);
    }
    expect(await implementation.entryCount()).to.equal(0n);
  });

  it("every other function, on the implementation, is refused", async () => {
    const { accounts, implementation } = await loadSuite();
    const stranger = accounts.stranger;
    const by = implementation.connect(stranger);
    const deadline = await inAnHour();
    const signatory = accountOf("stranger");
    const notOwner = [stranger.address, ZeroAddress];

    await expect(by.attest(nameOf("MAINTAINED"), document)).to.revert(ethers);
    await expect(by.offerOwnership(stranger, document, deadline))
      .to.be.revertedWithCustomError(implementation, "DigitalPassportNotOwner")
      .withArgs(...notOwner);
    await expect(by.cancelOffer())
      .to.be.revertedWithCustomError(implementation, "DigitalPassportNotOwner")
      .withArgs(...notOwner);
    await expect(by.lock(stranger, deadline, document))
      .to.be.revertedWithCustomError(implementation, "DigitalPassportNotOwner")
      .withArgs(...notOwner);
    await expect(by.acceptOwnership(document, ZeroHash))
      .to.be.revertedWithCustomError(implementation, "DigitalPassportNotOffered")
      .withArgs(...notOwner);
    await expect(by.release())
      .to.be.revertedWithCustomError(implementation, "DigitalPassportNotLockHolder")
      .withArgs(...notOwner);

    const offer = { newOwner: stranger.address, document, offerNonce: 1n, expiresAt: deadline };
    const offerSignature = await sign(signatory, { passport: implementation, type: "Offer", message: offer });
    for (const signature of ["0x", offerSignature]) {
      await expect(by.offerOwnershipBySignature(offer, "0x", signature))
        .to.be.revertedWithCustomError(implementation, "AttesterSignatureInvalid")
        .withArgs(ZeroAddress, await implementation.offerDigest(offer));
    }
    const lock = { holder: stranger.address, until: deadline, document, sequence: 1n, deadline };
    await expect(by.lockBySignature(lock, "0x", "0x"))
      .to.be.revertedWithCustomError(implementation, "AttesterSignatureInvalid")
      .withArgs(ZeroAddress, await implementation.lockDigest(lock));
    await expect(by.cancelOfferBySignature(1, "0x", "0x"))
      .to.be.revertedWithCustomError(implementation, "AttesterSignatureInvalid")
      .withArgs(ZeroAddress, await implementation.cancelDigest(1));
    const accept = { newOwner: stranger.address, document, offerNonce: 0n, expectedHead: ZeroHash, deadline };
    await expect(by.acceptOwnershipBySignature(accept, "0x", "0x")).to.be.revertedWithCustomError(
      implementation,
      "DigitalPassportNotOffered",
    );
    await expect(by.settle(accept, "0x", "0x"))
      .to.be.revertedWithCustomError(implementation, "DigitalPassportNotLockHolder")
      .withArgs(...notOwner);
    expect(await implementation.head()).to.equal(ZeroHash);
  });
});

describe("DigitalPassport: what an explorer shows", () => {
  it("productId, productKey, manager and factory, of a passport, are those it was made with", async () => {
    const suite = await loadSuite();
    const { factory, manager } = suite;
    const productId = productIdOf(123_456);
    const passport = await issuePassport(suite, { productId });
    expect(await passport.productId()).to.equal(productId);
    expect(await passport.productKey()).to.equal(keccak256(ethers.toUtf8Bytes(productId)));
    expect(await passport.manager()).to.equal(await manager.getAddress());
    expect(await passport.factory()).to.equal(await factory.getAddress());
  });

  it("eip712Domain, of a passport, names this chain and this passport", async () => {
    const { passport } = await loadPassport();
    const [fields, name, version, chainId, contract, salt, extensions] = await passport.eip712Domain();
    expect([fields, name, version, chainId, contract, salt, extensions]).to.deep.equal([
      "0x0f",
      "DigitalPassport",
      "1",
      31_337n,
      await passport.getAddress(),
      ZeroHash,
      [],
    ]);
  });

  it("conditionInWords, as the condition changes, names every bit", async () => {
    const { accounts, passport } = await loadPassport();
    const ownersPassport = passport.connect(accounts.owner);
    expect(await passport.conditionInWords()).to.equal("ISSUED");
    await passport.connect(accounts.technician).attest(nameOf("COMMISSIONED"), document);
    expect(await passport.conditionInWords()).to.equal("ISSUED, IN_SERVICE");
    await passport.connect(accounts.regulator).attest(nameOf("RECALLED"), document);
    await ownersPassport.attest(nameOf("STOLEN"), document);
    expect(await passport.conditionInWords()).to.equal("ISSUED, STOLEN, IN_SERVICE, RECALLED");
    await ownersPassport.attest(nameOf("RECOVERED"), document);
    await ownersPassport.attest(nameOf("DECOMMISSIONED"), document);
    expect(await passport.conditionInWords()).to.equal("ISSUED, RETIRED, RECALLED");
    await ownersPassport.attest(nameOf("SUPERSEDED"), document);
    await ownersPassport.lock(accounts.owner, await inAnHour(), document);
    expect(await passport.conditionInWords()).to.equal("ISSUED, LOCKED, RETIRED, SUPERSEDED, RECALLED");
  });

  it("conditionInWords, of the implementation, is empty", async () => {
    const { implementation } = await loadSuite();
    expect(await implementation.conditionInWords()).to.equal("");
  });
});

describe("DigitalPassport: storage", () => {
  const slot = (address: string, index: bigint | string) => ethers.provider.getStorage(address, index);

  /** Parts of a packed word, the lowest bits first. */
  const unpack = (word: string, widths: readonly bigint[]): readonly bigint[] => {
    let rest = BigInt(word);
    return widths.map((width) => {
      const part = rest & (2n ** width - 1n);
      rest >>= width;
      return part;
    });
  };

  it("slots 2 and 3, read raw, hold head and the packed state, and nothing stands before them", async () => {
    const { accounts, passport } = await loadPassport();
    const address = await passport.getAddress();
    await passport.connect(accounts.technician).attest(nameOf("COMMISSIONED"), document);
    expect(await slot(address, 0n), "EIP712 name").to.equal(ZeroHash);
    expect(await slot(address, 1n), "EIP712 version").to.equal(ZeroHash);
    expect(await slot(address, 2n), "head").to.equal(await passport.head());
    expect(unpack(await slot(address, 3n), [160n, 16n, 40n, 40n])).to.deep.equal([
      BigInt(accounts.owner.address),
      0x0101n,
      2n,
      await now(),
    ]);
  });

  it("slots 4 and 5, read raw, hold the offer", async () => {
    const { accounts, passport } = await loadPassport();
    const address = await passport.getAddress();
    const expiresAt = await inAnHour();
    await passport.connect(accounts.owner).offerOwnership(accounts.buyer, document, expiresAt);
    expect(unpack(await slot(address, 4n), [160n, 56n, 40n])).to.deep.equal([
      BigInt(accounts.buyer.address),
      1n,
      expiresAt,
    ]);
    expect(await slot(address, 5n)).to.equal(document);
    await passport.connect(accounts.owner).cancelOffer();
    expect(unpack(await slot(address, 4n), [160n, 56n, 40n]), "the number stays").to.deep.equal([0n, 1n, 0n]);
    expect(await slot(address, 5n)).to.equal(ZeroHash);
  });

  it("slots 6 and 7, read raw, hold the lock", async () => {
    const { accounts, passport } = await loadPassport();
    const address = await passport.getAddress();
    const until = await inAnHour();
    await passport.connect(accounts.owner).lock(accounts.logistics, until, document);
    expect(unpack(await slot(address, 6n), [160n, 40n])).to.deep.equal([BigInt(accounts.logistics.address), until]);
    expect(await slot(address, 7n)).to.equal(document);
    await passport.connect(accounts.logistics).release();
    expect(await slot(address, 6n)).to.equal(ZeroHash);
    expect(await slot(address, 7n)).to.equal(ZeroHash);
  });

  it("slot 8, a mapping, holds the digests of any-position signatures", async () => {
    const { manager, passport } = await loadPassport();
    const attester = accountOf("technician");
    await manager.grant(attester.address, await manager.TECHNICIAN(), 0, 2n ** 40n - 1n);
    const message = {
      eventType: nameOf("MAINTAINED"),
      document,
      attester: attester.address,
      sequence: 0n,
      deadline: await inAnHour(),
    };
    await passport.attestBySignature(message, "0x", await sign(attester, { passport, type: "Attestation", message }));
    const digest = await passport.attestationDigest(message);
    const position = keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256"], [digest, 8]));
    expect(BigInt(await slot(await passport.getAddress(), position))).to.equal(1n);
  });
});

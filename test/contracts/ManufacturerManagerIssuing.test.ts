import { expect } from "chai";
import { network } from "hardhat";
import { CONDITIONS, documentOf, fieldsOf, NO_END, nameOf } from "../support/contract-values.js";
import { deploySuite, productIdOf, type Suite } from "../support/deploy-suite.js";
import { nextSecond } from "../support/next-second.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const DOCUMENT = documentOf("a motor");
const HOUR = 3_600n;
const DAY = 24n * HOUR;

/** The suite with an issuer whose bucket holds ten. */
const deployed = async () => {
  const suite = await deploySuite(connection);
  await suite.manager.setIssuingLimit(suite.accounts.issuer, 10, NO_END);
  return { ...suite, byIssuer: suite.manager.connect(suite.accounts.issuer) };
};

/** As many products, numbered on from a serial. */
const issuancesOf = ({ accounts }: Suite, count: number, from = 1) =>
  Array.from({ length: count }, (_, index) => ({
    productId: productIdOf(from + index),
    owner: accounts.owner.address,
    document: DOCUMENT,
  }));

describe("ManufacturerManager, issuing", () => {
  describe("issue", () => {
    it("issuer, new product, deploys its passport where it was predicted, registered and with its first entry", async () => {
      const { accounts, byIssuer, factory, manager, registry } = await loadFixture(deployed);
      const productId = productIdOf(1);
      const predicted = await factory.predictPassport(manager, productId);
      expect(await byIssuer.issue.staticCall(productId, accounts.owner, DOCUMENT)).to.equal(predicted);
      expect(await registry.passportOfProduct(productId)).to.equal(ethers.ZeroAddress);

      const now = await nextSecond(connection);
      const issuing = await byIssuer.issue(productId, accounts.owner, DOCUMENT);
      const passport = await ethers.getContractAt("DigitalPassport", predicted);
      await expect(issuing).to.emit(manager, "PassportsIssued").withArgs(accounts.issuer.address, 1);
      await expect(issuing)
        .to.emit(registry, "PassportRegistered")
        .withArgs(ethers.id(productId), predicted, await manager.getAddress(), productId);
      await expect(issuing)
        .to.emit(passport, "Attested")
        .withArgs(
          1,
          nameOf("MANUFACTURED"),
          await manager.getAddress(),
          0,
          DOCUMENT,
          now,
          0,
          accounts.owner.address,
          CONDITIONS.ISSUED,
        );
      expect(await registry.passportOfProduct(productId)).to.equal(predicted);
      expect(await passport.productId()).to.equal(productId);
      expect(await passport.manager()).to.equal(await manager.getAddress());
      expect(await passport.owner()).to.equal(accounts.owner.address);
      expect(await manager.issuableBy(accounts.issuer)).to.equal(9n);
    });

    it("anybody but an issuer, the administrator and the manufacturer included, is refused", async () => {
      const { accounts, manager } = await loadFixture(deployed);
      for (const account of [accounts.admin, accounts.manufacturer, accounts.guardian, accounts.stranger]) {
        await expect(manager.connect(account).issue(productIdOf(1), accounts.owner, DOCUMENT))
          .to.be.revertedWithCustomError(manager, "ManufacturerManagerLimitExceeded")
          .withArgs(account.address, 1, 0);
      }
    });

    it("product that has a passport, is refused, whoever is to own it", async () => {
      const { accounts, byIssuer, registry } = await loadFixture(deployed);
      const productId = productIdOf(1);
      await byIssuer.issue(productId, accounts.owner, DOCUMENT);
      const passport = await registry.passportOfProduct(productId);
      await expect(byIssuer.issue(productId, accounts.buyer, documentOf("another")))
        .to.be.revertedWithCustomError(registry, "PassportRegistryProductRegistered")
        .withArgs(productId, passport);
    });

    it("no owner or no document, is refused, and neither a passport nor the limit is touched", async () => {
      const { accounts, byIssuer, implementation, manager, registry } = await loadFixture(deployed);
      await expect(byIssuer.issue(productIdOf(1), ethers.ZeroAddress, DOCUMENT)).to.be.revertedWithCustomError(
        implementation,
        "DigitalPassportAddressZero",
      );
      await expect(byIssuer.issue(productIdOf(1), accounts.owner, ethers.ZeroHash)).to.be.revertedWithCustomError(
        implementation,
        "DigitalPassportDocumentZero",
      );
      expect(await registry.passportOfProduct(productIdOf(1))).to.equal(ethers.ZeroAddress);
      expect(await manager.issuableBy(accounts.issuer)).to.equal(10n);
    });

    it("issuer, holds no role by it: he attests nothing and administers nothing", async () => {
      const { accounts, byIssuer, manager, registry } = await loadFixture(deployed);
      await byIssuer.issue(productIdOf(1), accounts.owner, DOCUMENT);
      const passport = await ethers.getContractAt("DigitalPassport", await registry.passportOfProduct(productIdOf(1)));
      await expect(passport.connect(accounts.issuer).attest(nameOf("QUALITY_TESTED"), DOCUMENT))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerRoleMissing")
        .withArgs(nameOf("QUALITY_TESTED"), accounts.issuer.address, 0b11n);
      await expect(byIssuer.setIssuingLimit(accounts.issuer, 100, NO_END))
        .to.be.revertedWithCustomError(manager, "AccessControlUnauthorizedAccount")
        .withArgs(accounts.issuer.address, await manager.DEFAULT_ADMIN_ROLE());
    });
  });

  describe("issueMany", () => {
    it("issuer, several products, deploys them all in order with one event of the call", async () => {
      const suite = await loadFixture(deployed);
      const { accounts, byIssuer, factory, manager, registry } = suite;
      const issuances = issuancesOf(suite, 10);
      const predicted = await Promise.all(issuances.map((each) => factory.predictPassport(manager, each.productId)));
      expect([...(await byIssuer.issueMany.staticCall(issuances))]).to.deep.equal(predicted);

      const issuing = await byIssuer.issueMany(issuances);
      await expect(issuing).to.emit(manager, "PassportsIssued").withArgs(accounts.issuer.address, 10);
      const receipt = await issuing.wait();
      const { topicHash } = registry.interface.getEvent("PassportRegistered");
      const registered = receipt?.logs.filter(({ topics }) => topics[0] === topicHash);
      expect(registered?.map(({ topics }) => ethers.getAddress(ethers.dataSlice(topics[2] ?? "0x", 12)))).to.deep.equal(
        predicted,
      );
      expect(await manager.issuableBy(accounts.issuer)).to.equal(0n);
    });

    it("one product that is refused among others, refuses them all and takes nothing from the bucket", async () => {
      const suite = await loadFixture(deployed);
      const { accounts, byIssuer, implementation, manager, registry } = suite;
      const [first, second, third] = issuancesOf(suite, 3);
      if (!first || !second || !third) throw new Error("Three were asked for");
      await byIssuer.issue(second.productId, accounts.owner, DOCUMENT);
      const issued = await registry.passportOfProduct(second.productId);

      await expect(byIssuer.issueMany([first, second, third]))
        .to.be.revertedWithCustomError(registry, "PassportRegistryProductRegistered")
        .withArgs(second.productId, issued);
      await expect(byIssuer.issueMany([first, third, first])).to.be.revertedWithCustomError(
        registry,
        "PassportRegistryProductRegistered",
      );
      await expect(byIssuer.issueMany([first, { ...third, owner: ethers.ZeroAddress }])).to.be.revertedWithCustomError(
        implementation,
        "DigitalPassportAddressZero",
      );
      await expect(byIssuer.issueMany([first, { ...third, productId: "https://id.weg.example.evil/1" }]))
        .to.be.revertedWithCustomError(registry, "PassportRegistryNamespaceForeign")
        .withArgs("https://id.weg.example.evil/1", await manager.getAddress());

      expect(await registry.passportOfProduct(first.productId)).to.equal(ethers.ZeroAddress);
      expect(await registry.passportOfProduct(third.productId)).to.equal(ethers.ZeroAddress);
      expect(await manager.issuableBy(accounts.issuer)).to.equal(9n);
    });

    it("no products, is refused", async () => {
      const { byIssuer, manager } = await loadFixture(deployed);
      await expect(byIssuer.issueMany([])).to.be.revertedWithCustomError(manager, "ManufacturerManagerNothingToIssue");
    });

    it("more products than the bucket holds, is refused", async () => {
      const suite = await loadFixture(deployed);
      const { accounts, byIssuer, manager } = suite;
      await byIssuer.issue(productIdOf(100), accounts.owner, DOCUMENT);
      await expect(byIssuer.issueMany(issuancesOf(suite, 10)))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerLimitExceeded")
        .withArgs(accounts.issuer.address, 10, 9);
      await byIssuer.issueMany(issuancesOf(suite, 9));
    });
  });

  describe("issuing limit", () => {
    it("used up, refills by the hour: one after a tenth, all after the whole", async () => {
      const suite = await loadFixture(deployed);
      const { accounts, byIssuer, manager } = suite;
      const start = await nextSecond(connection);
      await byIssuer.issueMany(issuancesOf(suite, 10));

      await time.setNextBlockTimestamp(start + HOUR / 10n - 1n);
      await expect(byIssuer.issue(productIdOf(50), accounts.owner, DOCUMENT))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerLimitExceeded")
        .withArgs(accounts.issuer.address, 1, 0);
      await time.setNextBlockTimestamp(start + HOUR / 10n);
      await byIssuer.issue(productIdOf(50), accounts.owner, DOCUMENT);
      expect(await manager.issuableBy(accounts.issuer)).to.equal(0n);

      await time.setNextBlockTimestamp(start + HOUR);
      await byIssuer.issueMany(issuancesOf(suite, 9, 60));
      await time.increaseTo(start + 100n * HOUR);
      expect(await manager.issuableBy(accounts.issuer), "never more than the bucket").to.equal(10n);
    });

    it("stolen key of an issuer, mints at most the bucket and its refill until he is stopped", async () => {
      const suite = await loadFixture(deployed);
      const { accounts, byIssuer, manager } = suite;
      const start = await nextSecond(connection);
      let minted = 0;
      // Every five minutes for three hours, one after another until refused.
      for (let minute = 0n; minute <= 180n; minute += 5n) {
        await time.increaseTo(start + minute * 60n);
        for (let isRefused = false; !isRefused; ) {
          isRefused = await byIssuer.issue(productIdOf(1_000 + minted), accounts.owner, DOCUMENT).then(
            () => false,
            () => true,
          );
          if (!isRefused) ++minted;
        }
      }
      expect(minted).to.equal(10 + 3 * 10);

      await manager.setIssuingLimit(accounts.issuer, 0, 0);
      await time.increase(100n * HOUR);
      await expect(byIssuer.issue(productIdOf(1), accounts.owner, DOCUMENT))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerLimitExceeded")
        .withArgs(accounts.issuer.address, 1, 0);
    });

    it("validity, ends with its last second", async () => {
      const { accounts, byIssuer, manager } = await loadFixture(deployed);
      const validUntil = (await nextSecond(connection)) + DAY;
      await expect(manager.setIssuingLimit(accounts.issuer, 10, validUntil))
        .to.emit(manager, "IssuingLimitChanged")
        .withArgs(accounts.issuer.address, 10, validUntil);
      await time.setNextBlockTimestamp(validUntil);
      await byIssuer.issue(productIdOf(1), accounts.owner, DOCUMENT);
      expect(await manager.issuableBy(accounts.issuer)).to.equal(9n);
      await time.setNextBlockTimestamp(validUntil + 1n);
      await expect(byIssuer.issue(productIdOf(2), accounts.owner, DOCUMENT))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerLimitExceeded")
        .withArgs(accounts.issuer.address, 1, 0);
      await time.increaseTo(validUntil + 2n);
      expect(await manager.issuableBy(accounts.issuer)).to.equal(0n);
    });

    it("two issuers, have a bucket each: one cannot use up the other's", async () => {
      const suite = await loadFixture(deployed);
      const { accounts, byIssuer, manager } = suite;
      await manager.setIssuingLimit(accounts.manufacturer, 5, NO_END);
      await byIssuer.issueMany(issuancesOf(suite, 10));
      expect(await manager.issuableBy(accounts.issuer)).to.equal(0n);
      expect(await manager.issuableBy(accounts.manufacturer)).to.equal(5n);
      await manager.connect(accounts.manufacturer).issueMany(issuancesOf(suite, 5, 50));
    });

    it("set again, gives back nothing that was taken", async () => {
      const suite = await loadFixture(deployed);
      const { accounts, byIssuer, manager } = suite;
      await byIssuer.issueMany(issuancesOf(suite, 10));
      const start = BigInt(await time.latest());
      await time.setNextBlockTimestamp(start + 1n);
      await manager.setIssuingLimit(accounts.issuer, 0, 0);
      await time.setNextBlockTimestamp(start + 2n);
      await manager.setIssuingLimit(accounts.issuer, 10, NO_END);
      expect(await manager.issuableBy(accounts.issuer)).to.equal(0n);
      const limit = fieldsOf(await manager.issuingLimitOf(accounts.issuer));
      expect(limit).to.deep.equal({ perHour: 10n, validUntil: NO_END, fullAt: (start + HOUR) * 10n ** 9n });
    });

    it("nobody as the issuer, is refused, and takes nothing from the cap", async () => {
      const { manager } = await loadFixture(deployed);
      await expect(manager.setIssuingLimit(ethers.ZeroAddress, 5, NO_END)).to.be.revertedWithCustomError(
        manager,
        "ManufacturerManagerIssuerZero",
      );
      expect(await manager.issuingAllotted()).to.equal(10n);
    });

    it("anybody but the administrator, sets neither limit nor cap", async () => {
      const { accounts, manager } = await loadFixture(deployed);
      for (const account of [accounts.issuer, accounts.guardian, accounts.manufacturer, accounts.stranger]) {
        for (const set of [
          () => manager.connect(account).setIssuingLimit(account, 1, NO_END),
          () => manager.connect(account).setIssuingCap(1_000_000),
        ]) {
          await expect(set())
            .to.be.revertedWithCustomError(manager, "AccessControlUnauthorizedAccount")
            .withArgs(account.address, await manager.DEFAULT_ADMIN_ROLE());
        }
      }
    });
  });

  describe("issuing cap", () => {
    it("limits up to the cap together, are taken; one passport more is refused", async () => {
      const { accounts, manager } = await loadFixture(deployed);
      await manager.setIssuingCap(30);
      expect(await manager.issuingCap()).to.equal(30n);
      expect(await manager.issuingAllotted()).to.equal(10n);
      await expect(manager.setIssuingLimit(accounts.manufacturer, 21, NO_END))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerCapExceeded")
        .withArgs(31, 30);
      await manager.setIssuingLimit(accounts.manufacturer, 20, NO_END);
      expect(await manager.issuingAllotted()).to.equal(30n);
      await expect(manager.setIssuingLimit(accounts.issuer, 11, NO_END))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerCapExceeded")
        .withArgs(31, 30);
    });

    it("limit made smaller or taken away, makes room for others", async () => {
      const { accounts, manager } = await loadFixture(deployed);
      await manager.setIssuingCap(10);
      await manager.setIssuingLimit(accounts.issuer, 4, NO_END);
      await manager.setIssuingLimit(accounts.manufacturer, 6, NO_END);
      await manager.setIssuingLimit(accounts.issuer, 0, 0);
      await manager.setIssuingLimit(accounts.manufacturer, 10, NO_END);
      expect(await manager.issuingAllotted()).to.equal(10n);
    });

    it("limit that has expired, still counts until it is taken away", async () => {
      const { accounts, manager } = await loadFixture(deployed);
      await manager.setIssuingCap(10);
      await manager.setIssuingLimit(accounts.issuer, 10, 0);
      await expect(manager.setIssuingLimit(accounts.manufacturer, 1, NO_END))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerCapExceeded")
        .withArgs(11, 10);
    });

    it("cap below what is allotted, is refused; down to it, is taken and announced", async () => {
      const { manager } = await loadFixture(deployed);
      await expect(manager.setIssuingCap(9))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerCapExceeded")
        .withArgs(10, 9);
      await expect(manager.setIssuingCap(10)).to.emit(manager, "IssuingCapChanged").withArgs(10);
    });

    it("limits whose sum would overflow 32 bits, are refused and not wrapped around", async () => {
      const { accounts, manager } = await loadFixture(deployed);
      const most = 2n ** 32n - 1n;
      await manager.setIssuingCap(most);
      await expect(manager.setIssuingLimit(accounts.manufacturer, most, NO_END))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerCapExceeded")
        .withArgs(most + 10n, most);
      await manager.setIssuingLimit(accounts.manufacturer, most - 10n, NO_END);
      expect(await manager.issuingAllotted()).to.equal(most);
    });
  });

  describe("suspended in the registry", () => {
    it("manager, issues nothing from the same moment; his passports live on", async () => {
      const { accounts, byIssuer, manager, registry } = await loadFixture(deployed);
      await byIssuer.issue(productIdOf(1), accounts.owner, DOCUMENT);
      const passport = await ethers.getContractAt("DigitalPassport", await registry.passportOfProduct(productIdOf(1)));
      await registry.connect(accounts.guardian).suspendIssuing(manager);
      for (const issue of [
        () => byIssuer.issue(productIdOf(2), accounts.owner, DOCUMENT),
        () => byIssuer.issueMany([{ productId: productIdOf(2), owner: accounts.owner.address, document: DOCUMENT }]),
      ]) {
        await expect(issue())
          .to.be.revertedWithCustomError(registry, "PassportRegistryIssuingSuspended")
          .withArgs(await manager.getAddress());
      }

      await passport.connect(accounts.technician).attest(nameOf("COMMISSIONED"), DOCUMENT);
      await passport.connect(accounts.owner).offerOwnership(accounts.buyer, DOCUMENT, NO_END);
      await passport.connect(accounts.buyer).acceptOwnership(DOCUMENT, await passport.head());
      expect(await passport.entryCount()).to.equal(3n);
      expect(await registry.isPassport(passport)).to.equal(true);

      await registry.resumeIssuing(manager);
      await byIssuer.issue(productIdOf(2), accounts.owner, DOCUMENT);
    });
  });

  describe("setFactory", () => {
    /** A later version, listed. */
    const withSecondFactory = async () => {
      const suite = await deployed();
      const second = await ethers.deployContract("DigitalPassportFactory", [await suite.registry.getAddress()]);
      await suite.registry.listFactory(second);
      return { ...suite, second };
    };

    it("administrator, another listed factory, deploys from then on; what was issued stays", async () => {
      const { accounts, byIssuer, factory, manager, registry, second } = await loadFixture(withSecondFactory);
      await byIssuer.issue(productIdOf(1), accounts.owner, DOCUMENT);
      await expect(manager.setFactory(second))
        .to.emit(manager, "FactoryChanged")
        .withArgs(await second.getAddress());
      expect(await manager.factory()).to.equal(await second.getAddress());
      await byIssuer.issue(productIdOf(2), accounts.owner, DOCUMENT);

      expect(await registry.passportOfProduct(productIdOf(1))).to.equal(
        await factory.predictPassport(manager, productIdOf(1)),
      );
      const later = await registry.passportOfProduct(productIdOf(2));
      expect(later).to.equal(await second.predictPassport(manager, productIdOf(2)));
      expect(await (await ethers.getContractAt("DigitalPassport", later)).factory()).to.equal(
        await second.getAddress(),
      );
      expect(await registry.isPassport(later)).to.equal(true);
    });

    it("product of the factory before, cannot be issued a second time by the next one", async () => {
      const { accounts, byIssuer, factory, manager, registry, second } = await loadFixture(withSecondFactory);
      await byIssuer.issue(productIdOf(1), accounts.owner, DOCUMENT);
      await manager.setFactory(second);
      await expect(byIssuer.issue(productIdOf(1), accounts.owner, DOCUMENT))
        .to.be.revertedWithCustomError(registry, "PassportRegistryProductRegistered")
        .withArgs(productIdOf(1), await factory.predictPassport(manager, productIdOf(1)));
    });

    it("factory that is not listed, is refused", async () => {
      const { accounts, manager, registry } = await loadFixture(deployed);
      const unlisted = await ethers.deployContract("DigitalPassportFactory", [await registry.getAddress()]);
      for (const factory of [await unlisted.getAddress(), accounts.stranger.address, ethers.ZeroAddress]) {
        await expect(manager.setFactory(factory))
          .to.be.revertedWithCustomError(manager, "ManufacturerManagerFactoryNotListed")
          .withArgs(factory);
      }
    });

    it("anybody but the administrator, is refused", async () => {
      const { accounts, manager, second } = await loadFixture(withSecondFactory);
      for (const account of [accounts.issuer, accounts.guardian, accounts.stranger]) {
        await expect(manager.connect(account).setFactory(second))
          .to.be.revertedWithCustomError(manager, "AccessControlUnauthorizedAccount")
          .withArgs(account.address, await manager.DEFAULT_ADMIN_ROLE());
      }
    });
  });
});

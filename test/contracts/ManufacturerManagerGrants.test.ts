import { expect } from "chai";
import { network } from "hardhat";
import type { DigitalPassport } from "../../types/ethers-contracts/index.js";
import { CONDITIONS, documentOf, fieldsOf, NO_END, nameOf, ROLE_OWNER } from "../support/contract-values.js";
import { deploySuite, issuePassport, type Suite } from "../support/deploy-suite.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

const { ISSUED, STOLEN } = CONDITIONS;
const MANUFACTURER = 1n << 0n;
const LOGISTICS = 1n << 3n;
const TECHNICIAN = 1n << 6n;
const GATEWAY = 1n << 9n;
const UNDEFINED_ROLE = 1n << 10n;

const MAINTAINED = nameOf("MAINTAINED");
const READINGS = nameOf("READINGS");
const DOCUMENT = documentOf("a document");
const DAY = 24n * 60n * 60n;
const NO_GRANT = { roles: 0n, validFrom: 0n, validUntil: 0n, revokedAt: 0n, compromisedSince: 0n };

/** The suite with two passports of the same owner. */
const withTwoPassports = async () => {
  const suite = await deploySuite(connection);
  return { ...suite, passport: await issuePassport(suite), other: await issuePassport(suite) };
};

/** The owner sells to the buyer, who accepts. */
const sell = async (passport: DigitalPassport, { accounts }: Suite, from = accounts.owner, to = accounts.buyer) => {
  await passport.connect(from).offerOwnership(to, DOCUMENT, NO_END);
  await passport.connect(to).acceptOwnership(DOCUMENT, await passport.head());
};

const now = async (): Promise<bigint> => BigInt(await time.latest());

describe("ManufacturerManager, grants", () => {
  describe("grant", () => {
    it("administrator, roles for a time, grants on every passport of the manager", async () => {
      const { accounts, manager, other, passport } = await loadFixture(withTwoPassports);
      const validFrom = await now();
      const validUntil = validFrom + DAY;
      await expect(manager.grant(accounts.stranger, TECHNICIAN | LOGISTICS, validFrom, validUntil))
        .to.emit(manager, "Granted")
        .withArgs(
          accounts.stranger.address,
          ethers.ZeroAddress,
          await manager.getAddress(),
          TECHNICIAN | LOGISTICS,
          validFrom,
          validUntil,
        );
      expect(fieldsOf(await manager.grantOf(accounts.stranger))).to.deep.equal({
        ...NO_GRANT,
        roles: TECHNICIAN | LOGISTICS,
        validFrom,
        validUntil,
      });
      for (const each of [passport, other]) {
        expect(await manager.rolesOf(each, accounts.stranger)).to.equal(TECHNICIAN | LOGISTICS);
        await each.connect(accounts.stranger).attest(MAINTAINED, DOCUMENT);
      }
    });

    it("administrator, a second time, replaces roles and times", async () => {
      const { accounts, manager, passport } = await loadFixture(withTwoPassports);
      await manager.grant(accounts.technician, LOGISTICS, 0, NO_END);
      expect(await manager.rolesOf(passport, accounts.technician)).to.equal(LOGISTICS);
      await expect(passport.connect(accounts.technician).attest(MAINTAINED, DOCUMENT))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerRoleMissing")
        .withArgs(MAINTAINED, accounts.technician.address, MANUFACTURER | TECHNICIAN);
    });

    it("validity, counts from the first to the last second", async () => {
      const { accounts, manager, passport } = await loadFixture(withTwoPassports);
      const validFrom = (await now()) + 1_000n;
      const validUntil = validFrom + 1_000n;
      await manager.grant(accounts.stranger, TECHNICIAN, validFrom, validUntil);
      const byStranger = passport.connect(accounts.stranger);
      const expectRefused = () =>
        expect(byStranger.attest(MAINTAINED, DOCUMENT))
          .to.be.revertedWithCustomError(manager, "ManufacturerManagerRoleMissing")
          .withArgs(MAINTAINED, accounts.stranger.address, MANUFACTURER | TECHNICIAN);

      await time.setNextBlockTimestamp(validFrom - 1n);
      await expectRefused();
      await time.setNextBlockTimestamp(validFrom);
      await byStranger.attest(MAINTAINED, DOCUMENT);
      await time.setNextBlockTimestamp(validUntil);
      await byStranger.attest(MAINTAINED, DOCUMENT);
      expect(await manager.rolesOf(passport, accounts.stranger)).to.equal(TECHNICIAN);
      await time.setNextBlockTimestamp(validUntil + 1n);
      await expectRefused();
      await time.increaseTo(validUntil + 2n);
      expect(await manager.rolesOf(passport, accounts.stranger)).to.equal(0n);
    });

    it("administrator, no roles, takes them away without a revocation: they can be granted again", async () => {
      const { accounts, manager, passport } = await loadFixture(withTwoPassports);
      await manager.grant(accounts.technician, 0, 0, NO_END);
      expect(await manager.rolesOf(passport, accounts.technician)).to.equal(0n);
      await manager.grant(accounts.technician, TECHNICIAN, 0, NO_END);
      await passport.connect(accounts.technician).attest(MAINTAINED, DOCUMENT);
    });

    it("gateway, is refused: its role is granted for single passports only", async () => {
      const { accounts, manager, passport } = await loadFixture(withTwoPassports);
      await expect(manager.grant(accounts.gateway, GATEWAY | TECHNICIAN, 0, NO_END))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerRolesNotGrantable")
        .withArgs(GATEWAY);
      expect(await manager.rolesOf(passport, accounts.gateway)).to.equal(0n);
    });

    it("undefined role, is refused", async () => {
      const { accounts, manager } = await loadFixture(withTwoPassports);
      await expect(manager.grant(accounts.stranger, UNDEFINED_ROLE | TECHNICIAN, 0, NO_END))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerRolesNotGrantable")
        .withArgs(UNDEFINED_ROLE);
    });

    it("role of the owner, does not fit into a grant: it lies above the 96 bits", async () => {
      const { accounts, manager } = await loadFixture(withTwoPassports);
      const [first] = manager.interface.getFunction("grant").inputs.slice(1);
      expect(first?.type).to.equal("uint96");
      expect(ROLE_OWNER).to.be.greaterThan(2n ** 96n);
      // As raw call data, since ethers refuses the number already.
      const data = ethers.concat([
        manager.interface.getFunction("grant").selector,
        ethers.AbiCoder.defaultAbiCoder().encode(
          ["address", "uint256", "uint256", "uint256"],
          [accounts.stranger.address, ROLE_OWNER, 0, NO_END],
        ),
      ]);
      await expect(accounts.admin.sendTransaction({ to: manager, data })).to.be.revert(ethers);
    });

    it("zero address, is refused", async () => {
      const { manager } = await loadFixture(withTwoPassports);
      await expect(manager.grant(ethers.ZeroAddress, TECHNICIAN, 0, NO_END)).to.be.revertedWithCustomError(
        manager,
        "ManufacturerManagerAttesterZero",
      );
    });

    it("end before the beginning, is refused", async () => {
      const { accounts, manager } = await loadFixture(withTwoPassports);
      await expect(manager.grant(accounts.stranger, TECHNICIAN, 100, 99))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerValidityInvalid")
        .withArgs(100, 99);
      await manager.grant(accounts.stranger, TECHNICIAN, 100, 100);
    });

    it("anybody but the administrator, is refused", async () => {
      const { accounts, manager } = await loadFixture(withTwoPassports);
      for (const account of [accounts.manufacturer, accounts.guardian, accounts.issuer, accounts.owner]) {
        await expect(manager.connect(account).grant(account, TECHNICIAN, 0, NO_END))
          .to.be.revertedWithCustomError(manager, "AccessControlUnauthorizedAccount")
          .withArgs(account.address, await manager.DEFAULT_ADMIN_ROLE());
      }
    });
  });

  describe("grantFor", () => {
    it("administrator, gateway for one passport, may write on that one and on no other", async () => {
      const { accounts, manager, other, passport } = await loadFixture(withTwoPassports);
      const granter = await manager.getAddress();
      await expect(manager.grantFor(passport, accounts.gateway, GATEWAY, 0, NO_END))
        .to.emit(manager, "Granted")
        .withArgs(accounts.gateway.address, await passport.getAddress(), granter, GATEWAY, 0, NO_END);
      expect(fieldsOf(await manager.grantForOf(passport, granter, accounts.gateway))).to.deep.equal({
        ...NO_GRANT,
        roles: GATEWAY,
        validUntil: NO_END,
      });
      expect(await manager.rolesOf(passport, accounts.gateway)).to.equal(GATEWAY);
      expect(await manager.rolesOf(other, accounts.gateway)).to.equal(0n);

      await passport.connect(accounts.gateway).attest(READINGS, DOCUMENT);
      await expect(other.connect(accounts.gateway).attest(READINGS, DOCUMENT))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerRoleMissing")
        .withArgs(READINGS, accounts.gateway.address, GATEWAY);
    });

    it("administrator, any role for one passport, is granted beside that for all", async () => {
      const { accounts, manager, other, passport } = await loadFixture(withTwoPassports);
      await manager.grantFor(passport, accounts.logistics, MANUFACTURER, 0, NO_END);
      expect(await manager.rolesOf(passport, accounts.logistics)).to.equal(MANUFACTURER | LOGISTICS);
      expect(await manager.rolesOf(other, accounts.logistics)).to.equal(LOGISTICS);
    });

    it("owner, own workshop and gateway, may write on his passport and on no other", async () => {
      const { accounts, manager, other, passport } = await loadFixture(withTwoPassports);
      const { owner, stranger } = accounts;
      await expect(manager.connect(owner).grantFor(passport, stranger, TECHNICIAN | GATEWAY, 0, NO_END))
        .to.emit(manager, "Granted")
        .withArgs(stranger.address, await passport.getAddress(), owner.address, TECHNICIAN | GATEWAY, 0, NO_END);
      expect((await manager.grantForOf(passport, owner, stranger)).roles).to.equal(TECHNICIAN | GATEWAY);
      expect(await manager.rolesOf(passport, stranger)).to.equal(TECHNICIAN | GATEWAY);
      expect(await manager.rolesOf(other, stranger)).to.equal(0n);

      await passport.connect(stranger).attest(MAINTAINED, DOCUMENT);
      await passport.connect(stranger).attest(READINGS, DOCUMENT);
      await expect(other.connect(stranger).attest(MAINTAINED, DOCUMENT)).to.be.revertedWithCustomError(
        manager,
        "ManufacturerManagerRoleMissing",
      );
    });

    it("owner, roles that the manufacturer keeps to itself, is refused", async () => {
      const { accounts, manager, passport } = await loadFixture(withTwoPassports);
      await expect(
        manager.connect(accounts.owner).grantFor(passport, accounts.stranger, TECHNICIAN | MANUFACTURER, 0, NO_END),
      )
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerRolesNotGrantable")
        .withArgs(MANUFACTURER);
      await expect(manager.connect(accounts.owner).grantFor(passport, accounts.stranger, UNDEFINED_ROLE, 0, NO_END))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerRolesNotGrantable")
        .withArgs(UNDEFINED_ROLE);
    });

    it("neither administrator nor owner, is refused", async () => {
      const { accounts, manager, passport } = await loadFixture(withTwoPassports);
      for (const account of [accounts.manufacturer, accounts.technician, accounts.guardian, accounts.buyer]) {
        await expect(manager.connect(account).grantFor(passport, account, TECHNICIAN, 0, NO_END))
          .to.be.revertedWithCustomError(manager, "ManufacturerManagerNotAdministratorNorOwner")
          .withArgs(account.address, await passport.getAddress());
      }
    });

    it("something that is no passport of this manager, is refused even to the administrator", async () => {
      const { accounts, implementation, manager, registry } = await loadFixture(withTwoPassports);
      for (const foreign of [accounts.stranger, registry, implementation, manager]) {
        await expect(manager.grantFor(foreign, accounts.stranger, TECHNICIAN, 0, NO_END))
          .to.be.revertedWithCustomError(manager, "ManufacturerManagerPassportForeign")
          .withArgs(await ethers.resolveAddress(foreign));
      }
    });

    it("attester who is revoked as a whole, is refused", async () => {
      const { accounts, manager, passport } = await loadFixture(withTwoPassports);
      await manager.revoke(accounts.technician);
      const revokedAt = await now();
      for (const granter of [accounts.admin, accounts.owner]) {
        await expect(manager.connect(granter).grantFor(passport, accounts.technician, TECHNICIAN, 0, NO_END))
          .to.be.revertedWithCustomError(manager, "ManufacturerManagerAttesterRevoked")
          .withArgs(accounts.technician.address, revokedAt);
      }
    });

    it("zero address, or an end before the beginning, is refused", async () => {
      const { accounts, manager, passport } = await loadFixture(withTwoPassports);
      await expect(manager.grantFor(passport, ethers.ZeroAddress, GATEWAY, 0, NO_END)).to.be.revertedWithCustomError(
        manager,
        "ManufacturerManagerAttesterZero",
      );
      await expect(manager.grantFor(passport, accounts.gateway, GATEWAY, 2, 1))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerValidityInvalid")
        .withArgs(2, 1);
    });

    it("owner's grant, after the sale, does not count, nor may he grant any more", async () => {
      const suite = await loadFixture(withTwoPassports);
      const { accounts, manager, passport } = suite;
      const { buyer, owner, stranger } = accounts;
      await manager.connect(owner).grantFor(passport, stranger, TECHNICIAN, 0, NO_END);
      await sell(passport, suite);

      expect(await manager.rolesOf(passport, stranger)).to.equal(0n);
      await expect(passport.connect(stranger).attest(MAINTAINED, DOCUMENT))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerRoleMissing")
        .withArgs(MAINTAINED, stranger.address, MANUFACTURER | TECHNICIAN);
      await expect(manager.connect(owner).grantFor(passport, stranger, TECHNICIAN, 0, NO_END))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerNotAdministratorNorOwner")
        .withArgs(owner.address, await passport.getAddress());

      await manager.connect(buyer).grantFor(passport, stranger, TECHNICIAN, 0, NO_END);
      await passport.connect(stranger).attest(MAINTAINED, DOCUMENT);
    });

    it("owner's grant, after he has bought the product back, counts again", async () => {
      const suite = await loadFixture(withTwoPassports);
      const { accounts, manager, passport } = suite;
      await manager.connect(accounts.owner).grantFor(passport, accounts.stranger, TECHNICIAN, 0, NO_END);
      await sell(passport, suite);
      await sell(passport, suite, accounts.buyer, accounts.owner);
      expect(await manager.rolesOf(passport, accounts.stranger)).to.equal(TECHNICIAN);
      await passport.connect(accounts.stranger).attest(MAINTAINED, DOCUMENT);
    });

    it("administrator's grant for one passport, after the sale, still counts", async () => {
      const suite = await loadFixture(withTwoPassports);
      const { accounts, manager, passport } = suite;
      await manager.grantFor(passport, accounts.stranger, TECHNICIAN, 0, NO_END);
      await sell(passport, suite);
      await passport.connect(accounts.stranger).attest(MAINTAINED, DOCUMENT);
    });

    it("grants of administrator and owner, stand side by side and end each for itself", async () => {
      const { accounts, manager, passport } = await loadFixture(withTwoPassports);
      await manager.grantFor(passport, accounts.stranger, LOGISTICS, 0, NO_END);
      await manager.connect(accounts.owner).grantFor(passport, accounts.stranger, TECHNICIAN, 0, NO_END);
      expect(await manager.rolesOf(passport, accounts.stranger)).to.equal(LOGISTICS | TECHNICIAN);
      await manager.revokeFor(passport, accounts.stranger);
      expect(await manager.rolesOf(passport, accounts.stranger)).to.equal(TECHNICIAN);
      await passport.connect(accounts.stranger).attest(MAINTAINED, DOCUMENT);
    });

    it("administrator who owns the passport, grants as the manager, with all its roles", async () => {
      const suite = await loadFixture(withTwoPassports);
      const { accounts, manager } = suite;
      const own = await issuePassport(suite, { owner: accounts.admin });
      await expect(manager.grantFor(own, accounts.stranger, MANUFACTURER, 0, NO_END))
        .to.emit(manager, "Granted")
        .withArgs(
          accounts.stranger.address,
          await own.getAddress(),
          await manager.getAddress(),
          MANUFACTURER,
          0,
          NO_END,
        );
    });
  });

  describe("setOwnerGrantableRoles", () => {
    it("withdrawn role, stops counting at once where owners granted it, and comes back with it", async () => {
      const { accounts, manager, passport } = await loadFixture(withTwoPassports);
      await manager.connect(accounts.owner).grantFor(passport, accounts.stranger, TECHNICIAN | GATEWAY, 0, NO_END);
      await expect(manager.setOwnerGrantableRoles(GATEWAY))
        .to.emit(manager, "OwnerGrantableRolesChanged")
        .withArgs(GATEWAY);
      expect(await manager.ownerGrantableRoles()).to.equal(GATEWAY);
      expect(await manager.rolesOf(passport, accounts.stranger)).to.equal(GATEWAY);
      await expect(passport.connect(accounts.stranger).attest(MAINTAINED, DOCUMENT))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerRoleMissing")
        .withArgs(MAINTAINED, accounts.stranger.address, MANUFACTURER | TECHNICIAN);
      await passport.connect(accounts.stranger).attest(READINGS, DOCUMENT);

      await manager.setOwnerGrantableRoles(TECHNICIAN);
      await passport.connect(accounts.stranger).attest(MAINTAINED, DOCUMENT);
    });

    it("withdrawn role, still counts where the administrator granted it", async () => {
      const { accounts, manager, passport } = await loadFixture(withTwoPassports);
      await manager.grantFor(passport, accounts.stranger, TECHNICIAN, 0, NO_END);
      await manager.setOwnerGrantableRoles(0);
      await passport.connect(accounts.stranger).attest(MAINTAINED, DOCUMENT);
    });

    it("undefined role, is refused", async () => {
      const { manager } = await loadFixture(withTwoPassports);
      await expect(manager.setOwnerGrantableRoles(TECHNICIAN | UNDEFINED_ROLE))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerRolesNotGrantable")
        .withArgs(UNDEFINED_ROLE);
    });

    it("anybody but the administrator, is refused", async () => {
      const { accounts, manager } = await loadFixture(withTwoPassports);
      for (const account of [accounts.guardian, accounts.owner]) {
        await expect(manager.connect(account).setOwnerGrantableRoles(TECHNICIAN))
          .to.be.revertedWithCustomError(manager, "AccessControlUnauthorizedAccount")
          .withArgs(account.address, await manager.DEFAULT_ADMIN_ROLE());
      }
    });
  });

  describe("revoke", () => {
    it("attester, holds no role any more, on any passport, by any grant", async () => {
      const { accounts, manager, other, passport } = await loadFixture(withTwoPassports);
      const { owner, technician } = accounts;
      await manager.grantFor(passport, technician, GATEWAY, 0, NO_END);
      await manager.connect(owner).grantFor(other, technician, TECHNICIAN, 0, NO_END);
      await expect(manager.revoke(technician))
        .to.emit(manager, "Revoked")
        .withArgs(technician.address, ethers.ZeroAddress, await manager.getAddress());
      const revokedAt = await now();
      expect((await manager.grantOf(technician)).revokedAt).to.equal(revokedAt);

      for (const [each, eventType] of [
        [passport, MAINTAINED],
        [passport, READINGS],
        [other, MAINTAINED],
      ] as const) {
        expect(await manager.rolesOf(each, technician)).to.equal(0n);
        await expect(each.connect(technician).attest(eventType, DOCUMENT))
          .to.be.revertedWithCustomError(manager, "ManufacturerManagerAttesterRevoked")
          .withArgs(technician.address, revokedAt);
      }
    });

    it("attester, is final: neither granted nor revoked again, by address or by key", async () => {
      const { accounts, manager, p256Verifier } = await loadFixture(withTwoPassports);
      await manager.revoke(accounts.technician);
      const revokedAt = await now();
      for (const again of [
        () => manager.grant(accounts.technician, TECHNICIAN, 0, NO_END),
        () => manager.revoke(accounts.technician),
      ]) {
        await expect(again())
          .to.be.revertedWithCustomError(manager, "ManufacturerManagerAttesterRevoked")
          .withArgs(accounts.technician.address, revokedAt);
      }

      const signer = ethers.concat([await p256Verifier.getAddress(), ethers.randomBytes(64)]);
      const attester = await manager.grantKey.staticCall(signer, TECHNICIAN, 0, NO_END);
      await manager.revoke(attester);
      await expect(manager.grantKey(signer, TECHNICIAN, 0, NO_END))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerAttesterRevoked")
        .withArgs(attester, await now());
    });

    it("attester who never had a grant, never gets one", async () => {
      const { accounts, manager } = await loadFixture(withTwoPassports);
      await manager.revoke(accounts.stranger);
      await expect(manager.grant(accounts.stranger, TECHNICIAN, 0, NO_END))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerAttesterRevoked")
        .withArgs(accounts.stranger.address, await now());
    });

    it("entries of the attester before it, stay in the history", async () => {
      const { accounts, manager, passport } = await loadFixture(withTwoPassports);
      await passport.connect(accounts.technician).attest(MAINTAINED, DOCUMENT);
      const before = { head: await passport.head(), entryCount: await passport.entryCount() };
      await manager.revoke(accounts.technician);
      expect({ head: await passport.head(), entryCount: await passport.entryCount() }).to.deep.equal(before);
    });

    it("owner of a product, keeps his property: he reports it stolen and found, and sells it", async () => {
      const suite = await loadFixture(withTwoPassports);
      const { accounts, manager, passport } = suite;
      const byOwner = passport.connect(accounts.owner);
      await manager.revoke(accounts.owner);
      await byOwner.attest(nameOf("STOLEN"), DOCUMENT);
      expect(await passport.condition()).to.equal(ISSUED | STOLEN);
      await byOwner.attest(nameOf("RECOVERED"), DOCUMENT);
      await sell(passport, suite);
      expect(await passport.owner()).to.equal(accounts.buyer.address);
    });

    it("owner of a product, may still name his workshop for it", async () => {
      const { accounts, manager, passport } = await loadFixture(withTwoPassports);
      await manager.revoke(accounts.owner);
      await manager.connect(accounts.owner).grantFor(passport, accounts.stranger, TECHNICIAN, 0, NO_END);
      await passport.connect(accounts.stranger).attest(MAINTAINED, DOCUMENT);
    });

    it("anybody but the administrator, is refused", async () => {
      const { accounts, manager } = await loadFixture(withTwoPassports);
      for (const account of [accounts.guardian, accounts.owner, accounts.technician]) {
        await expect(manager.connect(account).revoke(accounts.technician))
          .to.be.revertedWithCustomError(manager, "AccessControlUnauthorizedAccount")
          .withArgs(account.address, await manager.DEFAULT_ADMIN_ROLE());
      }
    });
  });

  describe("revokeFor", () => {
    it("administrator, ends his own grant for that passport for good, and no other", async () => {
      const { accounts, manager, other, passport } = await loadFixture(withTwoPassports);
      const { gateway } = accounts;
      await manager.grantFor(passport, gateway, GATEWAY, 0, NO_END);
      await manager.grantFor(other, gateway, GATEWAY, 0, NO_END);
      const granter = await manager.getAddress();
      await expect(manager.revokeFor(passport, gateway))
        .to.emit(manager, "Revoked")
        .withArgs(gateway.address, await passport.getAddress(), granter);
      const revokedAt = await now();
      expect((await manager.grantForOf(passport, granter, gateway)).revokedAt).to.equal(revokedAt);
      expect((await manager.grantOf(gateway)).revokedAt).to.equal(0n);

      await expect(passport.connect(gateway).attest(READINGS, DOCUMENT))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerRoleMissing")
        .withArgs(READINGS, gateway.address, GATEWAY);
      await other.connect(gateway).attest(READINGS, DOCUMENT);

      for (const again of [
        () => manager.grantFor(passport, gateway, GATEWAY, 0, NO_END),
        () => manager.revokeFor(passport, gateway),
      ]) {
        await expect(again())
          .to.be.revertedWithCustomError(manager, "ManufacturerManagerAttesterRevoked")
          .withArgs(gateway.address, revokedAt);
      }
    });

    it("owner, ends his own grant for good; that of the administrator and of the next owner are others", async () => {
      const suite = await loadFixture(withTwoPassports);
      const { accounts, manager, passport } = suite;
      const { buyer, owner, stranger } = accounts;
      await manager.connect(owner).grantFor(passport, stranger, TECHNICIAN, 0, NO_END);
      await expect(manager.connect(owner).revokeFor(passport, stranger))
        .to.emit(manager, "Revoked")
        .withArgs(stranger.address, await passport.getAddress(), owner.address);
      const revokedAt = await now();
      expect(await manager.rolesOf(passport, stranger)).to.equal(0n);
      await expect(manager.connect(owner).grantFor(passport, stranger, TECHNICIAN, 0, NO_END))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerAttesterRevoked")
        .withArgs(stranger.address, revokedAt);

      await sell(passport, suite);
      await manager.connect(buyer).grantFor(passport, stranger, TECHNICIAN, 0, NO_END);
      expect(await manager.rolesOf(passport, stranger)).to.equal(TECHNICIAN);
    });

    it("owner, cannot end what the administrator granted", async () => {
      const { accounts, manager, passport } = await loadFixture(withTwoPassports);
      await manager.grantFor(passport, accounts.gateway, GATEWAY, 0, NO_END);
      await manager.connect(accounts.owner).revokeFor(passport, accounts.gateway);
      await passport.connect(accounts.gateway).attest(READINGS, DOCUMENT);
    });

    it("neither administrator nor owner, is refused", async () => {
      const { accounts, manager, passport } = await loadFixture(withTwoPassports);
      await manager.grantFor(passport, accounts.gateway, GATEWAY, 0, NO_END);
      for (const account of [accounts.gateway, accounts.guardian, accounts.buyer]) {
        await expect(manager.connect(account).revokeFor(passport, accounts.gateway))
          .to.be.revertedWithCustomError(manager, "ManufacturerManagerNotAdministratorNorOwner")
          .withArgs(account.address, await passport.getAddress());
      }
    });

    it("something that is no passport of this manager, is refused", async () => {
      const { accounts, manager } = await loadFixture(withTwoPassports);
      await expect(manager.revokeFor(accounts.stranger, accounts.gateway))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerPassportForeign")
        .withArgs(accounts.stranger.address);
    });
  });

  describe("reportCompromise", () => {
    it("administrator, since yesterday, disputes from then on and revokes", async () => {
      const { accounts, manager, passport } = await loadFixture(withTwoPassports);
      const { technician } = accounts;
      await passport.connect(technician).attest(MAINTAINED, DOCUMENT);
      const head = await passport.head();
      const since = (await now()) - DAY;
      const reporting = await manager.reportCompromise(technician, since);
      const reportedAt = await now();
      await expect(reporting).to.emit(manager, "CompromiseReported").withArgs(technician.address, since);
      await expect(reporting)
        .to.emit(manager, "Revoked")
        .withArgs(technician.address, ethers.ZeroAddress, await manager.getAddress());
      const { compromisedSince, revokedAt } = await manager.grantOf(technician);
      expect({ compromisedSince, revokedAt }).to.deep.equal({ compromisedSince: since, revokedAt: reportedAt });

      await expect(passport.connect(technician).attest(MAINTAINED, DOCUMENT))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerAttesterRevoked")
        .withArgs(technician.address, reportedAt);
      expect(await passport.head(), "what is recorded stays").to.equal(head);
    });

    it("administrator, a second time, is refused: the time is set once", async () => {
      const { accounts, manager } = await loadFixture(withTwoPassports);
      const since = (await now()) - DAY;
      await manager.reportCompromise(accounts.technician, since);
      const next = (await now()) + 1n;
      await time.setNextBlockTimestamp(next);
      await expect(manager.reportCompromise(accounts.technician, since - DAY))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerCompromiseRefused")
        .withArgs(accounts.technician.address, since - DAY, next - 90n * DAY, next);
      expect((await manager.grantOf(accounts.technician)).compromisedSince).to.equal(since);
    });

    it("administrator, 90 days back to now, is taken; a second beyond either end is refused", async () => {
      const { accounts, manager } = await loadFixture(withTwoPassports);
      const next = (await now()) + 1_000n;
      for (const since of [next - 90n * DAY - 1n, next + 1n, 0n]) {
        await time.setNextBlockTimestamp(next + 0n);
        await expect(manager.reportCompromise.staticCall(accounts.technician, since, { blockTag: "pending" }))
          .to.be.revertedWithCustomError(manager, "ManufacturerManagerCompromiseRefused")
          .withArgs(accounts.technician.address, since, next - 90n * DAY, next);
      }
      await time.setNextBlockTimestamp(next);
      await manager.reportCompromise(accounts.technician, next - 90n * DAY);
      await time.setNextBlockTimestamp(next + 1n);
      await manager.reportCompromise(accounts.certifier, next + 1n);
      expect((await manager.grantOf(accounts.technician)).compromisedSince).to.equal(next - 90n * DAY);
      expect((await manager.grantOf(accounts.certifier)).compromisedSince).to.equal(next + 1n);
    });

    it("attester who is revoked already, keeps the time of his revocation", async () => {
      const { accounts, manager } = await loadFixture(withTwoPassports);
      await manager.revoke(accounts.technician);
      const revokedAt = await now();
      await time.increase(DAY);
      const since = revokedAt - DAY;
      const reporting = await manager.reportCompromise(accounts.technician, since);
      await expect(reporting).to.emit(manager, "CompromiseReported").withArgs(accounts.technician.address, since);
      await expect(reporting).not.to.emit(manager, "Revoked");
      const granted = await manager.grantOf(accounts.technician);
      expect([granted.revokedAt, granted.compromisedSince]).to.deep.equal([revokedAt, since]);
    });

    it("anybody but the administrator, is refused", async () => {
      const { accounts, manager } = await loadFixture(withTwoPassports);
      for (const account of [accounts.guardian, accounts.technician, accounts.owner]) {
        await expect(manager.connect(account).reportCompromise(accounts.technician, await now()))
          .to.be.revertedWithCustomError(manager, "AccessControlUnauthorizedAccount")
          .withArgs(account.address, await manager.DEFAULT_ADMIN_ROLE());
      }
    });
  });

  describe("rolesOf", () => {
    it("no grant at all, is nothing, for the owner too: owning is no grant", async () => {
      const { accounts, manager, passport } = await loadFixture(withTwoPassports);
      expect(await manager.rolesOf(passport, accounts.stranger)).to.equal(0n);
      expect(await manager.rolesOf(passport, accounts.owner)).to.equal(0n);
    });

    it("passport that does not exist yet, is what is granted for all", async () => {
      const { accounts, factory, manager } = await loadFixture(withTwoPassports);
      const future = await factory.predictPassport(manager, "https://id.weg.example/01/09521234567899/21/future");
      expect(await manager.rolesOf(future, accounts.technician)).to.equal(TECHNICIAN);
    });
  });
});

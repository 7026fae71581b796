import { expect } from "chai";
import { network } from "hardhat";
import { NO_END } from "../support/contract-values.js";
import { deploySuite, issuePassport } from "../support/deploy-suite.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture } = networkHelpers;

const TECHNICIAN = 1n << 6n;
const GATEWAY = 1n << 9n;
const KEY = ethers.hexlify(ethers.toUtf8Bytes("a public key of sixty-four bytes, of which nobody has the secret"));

const deployed = async () => {
  const suite = await deploySuite(connection);
  const verifier = await suite.p256Verifier.getAddress();
  return { ...suite, verifier, signer: ethers.concat([verifier, KEY]), passport: await issuePassport(suite) };
};

/** The address that the specification derives from a signer, computed without the contracts. */
const attesterOf = (signer: string): string => {
  const typeHash = ethers.id("DigitalPassport.signer.v1(bytes signer)");
  const encoded = ethers.AbiCoder.defaultAbiCoder().encode(
    ["bytes32", "bytes32"],
    [typeHash, ethers.keccak256(signer)],
  );
  return ethers.getAddress(ethers.dataSlice(ethers.keccak256(encoded), 12));
};

describe("ManufacturerManager, keys", () => {
  describe("grantKey", () => {
    it("administrator, key of an accepted verifier, grants to its derived address and keeps its bytes", async () => {
      const { manager, passport, signer } = await loadFixture(deployed);
      const attester = attesterOf(signer);
      expect(await manager.grantKey.staticCall(signer, TECHNICIAN, 5, NO_END)).to.equal(attester);
      const granting = await manager.grantKey(signer, TECHNICIAN, 5, NO_END);
      await expect(granting).to.emit(manager, "KeyGranted").withArgs(attester, signer);
      await expect(granting)
        .to.emit(manager, "Granted")
        .withArgs(attester, ethers.ZeroAddress, await manager.getAddress(), TECHNICIAN, 5, NO_END);
      expect(await manager.rolesOf(passport, attester)).to.equal(TECHNICIAN);

      const published = (await granting.wait())?.logs.map(({ topics }) => topics[0]);
      expect(published, "the bytes come before the grant").to.deep.equal([
        manager.interface.getEvent("KeyGranted").topicHash,
        manager.interface.getEvent("Granted").topicHash,
      ]);
    });

    it("two keys, or one key under two verifiers, are different attesters", async () => {
      const { manager, signer, webAuthnVerifier } = await loadFixture(deployed);
      const others = [ethers.concat([signer, "0x00"]), ethers.concat([await webAuthnVerifier.getAddress(), KEY])];
      const attesters = [signer, ...others].map(attesterOf);
      expect(new Set(attesters).size).to.equal(3);
      for (const other of others) {
        expect(await manager.grantKey.staticCall(other, TECHNICIAN, 0, NO_END)).to.equal(attesterOf(other));
      }
    });

    it("key of a single byte, is the verifier's affair and granted", async () => {
      const { manager, verifier } = await loadFixture(deployed);
      const signer = ethers.concat([verifier, "0x01"]);
      expect(await manager.grantKey.staticCall(signer, TECHNICIAN, 0, NO_END)).to.equal(attesterOf(signer));
    });

    it("verifier that is not on the list, is refused", async () => {
      const { accounts, manager, registry } = await loadFixture(deployed);
      for (const verifier of [await registry.getAddress(), accounts.stranger.address, ethers.ZeroAddress]) {
        await expect(manager.grantKey(ethers.concat([verifier, KEY]), TECHNICIAN, 0, NO_END))
          .to.be.revertedWithCustomError(manager, "ManufacturerManagerVerifierNotAccepted")
          .withArgs(verifier);
      }
    });

    it("verifier without a key, or less, is refused", async () => {
      const { manager, verifier } = await loadFixture(deployed);
      for (const signer of [verifier, ethers.dataSlice(verifier, 0, 19), "0x"]) {
        await expect(manager.grantKey(signer, TECHNICIAN, 0, NO_END))
          .to.be.revertedWithCustomError(manager, "ManufacturerManagerVerifierNotAccepted")
          .withArgs(ethers.ZeroAddress);
      }
    });

    it("role for single passports only, is refused as with an address", async () => {
      const { manager, signer } = await loadFixture(deployed);
      await expect(manager.grantKey(signer, GATEWAY, 0, NO_END))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerRolesNotGrantable")
        .withArgs(GATEWAY);
    });

    it("anybody but the administrator, is refused", async () => {
      const { accounts, manager, signer } = await loadFixture(deployed);
      for (const account of [accounts.guardian, accounts.owner, accounts.technician]) {
        await expect(manager.connect(account).grantKey(signer, TECHNICIAN, 0, NO_END))
          .to.be.revertedWithCustomError(manager, "AccessControlUnauthorizedAccount")
          .withArgs(account.address, await manager.DEFAULT_ADMIN_ROLE());
      }
    });
  });

  describe("grantKeyFor", () => {
    it("administrator, gateway's key for one passport, grants there and keeps its bytes", async () => {
      const { manager, passport, signer } = await loadFixture(deployed);
      const attester = attesterOf(signer);
      expect(await manager.grantKeyFor.staticCall(passport, signer, GATEWAY, 0, NO_END)).to.equal(attester);
      const granting = await manager.grantKeyFor(passport, signer, GATEWAY, 0, NO_END);
      await expect(granting).to.emit(manager, "KeyGranted").withArgs(attester, signer);
      await expect(granting)
        .to.emit(manager, "Granted")
        .withArgs(attester, await passport.getAddress(), await manager.getAddress(), GATEWAY, 0, NO_END);
      expect(await manager.rolesOf(passport, attester)).to.equal(GATEWAY);
    });

    it("owner, key of his own gateway, grants in his name", async () => {
      const { accounts, manager, passport, signer } = await loadFixture(deployed);
      await expect(manager.connect(accounts.owner).grantKeyFor(passport, signer, GATEWAY, 0, NO_END))
        .to.emit(manager, "Granted")
        .withArgs(attesterOf(signer), await passport.getAddress(), accounts.owner.address, GATEWAY, 0, NO_END);
      expect(await manager.rolesOf(passport, attesterOf(signer))).to.equal(GATEWAY);
    });

    it("owner, verifier that is not on the list, is refused", async () => {
      const { accounts, manager, passport, registry } = await loadFixture(deployed);
      const verifier = await registry.getAddress();
      await expect(
        manager.connect(accounts.owner).grantKeyFor(passport, ethers.concat([verifier, KEY]), GATEWAY, 0, NO_END),
      )
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerVerifierNotAccepted")
        .withArgs(verifier);
    });

    it("neither administrator nor owner, is refused", async () => {
      const { accounts, manager, passport, signer } = await loadFixture(deployed);
      await expect(manager.connect(accounts.stranger).grantKeyFor(passport, signer, GATEWAY, 0, NO_END))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerNotAdministratorNorOwner")
        .withArgs(accounts.stranger.address, await passport.getAddress());
    });
  });

  describe("setVerifier", () => {
    it("taken off the list, takes no new keys; those granted before keep their roles", async () => {
      const { manager, passport, signer, verifier } = await loadFixture(deployed);
      await manager.grantKey(signer, TECHNICIAN, 0, NO_END);
      await expect(manager.setVerifier(verifier, false)).to.emit(manager, "VerifierChanged").withArgs(verifier, false);
      expect(await manager.isVerifierAccepted(verifier)).to.equal(false);
      await expect(manager.grantKey(signer, TECHNICIAN, 0, NO_END))
        .to.be.revertedWithCustomError(manager, "ManufacturerManagerVerifierNotAccepted")
        .withArgs(verifier);
      expect(await manager.rolesOf(passport, attesterOf(signer))).to.equal(TECHNICIAN);
    });

    it("put on the list, takes keys", async () => {
      const { manager, registry } = await loadFixture(deployed);
      const verifier = await registry.getAddress();
      await expect(manager.setVerifier(verifier, true)).to.emit(manager, "VerifierChanged").withArgs(verifier, true);
      expect(await manager.isVerifierAccepted(verifier)).to.equal(true);
      await manager.grantKey(ethers.concat([verifier, KEY]), TECHNICIAN, 0, NO_END);
    });

    it("address without code, is refused, precompiles too; taking it off never is", async () => {
      const { accounts, manager } = await loadFixture(deployed);
      for (const verifier of [accounts.stranger.address, ethers.ZeroAddress, ethers.toBeHex(4, 20)]) {
        await expect(manager.setVerifier(verifier, true))
          .to.be.revertedWithCustomError(manager, "ManufacturerManagerVerifierWithoutCode")
          .withArgs(verifier);
        await manager.setVerifier(verifier, false);
      }
    });

    it("anybody but the administrator, is refused", async () => {
      const { accounts, manager, verifier } = await loadFixture(deployed);
      for (const account of [accounts.guardian, accounts.manufacturer]) {
        await expect(manager.connect(account).setVerifier(verifier, false))
          .to.be.revertedWithCustomError(manager, "AccessControlUnauthorizedAccount")
          .withArgs(account.address, await manager.DEFAULT_ADMIN_ROLE());
      }
    });
  });
});

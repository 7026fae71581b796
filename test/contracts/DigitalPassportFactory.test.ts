import { expect } from "chai";
import { concat, getAddress, getCreate2Address, keccak256, toUtf8Bytes, ZeroAddress, ZeroHash } from "ethers";
import { documentOf, nameOf } from "../support/contract-values.js";
import { issuePassport, productIdOf, type Suite, WEG_NAMESPACE } from "../support/deploy-suite.js";
import { connection, loadPassport, loadSuite, snapshotOf } from "./behaviours/deployed-suite.js";

const { ethers } = connection;
const document = documentOf("nameplate");
const PRODUCT_ID = productIdOf(999_999);

interface CloneOptions {
  readonly implementation: string;
  readonly manager: string;
  readonly productId: string;
}

/** Code of a passport: EIP-1167, then its immutable arguments. */
const cloneCodeOf = ({ implementation, manager, productId }: CloneOptions): string =>
  concat([
    "0x363d3d373d3d3d363d73",
    implementation,
    "0x5af43d82803e903d91602b57fd5bf3",
    manager,
    toUtf8Bytes(productId),
  ]);

/** Code that deploys a passport: it copies what stands behind its own ten bytes. */
const cloneInitCodeOf = (options: CloneOptions): string => {
  const code = cloneCodeOf(options);
  const length = ((code.length - 2) / 2).toString(16).padStart(4, "0");
  return concat([`0x61${length}3d81600a3d39f3`, code]);
};

/** What a verifier recomputes without asking anybody. */
const recomputeAddress = (factory: string, options: CloneOptions): string =>
  getCreate2Address(factory, ZeroHash, keccak256(cloneInitCodeOf(options)));

const optionsOf = async ({ implementation, manager }: Suite, productId: string): Promise<CloneOptions> => ({
  implementation: await implementation.getAddress(),
  manager: await manager.getAddress(),
  productId,
});

/** A manager that is admitted beside WEG's, and does what the test tells it to. */
const withSecondManager = async () => {
  const suite = await loadSuite();
  const manager = await ethers.deployContract("HostileContract");
  const createBySecond = (productId: string, owner: string, of = document) =>
    manager.execute(
      suite.factory,
      suite.factory.interface.encodeFunctionData("createPassport", [productId, owner, of]),
    );
  return { ...suite, suite, second: manager, createBySecond };
};
const load = snapshotOf(withSecondManager);

describe("DigitalPassportFactory: addresses and code", () => {
  for (const [name, productId] of [
    ["usual productId", PRODUCT_ID],
    ["shortest productId", `${WEG_NAMESPACE}1`],
    ["productId of 256 bytes", WEG_NAMESPACE.padEnd(256, "x")],
  ] as const) {
    it(`createPassport, ${name}, deploys at the predicted address exactly the clone's code`, async () => {
      const suite = await loadSuite();
      const { factory, manager, registry } = suite;
      const options = await optionsOf(suite, productId);
      const predicted = await factory.predictPassport(manager, productId);
      expect(predicted).to.equal(recomputeAddress(await factory.getAddress(), options));
      expect(await ethers.provider.getCode(predicted)).to.equal("0x");
      expect(await registry.passportOfProduct(productId)).to.equal(ZeroAddress);

      const passport = await issuePassport(suite, { productId });
      expect(await passport.getAddress()).to.equal(predicted);
      expect(await factory.predictPassport(manager, productId), "afterwards").to.equal(predicted);
      expect(await ethers.provider.getCode(predicted)).to.equal(cloneCodeOf(options));
      expect(await passport.productId()).to.equal(productId);
      expect(await passport.manager()).to.equal(options.manager);
      expect(await passport.productKey()).to.equal(keccak256(toUtf8Bytes(productId)));
    });
  }

  it("predictPassport, another manager or product, is another address", async () => {
    const { accounts, factory, manager } = await loadSuite();
    const addresses = await Promise.all([
      factory.predictPassport(manager, PRODUCT_ID),
      factory.predictPassport(manager, productIdOf(999_998)),
      factory.predictPassport(manager, `${PRODUCT_ID}0`),
      factory.predictPassport(accounts.stranger, PRODUCT_ID),
    ]);
    expect(new Set(addresses).size).to.equal(addresses.length);
  });

  it("implementation, of a listed factory, has the code that the registry wrote down", async () => {
    const { factory, implementation, registry } = await loadSuite();
    expect(await factory.registry()).to.equal(await registry.getAddress());
    expect(await implementation.factory()).to.equal(await factory.getAddress());
    expect(await registry.implementationCodeHashOf(factory)).to.equal(
      keccak256(await ethers.provider.getCode(implementation)),
    );
  });

  it("implementation, of a clone and of itself, names the factory", async () => {
    const { factory, passport } = await loadPassport();
    expect(await passport.factory()).to.equal(await factory.getAddress());
  });
});

describe("DigitalPassportFactory: creating", () => {
  it("createPassport, by an admitted manager, registers, issues and returns the passport", async () => {
    const { accounts, createBySecond, factory, registry, second } = await load();
    await registry.admitManufacturer("https://second.example/", second);
    const productId = "https://second.example/1";
    const predicted = await factory.predictPassport(second, productId);
    const creating = createBySecond(productId, accounts.owner.address);
    await expect(creating)
      .to.emit(registry, "PassportRegistered")
      .withArgs(keccak256(toUtf8Bytes(productId)), predicted, await second.getAddress(), productId);
    const passport = await ethers.getContractAt("DigitalPassport", predicted);
    await expect(creating).to.emit(passport, "Attested");
    expect(await registry.passportOfProduct(productId)).to.equal(predicted);
    expect(await passport.owner()).to.equal(accounts.owner.address);
  });

  it("createPassport, by whom nobody admitted, is refused", async () => {
    const { accounts, createBySecond, factory, registry, second } = await load();
    await expect(factory.connect(accounts.stranger).createPassport(PRODUCT_ID, accounts.owner, document))
      .to.be.revertedWithCustomError(registry, "PassportRegistryManagerNotAdmitted")
      .withArgs(accounts.stranger.address);
    await expect(createBySecond(PRODUCT_ID, accounts.owner.address))
      .to.be.revertedWithCustomError(registry, "PassportRegistryManagerNotAdmitted")
      .withArgs(await second.getAddress());
  });

  it("createPassport, by a factory that is not listed, is refused", async () => {
    const { accounts, manager, registry } = await loadSuite();
    const unlisted = await ethers.deployContract("DigitalPassportFactory", [registry]);
    await connection.networkHelpers.impersonateAccount(await manager.getAddress());
    await connection.networkHelpers.setBalance(await manager.getAddress(), 10n ** 18n);
    const managersSigner = await ethers.getSigner(await manager.getAddress());
    await expect(unlisted.connect(managersSigner).createPassport(PRODUCT_ID, accounts.owner, document))
      .to.be.revertedWithCustomError(registry, "PassportRegistryFactoryNotListed")
      .withArgs(await unlisted.getAddress());
  });

  it("createPassport, in the namespace of another manufacturer, is refused", async () => {
    const { accounts, createBySecond, registry, second } = await load();
    await registry.admitManufacturer("https://second.example/", second);
    await expect(createBySecond(PRODUCT_ID, accounts.owner.address))
      .to.be.revertedWithCustomError(registry, "PassportRegistryNamespaceForeign")
      .withArgs(PRODUCT_ID, await second.getAddress());
  });

  it("createPassport, a product that has a passport, is refused even when it is retired", async () => {
    const { accounts, manager, registry, suite } = await load();
    const passport = await issuePassport(suite, { productId: PRODUCT_ID });
    await passport.connect(accounts.owner).attest(nameOf("DECOMMISSIONED"), documentOf("end"));
    await expect(manager.connect(accounts.issuer).issue(PRODUCT_ID, accounts.owner, document))
      .to.be.revertedWithCustomError(registry, "PassportRegistryProductRegistered")
      .withArgs(PRODUCT_ID, await passport.getAddress());
  });

  it("createPassport, by another manager of the same manufacturer, has new products only", async () => {
    const { accounts, createBySecond, manager, registry, second, suite } = await load();
    const { manufacturerId } = await registry.admissionOf(manager);
    await registry.admitManager(manufacturerId, second);
    const passport = await issuePassport(suite, { productId: PRODUCT_ID });
    await expect(createBySecond(PRODUCT_ID, accounts.owner.address))
      .to.be.revertedWithCustomError(registry, "PassportRegistryProductRegistered")
      .withArgs(PRODUCT_ID, await passport.getAddress());
    await expect(createBySecond(`${PRODUCT_ID}0`, accounts.owner.address)).to.emit(registry, "PassportRegistered");
  });

  it("createPassport, by another listed factory, does not issue a product again", async () => {
    const { accounts, manager, registry, suite } = await load();
    const passport = await issuePassport(suite, { productId: PRODUCT_ID });
    const next = await ethers.deployContract("DigitalPassportFactory", [registry]);
    await registry.listFactory(next);
    await manager.setFactory(next);
    await expect(manager.connect(accounts.issuer).issue(PRODUCT_ID, accounts.owner, document))
      .to.be.revertedWithCustomError(registry, "PassportRegistryProductRegistered")
      .withArgs(PRODUCT_ID, await passport.getAddress());
    await manager.connect(accounts.issuer).issue(`${PRODUCT_ID}0`, accounts.owner, document);
    const issued = await ethers.getContractAt("DigitalPassport", await registry.passportOfProduct(`${PRODUCT_ID}0`));
    expect(await issued.factory()).to.equal(await next.getAddress());
  });

  it("createPassport, to nobody or without a document, is refused and registers nothing", async () => {
    const { accounts, implementation, manager, registry } = await loadSuite();
    const issuing = manager.connect(accounts.issuer);
    await expect(issuing.issue(PRODUCT_ID, ZeroAddress, document)).to.be.revertedWithCustomError(
      implementation,
      "DigitalPassportAddressZero",
    );
    await expect(issuing.issue(PRODUCT_ID, accounts.owner, ZeroHash)).to.be.revertedWithCustomError(
      implementation,
      "DigitalPassportDocumentZero",
    );
    expect(await registry.passportOfProduct(PRODUCT_ID)).to.equal(ZeroAddress);
    await expect(issuing.issue(PRODUCT_ID, accounts.owner, document)).to.emit(registry, "PassportRegistered");
  });
});

describe("DigitalPassportFactory: imitations", () => {
  it("clone, deployed by anybody else, is at another address, is not registered and cannot be issued", async () => {
    const suite = await loadSuite();
    const { accounts, factory, registry } = suite;
    const options = await optionsOf(suite, PRODUCT_ID);
    const deployment = await accounts.stranger.sendTransaction({ data: cloneInitCodeOf(options) });
    const address = (await deployment.wait())?.contractAddress;
    if (address == null) throw new Error("The imitation was not deployed.");
    const imitation = await ethers.getContractAt("DigitalPassport", getAddress(address));

    expect(await ethers.provider.getCode(imitation)).to.equal(cloneCodeOf(options));
    expect(await imitation.getAddress()).not.to.equal(recomputeAddress(await factory.getAddress(), options));
    expect(await imitation.productId()).to.equal(PRODUCT_ID);
    expect(await registry.isPassport(imitation)).to.equal(false);
    for (const caller of [accounts.stranger, accounts.admin, accounts.issuer]) {
      await expect(imitation.connect(caller).issue(caller, document))
        .to.be.revertedWithCustomError(imitation, "DigitalPassportIssuingRefused")
        .withArgs(caller.address);
    }
    await issuePassport(suite, { productId: PRODUCT_ID });
    expect(await registry.isPassport(imitation), "beside the genuine one").to.equal(false);
  });
});

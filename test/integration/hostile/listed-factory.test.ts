import { expect } from "chai";
import { documentOf } from "../../support/contract-values.js";
import { issuePassport, WEG_NAMESPACE } from "../../support/deploy-suite.js";
import { openVerificationBench } from "../../support/verification-bench.js";

const { connection, rpc, suite, motor, address, verify } = await openVerificationBench();
const { ethers, networkHelpers } = connection;
const { accounts, implementation, manager, registry } = suite;
const document = documentOf("whatever the factory wants");

/** A factory that has been listed and answers what the registry wants to hear. */
const load = async () => {
  const hostile = await ethers.deployContract("HostileContract");
  await hostile.answerWith(ethers.zeroPadValue(await registry.getAddress(), 32));
  await registry.listFactory(hostile);
  const register = async (passport: string, productId: string, of = manager) =>
    hostile.execute(
      registry,
      registry.interface.encodeFunctionData("registerPassport", [passport, await of.getAddress(), productId]),
    );
  return { hostile, register };
};

let snapshot = await networkHelpers.takeSnapshot();
beforeEach(async () => {
  await snapshot.restore();
  snapshot = await networkHelpers.takeSnapshot();
});
after(() => rpc.close());

describe("A hostile listed factory cannot", () => {
  it("reassign a product that has a passport", async () => {
    const { register } = await load();
    await expect(register(accounts.stranger.address, motor.productId)).to.be.revertedWithCustomError(
      registry,
      "PassportRegistryProductRegistered",
    );
    expect(await registry.passportOfProduct(motor.productId)).to.equal(address);
  });

  it("touch a passport of another factory, nor issue it again", async () => {
    const { hostile } = await load();
    const { interface: abi } = implementation;
    const attempt = hostile.execute(address, abi.encodeFunctionData("issue", [accounts.stranger.address, document]));
    await expect(attempt).to.be.revertedWithCustomError(implementation, "DigitalPassportIssuingRefused");
    expect((await verify()).status).to.equal("valid");
  });

  it("register for a manager that is not admitted or is suspended, or outside his namespace", async () => {
    const { hostile, register } = await load();
    const attempt = (productId: string, of = manager) =>
      expect(register(accounts.stranger.address, productId, of)).to.be;
    // Safety: only its address is used.
    const foreign = hostile as unknown as typeof manager;
    await attempt(`${WEG_NAMESPACE}x`, foreign).revertedWithCustomError(registry, "PassportRegistryManagerNotAdmitted");
    await attempt("https://other.example/x").revertedWithCustomError(registry, "PassportRegistryNamespaceForeign");
    await registry.connect(accounts.guardian).suspendIssuing(manager);
    await attempt(`${WEG_NAMESPACE}x`).revertedWithCustomError(registry, "PassportRegistryIssuingSuspended");
  });

  it("pass foreign code or a foreign implementation off as a passport to a verifier", async () => {
    const { hostile, register } = await load();
    const productIds = ["foreign", "clone"].map((name) => `${WEG_NAMESPACE}01/09521234567899/21/${name}`);
    const [foreign = "", cloned = ""] = productIds;
    await register(await hostile.getAddress(), foreign);
    // A clone of WEG's own implementation, with the right arguments, but not where a listed factory deploys it.
    const behind = ethers.concat([await manager.getAddress(), ethers.toUtf8Bytes(cloned)]);
    const clone = ethers.Wallet.createRandom().address;
    const code = await ethers.provider.getCode(address);
    await networkHelpers.setCode(clone, ethers.concat([ethers.dataSlice(code, 0, 45), behind]));
    await register(clone, cloned);
    for (const productId of productIds) {
      const report = await verify({ passport: productId });
      expect(report.verdicts.registration.status, productId).to.equal("invalid");
      expect(report.status, productId).to.equal("invalid");
    }
  });

  it("deceive a verifier who pins the hash of the implementation's code", async () => {
    const forged = await ethers.deployContract("DigitalPassportFactory", [await registry.getAddress()]);
    await registry.listFactory(forged);
    await manager.setFactory(forged);
    const passport = await issuePassport({ ...suite, factory: forged });
    const genuine = ethers.keccak256((await implementation.getDeployedCode()) ?? "0x");
    const pinned = await verify({ passport: await passport.getAddress(), implementationCodeHash: genuine });
    expect(pinned.verdicts.registration.code).to.equal("registration.implementation-foreign");
  });
});

describe("A hostile listed factory can", () => {
  it("register any address for a new product in the name of any manufacturer, and so use the identifier up", async () => {
    const { register } = await load();
    const productId = `${WEG_NAMESPACE}01/09521234567899/21/used-up`;
    await register(accounts.stranger.address, productId);
    expect(await registry.passportOfProduct(productId)).to.equal(accounts.stranger.address);
    await expect(issuePassport(suite, { productId })).to.be.revertedWithCustomError(
      registry,
      "PassportRegistryProductRegistered",
    );
  });
});

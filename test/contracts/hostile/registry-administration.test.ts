import { expect } from "chai";
import { documentOf, nameOf } from "../../support/contract-values.js";
import { connection, inAnHour, now, snapshotOf } from "../behaviours/deployed-suite.js";
import { expectRefusals } from "../behaviours/expect-refusals.js";
import { loadTwoBrands } from "../behaviours/two-brands.js";

const { ethers, networkHelpers } = connection;
const document = documentOf("whatever the registry's administration wants");

/** Who deployed the registry and holds all of its roles; and a stranger's manager. */
const load = snapshotOf(async () => {
  const scene = await loadTwoBrands();
  const strangers = await ethers.deployContract("HostileContract");
  return { ...scene, strangers, address: scene.accounts.admin.address };
});

describe("A hostile administration of the registry cannot", () => {
  it("touch a passport: there is no function that would", async () => {
    const { accounts, bicycle, bicycles, factory, registry } = await load();
    const until = await inAnHour();
    await expectRefusals(bicycle, [
      [bicycle, "DigitalPassportIssuingRefused", () => bicycle.issue(accounts.admin, document)],
      [bicycle, "DigitalPassportNotOwner", () => bicycle.lock(accounts.admin, until, document)],
      [bicycle, "DigitalPassportNotOwner", () => bicycle.offerOwnership(accounts.admin, document, until)],
      [bicycles, "ManufacturerManagerEventTypeUnknown", () => bicycle.attest(nameOf("SEIZED"), document)],
    ]);
    const writing = [registry, factory].flatMap(({ interface: { fragments } }) =>
      fragments
        .filter(ethers.FunctionFragment.isFunction)
        .filter(({ constant }) => !constant)
        .map(({ name }) => name),
    );
    expect(writing).to.include.members(["admitManufacturer", "registerPassport", "createPassport"]);
    expect(
      writing.filter((name) => /unregister|remove|delist|replace|upgrade|migrate|setPassport/i.test(name)),
    ).to.deep.equal([]);
  });

  it("reassign a product, take a namespace away or a factory off the list", async () => {
    const { bicycles, factory, manager, motor, registry, strangers } = await load();
    const own = await registry.admissionOf(manager);
    await registry.admitManager(own.manufacturerId, strangers);
    const again = factory.interface.encodeFunctionData("createPassport", [
      await motor.productId(),
      await motor.owner(),
      document,
    ]);
    await expectRefusals(motor, [
      [registry, "PassportRegistryProductRegistered", () => strangers.execute(factory, again)],
      [registry, "PassportRegistryManagerAdmitted", () => registry.admitManager(own.manufacturerId, bicycles)],
      [registry, "PassportRegistryFactoryListed", () => registry.listFactory(factory)],
      [
        registry,
        "PassportRegistryFactoryNotListed",
        () => registry.registerPassport(strangers, manager, "https://id.weg.example/1"),
      ],
    ]);
    expect(await registry.implementationCodeHashOf(factory)).not.to.equal(ethers.ZeroHash);
    expect(await registry.admissionOf(manager)).to.deep.equal(own);
  });

  it("issue for a manager, write rules or grant roles in it", async () => {
    const { address, bicycles, motor } = await load();
    const byRegistry = bicycles.connect(motor.runner);
    await expectRefusals(motor, [
      [
        bicycles,
        "ManufacturerManagerLimitExceeded",
        () => byRegistry.issue("https://id.bicycles.example/2", address, document),
      ],
      [bicycles, "AccessControlUnauthorizedAccount", () => byRegistry.grant(address, 1n, 0, 1n)],
    ]);
  });

  it("name its successor without the delay", async () => {
    const { accounts, motor, registry } = await load();
    await registry.beginDefaultAdminTransfer(accounts.stranger);
    const accept = () => registry.connect(accounts.stranger).acceptDefaultAdminTransfer();
    await expectRefusals(motor, [[registry, "AccessControlEnforcedDefaultAdminDelay", accept]]);
    await networkHelpers.time.increaseTo((await now()) + 3n * 24n * 3_600n + 1n);
    await accept();
    expect(await registry.defaultAdmin()).to.equal(accounts.stranger.address);
  });
});

describe("A hostile administration of the registry can", () => {
  it("admit a manager of its own to any manufacturer, which then issues new products in his namespace", async () => {
    const { accounts, factory, manager, registry, strangers } = await load();
    await registry.admitManager((await registry.admissionOf(manager)).manufacturerId, strangers);
    const invented = "https://id.weg.example/01/09521234567899/21/INVENTED";
    const create = factory.interface.encodeFunctionData("createPassport", [invented, accounts.admin.address, document]);
    await strangers.execute(factory, create);
    const passport = await ethers.getContractAt("DigitalPassport", await registry.passportOfProduct(invented));
    expect(await passport.manager()).to.equal(await strangers.getAddress());
  });

  it("suspend the issuing of any manager, by naming a guardian, and leave it so", async () => {
    const { accounts, bicycles, motor, registry } = await load();
    await registry.grantRole(await registry.GUARDIAN_ROLE(), accounts.admin);
    await registry.suspendIssuing(bicycles);
    await expectRefusals(motor, [
      [
        registry,
        "PassportRegistryIssuingSuspended",
        () => bicycles.issue("https://id.bicycles.example/2", accounts.owner, document),
      ],
    ]);
  });
});

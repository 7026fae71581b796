import { expect } from "chai";
import { documentOf, NO_END, nameOf } from "../../support/contract-values.js";
import { WEG_NAMESPACE } from "../../support/deploy-suite.js";
import { connection, snapshotOf } from "../behaviours/deployed-suite.js";
import { expectRefusals } from "../behaviours/expect-refusals.js";
import { loadTwoBrands } from "../behaviours/two-brands.js";

const { ethers } = connection;
const document = documentOf("an imitation");

/** A maker of bicycles, admitted beside WEG, who would like to be WEG. */
const load = snapshotOf(async () => {
  const scene = await loadTwoBrands();
  const { accounts, bicycles, registry } = scene;
  const issue = (productId: string) => () => bicycles.issue(productId, accounts.exporter, document);
  const { interface: identifiers } = await ethers.getContractAt("ProductIdentifiers", ethers.ZeroAddress);
  /** Asks the registry's administration, which admits whom it believes. */
  const admit = (namespace: string) => () => registry.admitManufacturer(namespace, accounts.stranger);
  return { ...scene, issue, admit, identifiers: new ethers.Contract(ethers.ZeroAddress, identifiers) };
});

describe("A hostile neighbour of a namespace cannot", () => {
  it("issue a product in the other's namespace, whatever he writes behind, before or into it", async () => {
    const { issue, motor, namespace, registry } = await load();
    const foreign = "PassportRegistryNamespaceForeign";
    await expectRefusals(
      motor,
      [
        `${WEG_NAMESPACE}fake`,
        WEG_NAMESPACE.toUpperCase(),
        `https://id.weg.example@id.bicycles.example/1`,
        `http://id.bicycles.example/1`,
        namespace.slice(0, -1),
      ].map((productId) => [registry, foreign, issue(productId)]),
    );
  });

  it("be admitted beneath, above or in the place of the other's namespace", async () => {
    const { admit, motor, registry } = await load();
    await expectRefusals(
      motor,
      [WEG_NAMESPACE, `${WEG_NAMESPACE}motors/`, `${WEG_NAMESPACE}a/b/`].map((namespace) => [
        registry,
        "PassportRegistryNamespaceTaken",
        admit(namespace),
      ]),
    );
  });

  it("be admitted with a namespace that browsers would take for the other's", async () => {
    const { admit, identifiers, motor } = await load();
    await expectRefusals(
      motor,
      [
        "https://ID.WEG.EXAMPLE/",
        "https://id.weg.example:443/",
        "https://weg@id.weg.example/",
        "https://id.weg.example/./",
        "https://id.bicycles.example/../",
        "https://id%2eweg.example/",
        "https://id.weg.example\\x/",
        "https://id.wég.example/",
      ].map((namespace) => [identifiers, "NamespaceInvalid", admit(namespace)]),
    );
  });

  it("take over a product of the other's, not even a retired one of a suspended manager", async () => {
    const { accounts, issue, manager, motor, registry } = await load();
    await motor.connect(accounts.owner).attest(nameOf("DECOMMISSIONED"), document);
    await registry.connect(accounts.guardian).suspendIssuing(manager);
    await expectRefusals(motor, [[registry, "PassportRegistryNamespaceForeign", issue(await motor.productId())]]);
    expect(await registry.passportOfProduct(await motor.productId())).to.equal(await motor.getAddress());
  });

  it("write on the other's passports or grant roles for them, with every role of his own", async () => {
    const { accounts, bicycles, manager, motor } = await load();
    await bicycles.grant(accounts.exporter, 3n, 0, NO_END);
    const byNeighbour = motor.connect(accounts.exporter);
    await expectRefusals(motor, [
      [manager, "ManufacturerManagerRoleMissing", () => byNeighbour.attest(nameOf("MAINTAINED"), document)],
      [manager, "ManufacturerManagerEventTypeUnknown", () => byNeighbour.attest(nameOf("TUNED"), document)],
      [
        bicycles,
        "ManufacturerManagerPassportForeign",
        () => bicycles.grantFor(motor, accounts.exporter, 3n, 0, NO_END),
      ],
    ]);
  });

  it("stop the other's attesters by revoking or pausing", async () => {
    const { accounts, bicycles, motor } = await load();
    await bicycles.revoke(accounts.technician);
    await motor.connect(accounts.technician).attest(nameOf("MAINTAINED"), document);
    expect(await motor.entryCount()).to.equal(2n);
  });
});

describe("A hostile neighbour of a namespace can", () => {
  it("be admitted under a name that only looks like the other's: telling them apart is the registry's business", async () => {
    const { bicycles, registry } = await load();
    for (const [index, namespace] of [
      "https://id.weg.example.evil/",
      "https://id.weg-example/",
      "https://id.vveg.example/",
      "https://idweg.example/",
    ].entries()) {
      const manager = await ethers.deployContract("HostileContract");
      await registry.admitManufacturer(namespace, manager);
      expect(await registry.namespaceOf(3 + index)).to.equal(namespace);
    }
    expect((await registry.admissionOf(bicycles)).manufacturerId).to.equal(2n);
  });
});

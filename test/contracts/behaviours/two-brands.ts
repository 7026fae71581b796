import { documentOf, NO_END } from "../../support/contract-values.js";
import { issuePassport } from "../../support/deploy-suite.js";
import { connection, loadSuite, snapshotOf } from "./deployed-suite.js";

const NAMESPACE = "https://id.bicycles.example/";

/**
 * Two brands in one registry: WEG with a motor, and a maker of bicycles with a bicycle, both of the account `owner`. The
 * bicycles' administrator is the account `exporter`, who issues as well, and their guardian the account `recycler`.
 */
export const loadTwoBrands = snapshotOf(async () => {
  const suite = await loadSuite();
  const { accounts, factory, registry } = suite;
  const setup = {
    registry: await registry.getAddress(),
    factory: await factory.getAddress(),
    admin: accounts.exporter.address,
    guardian: accounts.recycler.address,
    adminDelay: 0,
  };
  const deployed = await connection.ethers.deployContract("SecondBrandManager", [setup]);
  await registry.admitManufacturer(NAMESPACE, deployed);
  const bicycles = deployed.connect(accounts.exporter);
  await bicycles.setIssuingCap(10);
  await bicycles.setIssuingLimit(accounts.exporter, 10, NO_END);
  const productId = `${NAMESPACE}01/09521234567882/21/000001`;
  await bicycles.issue(productId, accounts.owner, documentOf("bicycle"));
  const bicycle = await connection.ethers.getContractAt("DigitalPassport", await registry.passportOfProduct(productId));
  return { ...suite, suite, bicycles, bicycle, motor: await issuePassport(suite), namespace: NAMESPACE };
});

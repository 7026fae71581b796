import { expect } from "chai";
import { documentOf, NO_END, nameOf } from "../../support/contract-values.js";
import { productIdOf } from "../../support/deploy-suite.js";
import { connection, loadPassport, ROLES, snapshotOf } from "../behaviours/deployed-suite.js";
import { expectRefusals } from "../behaviours/expect-refusals.js";

const { time } = connection.networkHelpers;
const document = documentOf("an invented product");
const BUCKET = 10;

/** An issuer with a bucket of ten, beside a passport that exists. */
const load = snapshotOf(async () => {
  const scene = await loadPassport();
  const { accounts, manager, passport } = scene;
  await manager.setIssuingLimit(accounts.issuer, BUCKET, NO_END);
  await time.increase(3_600);
  const byIssuer = manager.connect(accounts.issuer);
  const issue = (count: number, from: number) =>
    byIssuer.issueMany(
      Array.from({ length: count }, (_, index) => ({
        productId: productIdOf(800_000 + from + index),
        owner: accounts.issuer.address,
        document,
      })),
    );
  return { ...scene, byIssuer, issue, byIssuersPassport: passport.connect(accounts.issuer) };
});

describe("A hostile issuer cannot", () => {
  it("issue more than his bucket at once and its refill after it", async () => {
    const { issue, manager, passport } = await load();
    await issue(BUCKET, 0);
    await expectRefusals(passport, [[manager, "ManufacturerManagerLimitExceeded", () => issue(1, BUCKET)]]);
    await time.increase(1_800);
    await issue(BUCKET / 2, BUCKET);
    await expectRefusals(passport, [[manager, "ManufacturerManagerLimitExceeded", () => issue(1, 2 * BUCKET)]]);
  });

  it("issue a product twice, or outside the manufacturer's namespace", async () => {
    const { accounts, byIssuer, passport, registry } = await load();
    const issueAs = (productId: string) => () => byIssuer.issue(productId, accounts.issuer, document);
    await expectRefusals(passport, [
      [registry, "PassportRegistryProductRegistered", issueAs(await passport.productId())],
      [registry, "PassportRegistryNamespaceForeign", issueAs("https://id.weg.example.evil/1")],
    ]);
  });

  it("write on a passport, also on one that he has issued", async () => {
    const { byIssuersPassport, manager, passport } = await load();
    await expectRefusals(passport, [
      [
        passport,
        "DigitalPassportIssuingRefused",
        async () => byIssuersPassport.issue(await passport.owner(), document),
      ],
      [manager, "ManufacturerManagerRoleMissing", () => byIssuersPassport.attest(nameOf("QUALITY_TESTED"), document)],
    ]);
  });

  it("raise his limit or grant himself a role", async () => {
    const { accounts, byIssuer, manager, passport } = await load();
    await expectRefusals(passport, [
      [manager, "AccessControlUnauthorizedAccount", () => byIssuer.setIssuingLimit(accounts.issuer, 1_000, NO_END)],
      [manager, "AccessControlUnauthorizedAccount", () => byIssuer.setIssuingCap(1_000)],
      [manager, "AccessControlUnauthorizedAccount", () => byIssuer.grant(accounts.issuer, ROLES.CERTIFIER, 0, NO_END)],
    ]);
  });

  it("go on once his limit is taken away or the registry suspends the manager", async () => {
    const { accounts, issue, manager, passport, registry } = await load();
    await registry.connect(accounts.guardian).suspendIssuing(manager);
    await expectRefusals(passport, [[registry, "PassportRegistryIssuingSuspended", () => issue(1, 0)]]);
    await registry.resumeIssuing(manager);
    await manager.setIssuingLimit(accounts.issuer, 0, 0);
    await expectRefusals(passport, [[manager, "ManufacturerManagerLimitExceeded", () => issue(1, 0)]]);
  });
});

describe("A hostile issuer can", () => {
  it("issue products that do not exist, and own them; the call names him", async () => {
    const { accounts, issue, manager, registry } = await load();
    await expect(issue(BUCKET, 0)).to.emit(manager, "PassportsIssued").withArgs(accounts.issuer.address, BUCKET);
    const passport = await registry.passportOfProduct(productIdOf(800_000));
    const invented = await connection.ethers.getContractAt("DigitalPassport", passport);
    expect(await invented.owner()).to.equal(accounts.issuer.address);
  });

  it("use up an identifier for ever, before its product is made", async () => {
    const { accounts, issue, manager, passport, registry } = await load();
    await issue(1, 0);
    await manager.setIssuingLimit(accounts.manufacturer, 1, NO_END);
    const byAnother = manager.connect(accounts.manufacturer);
    const again = () => byAnother.issue(productIdOf(800_000), accounts.owner, document);
    await expectRefusals(passport, [[registry, "PassportRegistryProductRegistered", again]]);
  });
});

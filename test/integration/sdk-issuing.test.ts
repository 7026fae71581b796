import { expect } from "chai";
import { sha256 } from "ethers";
import { network } from "hardhat";
import { MAXIMUM_ISSUANCES } from "../../sdk/src/index.js";
import { NO_END } from "../support/contract-values.js";
import { deploySuite, productIdOf } from "../support/deploy-suite.js";
import { refusalOf, SAMPLE_MOTOR, sdkOn } from "../support/sdk-clients.js";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;

const deployed = async () => sdkOn(await deploySuite(connection));

const motor = (serial: number, owner: string) => ({ productId: productIdOf(serial), owner, document: SAMPLE_MOTOR });

describe("issuePassport", () => {
  it("a good product: passport, first entry and stored document, as the prepared transaction promised", async () => {
    const { suite, store, clientOf } = await loadFixture(deployed);
    const { issuer, owner } = suite.accounts;
    const productId = productIdOf(1);
    const manager = await suite.manager.getAddress();
    const prepared = await clientOf(issuer).issuePassport(motor(1, owner.address));
    expect(prepared.call).to.include({ to: manager, valueWei: 0n });

    const { gas, gasLimit, costWei, maximumCostWei, maxFeePerGasWei } = await prepared.estimate();
    expect(gasLimit).to.equal((gas * 12n) / 10n);
    expect(maximumCostWei).to.equal(gasLimit * maxFeePerGasWei);
    expect(maximumCostWei > costWei && costWei > 0n).to.equal(true);

    const sent = await prepared.send();
    const { passport, entry } = sent.result;
    expect(passport).to.equal(await suite.factory.predictPassport(manager, productId));
    expect(passport).to.equal(await suite.registry.passportOfProduct(productId));
    expect(entry).to.include({ sequence: 1n, attester: manager, owner: owner.address, condition: 1n });
    expect(sha256(await store.get(entry.document))).to.equal(entry.document);
    expect(sent.gasUsed <= gas).to.equal(true);
    expect(sent.gasUsedForL1).to.equal(undefined);
    const receipt = await connection.ethers.provider.getTransactionReceipt(sent.transactionHash);
    expect(receipt).to.include({ gasUsed: sent.gasUsed, fee: sent.costWei, blockNumber: Number(sent.blockNumber) });
    const transaction = await connection.ethers.provider.getTransaction(sent.transactionHash);
    expect(transaction).to.include({ type: 2, maxPriorityFeePerGas: 0n });
  });

  it("the issued passport: the verifier finds nothing against it", async () => {
    const { suite, clientOf, issueMotor } = await loadFixture(deployed);
    const { productId } = await issueMotor();
    const report = await clientOf().verifyPassport({ passport: productId });
    expect(report.verdicts.registration.status).to.equal("valid");
    expect(report.verdicts.documents.status).to.equal("valid");
    expect(report.verdicts.history.status).to.equal("valid");
    expect(await clientOf().findPassport({ productId })).to.equal(await suite.registry.passportOfProduct(productId));
  });

  const namespace = "https://id.weg.example";
  for (const [circumstance, productId, code] of [
    [
      "a foreign namespace",
      "https://id.weg.example.evil.example/01/09521234567899/21/1",
      "identifier.foreign-namespace",
    ],
    ["an identifier that is not normalised", `${namespace}:443/01/09521234567899/21/1`, "identifier.not-normalised"],
    ["a wrong check digit", `${namespace}/01/09521234567890/21/1`, "identifier.check-digit"],
    ["no URL", "W22-000001", "identifier.invalid"],
  ] as const) {
    it(`${circumstance}: ${code}, before anything is stored`, async () => {
      const { suite, store, clientOf } = await loadFixture(deployed);
      const { issuer, owner } = suite.accounts;
      const item = { productId, owner: owner.address, document: SAMPLE_MOTOR };
      const before = await Array.fromAsync(store.list());
      expect((await refusalOf(clientOf(issuer).issuePassport(item))).code).to.equal(code);
      expect(await Array.fromAsync(store.list())).to.deep.equal(before);
    });
  }

  it("a product that has a passport: refused here with the code of the contract, naming the passport", async () => {
    const { suite, clientOf, issueMotor } = await loadFixture(deployed);
    const { passport, productId } = await issueMotor();
    const { issuer, owner } = suite.accounts;
    const item = { productId, owner: owner.address, document: SAMPLE_MOTOR };
    const error = await refusalOf(clientOf(issuer).issuePassport(item));
    expect(error.code).to.equal("contract.passport-registry-product-registered");
    expect(error.details).to.include({ productId, passport });
  });

  it("two clients that prepare the same product: the second one's sending is refused by the contract", async () => {
    const { suite, clientOf } = await loadFixture(deployed);
    const { issuer, owner } = suite.accounts;
    const first = await clientOf(issuer).issuePassport(motor(1, owner.address));
    const second = await clientOf(issuer).issuePassport(motor(1, owner.address));
    await first.send();
    expect((await refusalOf(second.send())).code).to.equal("contract.passport-registry-product-registered");
  });

  it("an account that may not issue: refused with its limit in words", async () => {
    const { suite, clientOf } = await loadFixture(deployed);
    const { stranger, owner } = suite.accounts;
    const prepared = await clientOf(stranger).issuePassport(motor(1, owner.address));
    const error = await refusalOf(prepared.send());
    expect(error.code).to.equal("contract.manufacturer-manager-limit-exceeded");
    expect(error.message).to.include(`${stranger.address} may issue 0 more passports at this time, not 1`);
  });

  it("a document without what the schema demands: document.schema, naming the field", async () => {
    const { suite, clientOf } = await loadFixture(deployed);
    const { issuer, owner } = suite.accounts;
    const document = { data: { ...SAMPLE_MOTOR.data, plant: {} } };
    // @ts-expect-error the plant has no name
    const error = await refusalOf(clientOf(issuer).issuePassport({ ...motor(1, owner.address), document }));
    expect(error.code).to.equal("document.schema");
    expect(error.message).to.include("data.plant.name");
  });

  it("a client without a manager, or of one that is not admitted: refused, naming it", async () => {
    const { suite, clientOf } = await loadFixture(deployed);
    const { issuer, owner } = suite.accounts;
    const item = motor(1, owner.address);
    const without = await refusalOf(clientOf(issuer, { manager: undefined }).issuePassport(item));
    expect(without.code).to.equal("input.invalid");
    expect(without.details["field"]).to.equal("manager");
    const foreign = await refusalOf(clientOf(issuer, { manager: owner.address }).issuePassport(item));
    expect(foreign.code).to.equal("contract.passport-registry-manager-not-admitted");
  });

  it("a client without a signer: prepares the call, which somebody else can send", async () => {
    const { suite, clientOf } = await loadFixture(deployed);
    const { issuer, owner } = suite.accounts;
    const prepared = await clientOf().issuePassport(motor(1, owner.address));
    expect((await refusalOf(prepared.send())).code).to.equal("signer.missing");
    const { to, data } = prepared.call;
    await issuer.sendTransaction({ to, data });
    expect(await suite.registry.passportOfProduct(productIdOf(1))).not.to.match(/^0x0+$/);
  });
});

describe("issuePassports", () => {
  it("several products: one transaction, the passports in the order of the items", async () => {
    const { suite, clientOf } = await loadFixture(deployed);
    const { issuer, owner, buyer } = suite.accounts;
    const items = [motor(3, owner.address), motor(1, buyer.address), motor(2, owner.address)];
    const { result } = await (await clientOf(issuer).issuePassports({ items })).send();
    expect(result.map(({ productId }) => productId)).to.deep.equal(items.map(({ productId }) => productId));
    expect(result.map(({ entry }) => entry.owner)).to.deep.equal([owner, buyer, owner].map(({ address }) => address));
    for (const { productId, passport } of result) {
      expect(await suite.registry.passportOfProduct(productId)).to.equal(passport);
    }
    expect(new Set(result.map(({ entry }) => entry.transactionHash))).to.have.property("size", 1);
  });

  it("one bad item among good ones: issuing.item-refused with its position and cause; nothing is stored", async () => {
    const { suite, store, clientOf } = await loadFixture(deployed);
    const { issuer, owner } = suite.accounts;
    const items = [motor(1, owner.address), { ...motor(2, owner.address), owner: "nobody" }, motor(3, owner.address)];
    const before = await Array.fromAsync(store.list());
    const error = await refusalOf(clientOf(issuer).issuePassports({ items }));
    expect(error.code).to.equal("issuing.item-refused");
    expect(error.message).to.include(`Passport 2 of 3, ${productIdOf(2)}, cannot be issued: owner is not valid`);
    expect(error.details).to.include({ index: 1 });
    expect(await Array.fromAsync(store.list())).to.deep.equal(before);
  });

  it("more than one transaction can hold, or none: input.invalid", async () => {
    const { suite, clientOf } = await loadFixture(deployed);
    const { issuer, owner } = suite.accounts;
    for (const length of [0, MAXIMUM_ISSUANCES + 1]) {
      const items = Array.from({ length }, (_, index) => motor(index, owner.address));
      expect((await refusalOf(clientOf(issuer).issuePassports({ items }))).code).to.equal("input.invalid");
    }
  });

  it("as many as one transaction may hold: within the 8 million gas and 30 kB that Arbitrum leaves room for", async () => {
    const { suite, clientOf } = await loadFixture(deployed);
    const { issuer, owner } = suite.accounts;
    const items = Array.from({ length: MAXIMUM_ISSUANCES }, (_, index) => motor(index, owner.address));
    const prepared = await clientOf(issuer).issuePassports({ items });
    expect((prepared.call.data.length - 2) / 2).to.be.below(30_000);
    const { gasUsed } = await prepared.send();
    expect(gasUsed < 8_000_000n, `${gasUsed} gas`).to.equal(true);
  });
});

describe("checkIssuances", () => {
  it("good, double, registered and malformed items: one verdict each, in their order", async () => {
    const { suite, clientOf, issueMotor } = await loadFixture(deployed);
    const owner = suite.accounts.owner.address;
    const registered = await issueMotor();
    const items = [
      motor(1, owner),
      motor(1, owner),
      { ...motor(2, owner), productId: registered.productId },
      { ...motor(3, owner), productId: "https://other.example/01/09521234567899/21/1" },
      motor(4, owner),
    ];
    const checked = await clientOf().checkIssuances({ items });
    expect(checked.map((item) => (item.status === "refused" ? item.error.code : item.status))).to.deep.equal([
      "issuable",
      "input.invalid",
      "contract.passport-registry-product-registered",
      "identifier.foreign-namespace",
      "issuable",
    ]);
  });
});

describe("setIssuingLimit", () => {
  it("the administrator: the account may issue that many", async () => {
    const { suite, clientOf } = await loadFixture(deployed);
    const { admin, stranger, owner } = suite.accounts;
    const limit = { issuer: stranger.address, perHour: 1, validUntil: NO_END };
    const { result } = await (await clientOf(admin).setIssuingLimit(limit)).send();
    expect(result).to.deep.equal({ issuer: stranger.address, perHour: 1n, validUntil: NO_END });
    await (await clientOf(stranger).issuePassport(motor(1, owner.address))).send();
    const again = await clientOf(stranger).issuePassport(motor(2, owner.address));
    expect((await refusalOf(again.send())).code).to.equal("contract.manufacturer-manager-limit-exceeded");
  });

  it("anybody else: refused, naming the role by its name", async () => {
    const { suite, clientOf } = await loadFixture(deployed);
    const { stranger } = suite.accounts;
    const limit = { issuer: stranger.address, perHour: 1, validUntil: NO_END };
    const error = await refusalOf((await clientOf(stranger).setIssuingLimit(limit)).send());
    expect(error.code).to.equal("contract.access-control-unauthorized-account");
    expect(error.message).to.include(`${stranger.address} does not hold DEFAULT_ADMIN_ROLE`);
  });
});

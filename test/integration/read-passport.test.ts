import { expect } from "chai";
import { encodeBytes32String } from "ethers";
import { network } from "hardhat";
import { createProvider } from "../../sdk/src/chain/create-provider.js";
import { isPassportError } from "../../sdk/src/errors/passport-error.js";
import { findPassport } from "../../sdk/src/passport/find-passport.js";
import { readGrant } from "../../sdk/src/passport/read-grant.js";
import { readHistory } from "../../sdk/src/passport/read-history.js";
import { readMaintenancePolicy } from "../../sdk/src/passport/read-maintenance-policy.js";
import { readPassport } from "../../sdk/src/passport/read-passport.js";
import { readRules } from "../../sdk/src/passport/read-rules.js";
import { eventTypeName, eventTypeOf } from "../../sdk/src/primitives/event-type.js";
import { parseAddress } from "../../sdk/src/primitives/hex.js";
import { NO_END } from "../support/contract-values.js";
import { deploySuite, productIdOf } from "../support/deploy-suite.js";
import { RpcRefusal, startLyingRpc } from "../support/lying-rpc.js";
import { recordEntry, recordMotor, storeSample } from "../support/recorded-motor.js";

const connection = await network.create();
const { loadFixture, time } = connection.networkHelpers;
const rpc = await startLyingRpc(connection.provider);
const provider = createProvider(rpc.url, { chainId: 31_337n });

const livingMotor = async () => {
  const suite = await deploySuite(connection);
  const motor = await recordMotor(suite);
  return {
    suite,
    motor,
    passport: parseAddress(await motor.passport.getAddress()),
    manager: parseAddress(await suite.manager.getAddress()),
    context: { provider, registry: parseAddress(await suite.registry.getAddress()) },
  };
};

const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error) => error,
  );

after(async () => {
  provider.destroy();
  await rpc.close();
});
afterEach(() => rpc.recover());

describe("findPassport", () => {
  it("of a registered product, returns its passport; of another one, throws passport.not-found", async () => {
    const { context, motor, passport } = await loadFixture(livingMotor);
    expect(await findPassport(context, { productId: motor.productId })).to.equal(passport);
    const unknown = await errorOf(findPassport(context, { productId: productIdOf(999_999) }));
    expect(isPassportError(unknown, "passport.not-found")).to.equal(true);
  });
});

describe("readPassport", () => {
  it("by address and by product, returns what the contract's own views say", async () => {
    const { context, motor, passport, manager, suite } = await loadFixture(livingMotor);
    const read = await readPassport(context, { passport });
    expect(read).to.deep.include({
      address: passport,
      productId: await motor.passport.productId(),
      manager,
      owner: suite.accounts.buyer.address,
      head: await motor.passport.head(),
      entryCount: 5n,
      lastRecordedAt: await motor.passport.lastRecordedAt(),
      condition: { bits: await motor.passport.condition(), inWords: ["ISSUED", "IN_SERVICE"] },
      offerNonce: 1n,
      pendingOffer: undefined,
      lock: undefined,
    });
    expect(read.condition.inWords.join(", ")).to.equal(await motor.passport.conditionInWords());
    expect(read.block.number).to.equal(BigInt(await provider.getBlockNumber()));
    expect(await readPassport(context, { passport: motor.productId })).to.deep.equal(read);
  });

  it("with an offer and with a lock, returns them", async () => {
    const { context, motor, passport, suite } = await loadFixture(livingMotor);
    const { buyer, retailer } = suite.accounts;
    const document = await storeSample(motor.store, "LOCKED", { productId: motor.productId, attester: buyer.address });
    const until = (await time.latest()) + 86_400;
    await motor.passport.connect(buyer).offerOwnership(retailer, document, until);
    await motor.passport.connect(buyer).lock(retailer, until, document);
    const { lock, pendingOffer } = await readPassport(context, { passport });
    expect(lock).to.deep.equal({ holder: retailer.address, until: BigInt(until), document });
    const expiresAt = BigInt(until);
    expect(pendingOffer).to.deep.equal({ newOwner: retailer.address, document, offerNonce: 2n, expiresAt });
  });

  it("of something else, throws passport.foreign", async () => {
    const { context, manager, suite } = await loadFixture(livingMotor);
    for (const passport of [manager, suite.accounts.stranger.address]) {
      expect(isPassportError(await errorOf(readPassport(context, { passport })), "passport.foreign")).to.equal(true);
    }
  });

  it("of a passport whose manager does not answer, lacks the names alone", async () => {
    const { context, passport, manager } = await loadFixture(livingMotor);
    rpc.lie("eth_call", (answer, { params: [{ to }] }) => (to.toLowerCase() === manager.toLowerCase() ? "0x" : answer));
    expect((await readPassport(context, { passport })).condition.inWords).to.deep.equal(["ISSUED", "0x100"]);
  });

  it("of a node that is down, throws chain.unreachable", async () => {
    const { context, passport } = await loadFixture(livingMotor);
    rpc.fail("server error");
    expect(isPassportError(await errorOf(readPassport(context, { passport })), "chain.unreachable")).to.equal(true);
  });
});

describe("readHistory", () => {
  it("of a motor, returns its entries in order and where they are on the chain", async () => {
    const { context, passport } = await loadFixture(livingMotor);
    const { entries, toBlock } = await readHistory(context, { passport });
    expect(entries.map(({ eventType }) => eventTypeName(eventType))).to.deep.equal([
      "MANUFACTURED",
      "QUALITY_TESTED",
      "OWNERSHIP_TRANSFERRED",
      "COMMISSIONED",
      "MAINTAINED",
    ]);
    expect(toBlock).to.equal(BigInt(await provider.getBlockNumber()));
    const receipt = await provider.getTransactionReceipt(entries[4]?.transactionHash ?? "");
    expect(receipt?.blockNumber).to.equal(Number(entries[4]?.blockNumber));
  });

  it("of a range of blocks, returns the entries in it", async () => {
    const { context, passport } = await loadFixture(livingMotor);
    const all = (await readHistory(context, { passport })).entries;
    const fromBlock = all[1]?.blockNumber ?? 0n;
    const toBlock = all[3]?.blockNumber ?? 0n;
    expect((await readHistory(context, { passport, fromBlock, toBlock })).entries).to.deep.equal(all.slice(1, 4));
    expect((await readHistory(context, { passport, fromBlock })).entries).to.deep.equal(all.slice(1));
  });

  for (const limit of [1n, 2n, 7n]) {
    it(`of a node that gives ${limit} blocks at a time, returns the same`, async () => {
      const { context, passport } = await loadFixture(livingMotor);
      const whole = await readHistory(context, { passport });
      const { toBlock } = whole;
      rpc.lie("eth_getLogs", (logs, { params: [filter] }) => {
        if (BigInt(filter.toBlock) - BigInt(filter.fromBlock) < limit) return logs;
        throw new RpcRefusal("range too large");
      });
      expect(await readHistory(context, { passport }), "by the times of the entries").to.deep.equal(whole);
      expect(await readHistory(context, { passport, toBlock }), "piece by piece").to.deep.equal(whole);
    });
  }

  it("of entries years and hours apart and of one second, walks back to all of them", async () => {
    const { context, motor, passport, suite } = await loadFixture(livingMotor);
    await time.increase(10 * 365 * 86_400);
    await recordEntry(motor, "MAINTAINED", suite.accounts.technician);
    await connection.networkHelpers.mine(50, { interval: 3_600 });
    const documents = await Promise.all(
      [1, 2, 3].map(() =>
        storeSample(motor.store, "MAINTAINED", {
          productId: motor.productId,
          attester: suite.accounts.technician.address,
        }),
      ),
    );
    await connection.provider.request({ method: "evm_setAutomine", params: [false] });
    for (const document of documents) {
      await motor.passport.connect(suite.accounts.technician).attest(eventTypeOf("MAINTAINED"), document);
    }
    await connection.networkHelpers.mine();
    await connection.provider.request({ method: "evm_setAutomine", params: [true] });
    const whole = await readHistory(context, { passport });
    expect(whole.entries.at(-1)?.recordedAt).to.equal(whole.entries.at(-3)?.recordedAt);
    rpc.lie("eth_getLogs", (logs, { params: [filter] }) => {
      if (filter.fromBlock === filter.toBlock) return logs;
      throw new RpcRefusal("range too large");
    });
    expect(await readHistory(context, { passport })).to.deep.equal(whole);
    expect(whole.entries).to.have.length(9);
  });

  it("of a node that hides an entry from the walk back, throws", async () => {
    const { context, passport } = await loadFixture(livingMotor);
    rpc.lie("eth_getLogs", (logs, { params: [filter] }) => {
      if (filter.fromBlock !== filter.toBlock) throw new RpcRefusal("range too large");
      return logs.filter(({ topics }: { readonly topics: readonly string[] }) => BigInt(topics[1] ?? 0) !== 3n);
    });
    const error = await errorOf(readHistory(context, { passport }));
    expect(isPassportError(error, "chain.answer-invalid")).to.equal(true);
  });
});

describe("readRules", () => {
  it("of WEG's manager, returns the table in words, equal to the contract's bits", async () => {
    const { context, manager, suite } = await loadFixture(livingMotor);
    const rules = await readRules(context, { manager });
    expect(rules).to.have.length(22);
    const commissioned = rules.find(({ name }) => name === "COMMISSIONED");
    expect(commissioned?.inWords).to.deep.equal({
      roles: ["JOINT_MANUFACTURER", "TECHNICIAN"],
      requires: ["ISSUED"],
      forbids: ["RETIRED", "IN_SERVICE", "RECALLED"],
      sets: ["IN_SERVICE"],
      clears: [],
    });
    for (const { eventType, roles, sets, clears } of rules) {
      const rule = await suite.manager.ruleOf(eventType);
      expect([rule.roles, rule.sets, rule.clears]).to.deep.equal([roles, sets, clears]);
    }
    expect(rules.find(({ name }) => name === "STOLEN")?.inWords.roles).to.deep.equal(["OWNER"]);
  });
});

describe("readGrant", () => {
  it("of an attester, returns his roles, and revocation and compromise once they are there", async () => {
    const { context, manager, passport, suite } = await loadFixture(livingMotor);
    const { technician, gateway, stranger } = suite.accounts;
    const attester = parseAddress(technician.address);
    const granted = { roles: 64n, validFrom: 0n, validUntil: NO_END };
    expect(await readGrant(context, { manager, attester })).to.deep.equal({
      ...granted,
      revokedAt: undefined,
      compromisedSince: undefined,
    });
    const since = BigInt(await time.latest());
    await suite.manager.reportCompromise(technician, since);
    expect(await readGrant(context, { manager, attester })).to.deep.equal({
      ...granted,
      revokedAt: BigInt(await time.latest()),
      compromisedSince: since,
    });
    await suite.manager.grantFor(passport, gateway, 512n, 0, NO_END);
    const options = { manager, attester: parseAddress(gateway.address) };
    expect((await readGrant(context, { ...options, passport })).roles).to.equal(512n);
    expect((await readGrant(context, options)).roles).to.equal(0n);
    expect((await readGrant(context, { manager, attester: parseAddress(stranger.address) })).roles).to.equal(0n);
  });
});

describe("readMaintenancePolicy", () => {
  it("of a product line with a policy, returns it; of another one, nothing", async () => {
    const { context, manager, suite } = await loadFixture(livingMotor);
    const onChain = await suite.manager.maintenancePolicyOf(encodeBytes32String("W22"));
    const policy = await readMaintenancePolicy(context, { manager, productLine: "W22" });
    expect(Object.values(policy ?? {})).to.deep.equal([...onChain]);
    expect(await readMaintenancePolicy(context, { manager, productLine: "W60" })).to.equal(undefined);
  });
});

import { expect } from "chai";
import { encodeRlp, getBytes, hexlify, keccak256, toBeHex } from "ethers";
import fc from "fast-check";
import { network } from "hardhat";
import { isPassportError } from "../../sdk/src/errors/passport-error.js";
import { parseAddress } from "../../sdk/src/primitives/hex.js";
import { basisInWords } from "../../sdk/src/verify/basis.js";
import type { VerificationReport } from "../../sdk/src/verify/judge-passport.js";
import type { VerifyPassportOptions } from "../../sdk/src/verify/verify-passport.js";
import { deploySuite, productIdOf } from "../support/deploy-suite.js";
import { RpcRefusal, startLyingRpc } from "../support/lying-rpc.js";
import { recordEntry, recordMotor, storeSample } from "../support/recorded-motor.js";
import {
  ALL_PROVEN,
  codesOf,
  createAuditor,
  type VerificationOptions,
  type VerificationSetting,
} from "../support/verification-bench.js";

const connection = await network.create();
const { networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;
const rpc = await startLyingRpc(connection.provider);

const DAY = 86_400n;

const auditor = createAuditor(connection, [rpc]);
const { livingMotor } = auditor;

const lastBlockHash = async (): Promise<string> => {
  const block = await connection.ethers.provider.getBlock("latest");
  return block?.hash ?? expect.fail("a chain has blocks");
};

const verify = async (setting: VerificationSetting, options: VerificationOptions = {}): Promise<VerificationReport> =>
  await auditor.verify(setting, { blockHash: await lastBlockHash(), ...options });

const ALL_VALID = { ...ALL_PROVEN, freshness: "freshness.proven" };

after(() => rpc.close());
afterEach(() => rpc.recover());

describe("verifyPassport, by proof under a block's hash", () => {
  it("of a living motor, proves everything, by address and by product, and says on what it rests", async () => {
    const setting = await loadFixture(livingMotor);
    const blockHash = await lastBlockHash();
    for (const passport of [await setting.motor.passport.getAddress(), setting.motor.productId]) {
      const report = await verify(setting, { passport });
      expect(codesOf(report)).to.deep.equal(ALL_VALID);
      expect(report.status).to.equal("valid");
      expect(report.basis).to.deep.equal({ kind: "proof", blockHash, isTrusted: true });
      expect(basisInWords(report.basis)).to.include(blockHash);
    }
    expect(rpc.calls.has("eth_call"), "no contract's answer is taken on trust").to.equal(false);
  });

  it("of whatever happened to a motor, finds the same as the contracts say of themselves", async () => {
    const setting = await loadFixture(livingMotor);
    const { suite, motor } = setting;
    const { accounts, manager } = suite;
    const { passport, store, productId } = motor;
    const states: (() => Promise<unknown>)[] = [
      async () => undefined,
      async () =>
        passport
          .connect(accounts.buyer)
          .offerOwnership(accounts.retailer, keccak256("0x01"), (await time.latest()) + 5_000),
      async () => passport.connect(accounts.buyer).cancelOffer(),
      async () => manager.reportCompromise(accounts.technician, (await time.latest()) - 3),
      async () => recordEntry(motor, "RECALLED", accounts.manufacturer),
      async () => {
        const document = await storeSample(store, "LOCKED", { productId, attester: accounts.buyer.address });
        await passport.connect(accounts.buyer).lock(accounts.retailer, (await time.latest()) + 5_000, document);
      },
    ];
    for (const change of states) {
      await change();
      const proven = (await verify(setting)).evidence ?? expect.fail("the motor is there");
      const told = (await verify(setting, { blockHash: undefined })).evidence ?? expect.fail("the motor is there");
      expect(proven.registration).to.deep.equal(told.registration);
      expect(proven.state).to.deep.equal(told.state);
      expect(proven.manager).to.deep.equal(told.manager);
      expect(proven.code).to.equal(told.code);
      expect(proven.block).to.deep.equal(told.block);
    }
  });

  it("of a namespace too long for one slot, proves it", async () => {
    const namespace = "https://id.a-very-long-name-of-a-manufacturer.example/products/";
    const suite = await deploySuite(connection, { namespace });
    const report = await verify({ suite, motor: await recordMotor(suite, { productId: `${namespace}pump-1` }) });
    expect(codesOf(report)).to.deep.equal(ALL_VALID);
    expect(report.verdicts.registration.details.namespace).to.equal(namespace);
  });

  it("of an older block, shows the passport as it was then", async () => {
    const setting = await loadFixture(livingMotor);
    const blockHash = await lastBlockHash();
    await recordEntry(setting.motor, "STOLEN", setting.suite.accounts.buyer);
    const then = await verify(setting, { blockHash });
    expect(then.verdicts.history.details.entryCount).to.equal(5n);
    expect(codesOf(then)).to.deep.equal(ALL_VALID);
    expect((await verify(setting)).findings.map(({ code }) => code)).to.deep.equal(["condition.stolen"]);
  });

  it("of an old block, is unknown after ten days, or after as many as the caller says", async () => {
    const setting = await loadFixture(livingMotor);
    const now = BigInt(await time.latest());
    const later = (seconds: bigint, maximumAgeSeconds?: bigint) =>
      verify(setting, { context: { clock: () => now + seconds }, maximumAgeSeconds });
    expect((await later(9n * DAY)).status).to.equal("valid");
    expect(codesOf(await later(11n * DAY))).to.deep.equal({ ...ALL_VALID, freshness: "freshness.outdated" });
    expect((await later(11n * DAY, 20n * DAY)).status).to.equal("valid");
    expect((await later(-2n * DAY)).verdicts.freshness.code).to.equal("freshness.ahead");
  });

  it("of a product without a passport, proves that there is none; by a block too old to know, it does not", async () => {
    const setting = await loadFixture(livingMotor);
    const passport = productIdOf(999_999);
    expect((await verify(setting, { passport })).verdicts.registration.code).to.equal("registration.not-issued");
    const now = BigInt(await time.latest());
    const old = await verify(setting, { passport, context: { clock: () => now + 11n * DAY } });
    expect(old.verdicts.registration).to.include({ status: "unknown", code: "chain.block-too-old" });
  });

  it("of an account and of a contract that is no passport, is invalid", async () => {
    const setting = await loadFixture(livingMotor);
    const { accounts, registry } = setting.suite;
    const ofAccount = await verify(setting, { passport: accounts.stranger.address });
    expect(ofAccount.verdicts.registration.code).to.equal("registration.no-passport");
    const ofContract = await verify(setting, { passport: await registry.getAddress() });
    expect(ofContract.verdicts.registration.code).to.equal("registration.code-foreign");
  });

  it("with a registry or a manager that is laid out otherwise, reads nothing into it", async () => {
    const setting = await loadFixture(livingMotor);
    const registry = parseAddress(await setting.suite.manager.getAddress());
    const report = await verify(setting, { context: { registry } });
    expect(report.verdicts.registration.status).not.to.equal("valid");
    expect(report.verdicts.history.status).to.equal("valid");
  });

  it("of a caller's mistake, throws and names it", async () => {
    const setting = await loadFixture(livingMotor);
    for (const options of [{ blockHash: "0x12" }, { level: "safe" as const }]) {
      const error: unknown = await verify(setting, options).catch((caught: unknown) => caught);
      expect(isPassportError(error, "input.invalid")).to.equal(true);
    }
  });
});

// biome-ignore lint/suspicious/noExplicitAny: a proof as JSON-RPC has it.
type RawProof = any;

describe("verifyPassport, by proof, a node that lies", () => {
  /** Whatever the lie: not valid, and with a code that says what cannot be relied on. */
  const expectNothingProven = async (setting: VerificationSetting, options: Partial<VerifyPassportOptions> = {}) => {
    const report = await verify(setting, options);
    expect(report.status).not.to.equal("valid");
    return report;
  };

  it("about any field of the block's header, is found out", async () => {
    const setting = await loadFixture(livingMotor);
    const block = await connection.provider.request({ method: "eth_getBlockByNumber", params: ["latest", false] });
    // Safety: a node answers with an object.
    const fields = Object.keys(block as object).filter(
      (field) => !["hash", "size", "transactions", "uncles", "withdrawals", "totalDifficulty"].includes(field),
    );
    expect(fields.length).to.be.greaterThan(15);
    for (const field of fields) {
      rpc.lie("eth_getBlockByHash", (honest) => ({
        ...honest,
        [field]: honest[field].replace(/.$/, (digit: string) => (digit === "0" ? "1" : "0")),
      }));
      const report = await expectNothingProven(setting);
      expect(report.status, field).to.equal("unknown");
      expect(report.verdicts.registration.code, field).to.match(/^(chain.answer-invalid|proof.invalid)$/);
    }
  });

  it("by showing another block, none, or nonsense, is found out", async () => {
    const setting = await loadFixture(livingMotor);
    const parent = await connection.provider.request({ method: "eth_getBlockByNumber", params: ["0x1", false] });
    for (const [answer, code] of [
      [parent, "chain.answer-invalid"],
      [null, "chain.unreachable"],
      ["0x", "proof.invalid"],
      [{}, "proof.invalid"],
    ] as const) {
      rpc.lie("eth_getBlockByHash", () => answer);
      expect((await expectNothingProven(setting)).verdicts.history.code).to.equal(code);
    }
  });

  it("by proving its own story under a header of its own, is found out", async () => {
    const setting = await loadFixture(livingMotor);
    rpc.lie("eth_getBlockByHash", (honest) => ({ ...honest, stateRoot: keccak256("0x1234") }));
    rpc.lie("eth_getProof", (honest) => ({ ...honest, accountProof: [encodeRlp(["0x20", "0x12"])] }));
    expect((await expectNothingProven(setting)).verdicts.registration.code).to.equal("chain.answer-invalid");
  });

  const proofLies: Readonly<Record<string, (honest: RawProof) => unknown>> = {
    "of nothing": (honest) => ({
      ...honest,
      accountProof: [],
      storageProof: honest.storageProof.map((one: RawProof) => ({ ...one, proof: [] })),
    }),
    "without its last nodes": (honest) => ({ ...honest, accountProof: honest.accountProof.slice(0, -1) }),
    "without the nodes of its slots": (honest) => ({ ...honest, storageProof: [] }),
    "of another storage": (honest) => ({
      ...honest,
      storageProof: honest.storageProof.map((one: RawProof) => ({
        ...one,
        proof: [encodeRlp([`0x20${"12".repeat(32)}`, "0x01"])],
      })),
    }),
    "with other values beside it": (honest) => ({
      ...honest,
      storageProof: honest.storageProof.map((one: RawProof) => ({ ...one, proof: [] })),
      storageHash: keccak256("0x80"),
    }),
    "that is no list": (honest) => ({ ...honest, accountProof: "0x" }),
    "of numbers": (honest) => ({ ...honest, accountProof: [1, 2, 3] }),
    "of words": (honest) => ({ ...honest, accountProof: ["trust me"] }),
    "of a hundred thousand nodes": (honest) => ({ ...honest, accountProof: Array(100_000).fill("0x80") }),
    "that is null": () => null,
  };
  for (const [what, lie] of Object.entries(proofLies)) {
    it(`by a proof ${what}, proves nothing and breaks nothing`, async () => {
      const setting = await loadFixture(livingMotor);
      rpc.lie("eth_getProof", lie);
      const report = await expectNothingProven(setting);
      expect(report.status).to.equal("unknown");
      expect(report.verdicts.registration.code).to.match(/^(proof|chain)\./);
    });
  }

  it("by the proof of another account, or of another block, proves nothing", async () => {
    const setting = await loadFixture(livingMotor);
    const blockHash = await lastBlockHash();
    const other = await recordMotor(setting.suite, { store: setting.motor.store });
    const address = await other.passport.getAddress();
    for (const wrong of [
      (params: readonly unknown[]) => [address, params[1], params[2]],
      (params: readonly unknown[]) => [params[0], params[1], "latest"],
    ]) {
      const answers = new Map<string, unknown>();
      const ask = async (params: readonly unknown[]) =>
        connection.provider.request({ method: "eth_getProof", params: wrong(params) });
      // A lie is told at once, so what it needs is asked for beforehand.
      rpc.lie("eth_getProof", (_, { params }) => answers.get(JSON.stringify(params)) ?? {});
      for (let round = 0; round < 3; round++) {
        const asked: (readonly unknown[])[] = [];
        rpc.lie("eth_getProof", (_, { params }) => {
          asked.push(params);
          return answers.get(JSON.stringify(params)) ?? {};
        });
        const report = await verify(setting, { blockHash });
        expect(report.status).to.equal("unknown");
        for (const params of asked) answers.set(JSON.stringify(params), await ask(params));
      }
    }
  });

  it("by an absent value where one is, cannot: the proof of absence would have to be one", async () => {
    const setting = await loadFixture(livingMotor);
    const honest = await connection.provider.request({
      method: "eth_getProof",
      params: [await setting.motor.passport.getAddress(), [toBeHex(999, 32)], "latest"],
    });
    rpc.lie("eth_getProof", (answer) => ({
      ...answer,
      storageProof: answer.storageProof.map(() => (honest as RawProof).storageProof[0]),
    }));
    expect((await expectNothingProven(setting)).status).to.equal("unknown");
  });

  it("about code, is found out", async () => {
    const setting = await loadFixture(livingMotor);
    for (const lie of [(code: string) => `${code}00`, () => "0x", () => "0x6001"]) {
      rpc.lie("eth_getCode", lie);
      expect((await expectNothingProven(setting)).verdicts.registration.code).to.equal("proof.incomplete");
    }
  });

  it("about entries, is found out by the proven head", async () => {
    const setting = await loadFixture(livingMotor);
    rpc.lie("eth_getLogs", (logs) => logs.slice(0, -1));
    expect((await expectNothingProven(setting)).verdicts.history.code).to.equal("history.incomplete");
    rpc.lie("eth_getLogs", (logs) =>
      logs.map((log: RawProof, index: number) => (index === 4 ? { ...log, data: `${log.data.slice(0, -1)}2` } : log)),
    );
    expect((await expectNothingProven(setting)).verdicts.history.code).to.equal("history.head-differs");
    rpc.lie("eth_getLogs", (logs) => logs.map((log: RawProof) => ({ ...log, transactionHash: keccak256("0x12") })));
    const report = await verify(setting);
    expect(report.status, "where an entry stands is not proven, and not told").to.equal("valid");
    expect(report.verdicts.freshness.details.lastEntryLevel).to.equal(undefined);
  });

  it("that has left the block, or has another one in its place, is not taken for a forger", async () => {
    const setting = await loadFixture(livingMotor);
    rpc.lie("eth_getBlockByNumber", (block) => ({ ...block, hash: keccak256("0x12") }));
    expect((await expectNothingProven(setting)).verdicts.history).to.include({
      status: "unknown",
      code: "chain.unreachable",
    });
  });

  it("that cannot prove, or serves another chain, leaves everything unknown", async () => {
    const setting = await loadFixture(livingMotor);
    rpc.lie("eth_getProof", () => {
      throw new RpcRefusal("the method eth_getProof does not exist/is not available", -32_601);
    });
    expect((await expectNothingProven(setting)).verdicts.history).to.include({
      status: "unknown",
      code: "chain.request-refused",
    });
    rpc.recover();
    rpc.lie("eth_chainId", () => "0x1");
    expect((await expectNothingProven(setting)).verdicts.history).to.include({
      status: "unknown",
      code: "chain.wrong-chain",
    });
  });

  it("by changing any byte of any proof or code, never gets a valid verdict, unless the node was not needed", async () => {
    const setting = await loadFixture(livingMotor);
    const change = fc.record({
      method: fc.constantFrom("eth_getProof", "eth_getCode"),
      pick: fc.nat(),
      at: fc.nat(),
      mask: fc.integer({ min: 1, max: 255 }),
    });
    const spoil = (hex: string, at: number, mask: number): string => {
      const bytes = getBytes(hex);
      bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ mask;
      return hexlify(bytes);
    };
    const honest = await verify(setting);
    await fc.assert(
      fc.asyncProperty(change, async ({ method, pick, at, mask }) => {
        rpc.recover();
        rpc.lie(method, (answer) => {
          if (typeof answer === "string") return spoil(answer, at, mask);
          const nodes: string[] = [
            ...answer.accountProof,
            ...answer.storageProof.flatMap(({ proof }: RawProof) => proof),
          ];
          const changed = nodes[pick % nodes.length];
          const spoilt = (proof: readonly string[]) =>
            proof.map((node) => (node === changed ? spoil(node, at, mask) : node));
          return {
            ...answer,
            accountProof: spoilt(answer.accountProof),
            storageProof: answer.storageProof.map((one: RawProof) => ({ ...one, proof: spoilt(one.proof) })),
          };
        });
        const { status, evidence } = await verify(setting);
        if (status === "valid") expect(evidence).to.deep.equal(honest.evidence);
      }),
      { numRuns: 25 },
    );
  });
});

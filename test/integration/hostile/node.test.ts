import { expect } from "chai";
import { AbiCoder, getBytes, hexlify } from "ethers";
import { DigitalPassport__factory } from "../../../sdk/src/contracts/index.js";
import { productIdOf } from "../../support/deploy-suite.js";
import type { Outage } from "../../support/lying-rpc.js";
import { recordEntry } from "../../support/recorded-motor.js";
import { openVerificationBench } from "../../support/verification-bench.js";

const bench = await openVerificationBench();
const { connection, rpc, suite, motor, address, verify } = bench;
const passportInterface = DigitalPassport__factory.createInterface();

/** A log as a node gives it. */
interface RawLog {
  readonly topics: readonly string[];
  readonly data: string;
}

const spoil = (hex: string, index: number): string => {
  const bytes = getBytes(hex);
  return hexlify(bytes.map((byte, position) => (position === index ? byte ^ 1 : byte)));
};

const lieAboutLogs = (lie: (logs: readonly RawLog[]) => readonly RawLog[]): void => rpc.lie("eth_getLogs", lie);

after(() => rpc.close());
afterEach(() => rpc.recover());

describe("A hostile node cannot", () => {
  it("forge head, owner, condition, number of entries or the time of the last one", async () => {
    expect((await verify()).status, "honest").to.equal("valid");
    for (const view of ["head", "owner", "condition", "entryCount", "lastRecordedAt"] as const) {
      rpc.recover();
      const { selector } = passportInterface.getFunction(view);
      const answer = AbiCoder.defaultAbiCoder().encode(["uint256"], [3n]);
      rpc.lie("eth_call", (honest, { params }) => (params[0].data.startsWith(selector) ? answer : honest));
      const report = await verify();
      expect(report.verdicts.history.status, view).to.equal("invalid");
      expect(report.status, view).to.equal("invalid");
    }
  });

  it("leave an entry out, add one, exchange two or change any field of one", async () => {
    const lies: readonly ((logs: readonly RawLog[]) => readonly RawLog[])[] = [
      ...[0, 1, 2, 3, 4].map((left) => (logs: readonly RawLog[]) => logs.filter((_, index) => index !== left)),
      (logs) => [...logs, ...logs.slice(-1)],
      ([first, second, ...rest]) =>
        first && second
          ? [{ ...first, topics: second.topics }, { ...second, topics: first.topics }, ...rest]
          : expect.fail("The motor has five entries."),
      // Last byte of each word: topics behind the first, then data.
      ...[1, 2, 3].map(
        (topic) => (logs: readonly RawLog[]) =>
          logs.map((log) => ({
            ...log,
            topics: log.topics.map((text, at) => (at === topic ? spoil(text, 31) : text)),
          })),
      ),
      ...[0, 1, 2, 3, 4, 5].map(
        (word) => (logs: readonly RawLog[]) => logs.map((log) => ({ ...log, data: spoil(log.data, 32 * word + 31) })),
      ),
    ];
    for (const [index, lie] of lies.entries()) {
      lieAboutLogs(lie);
      const report = await verify();
      expect(report.verdicts.history.status, `lie ${index}`).to.not.equal("valid");
      expect(report.status, `lie ${index}`).to.not.equal("valid");
    }
  });

  it("pass another contract's code off as a passport's", async () => {
    rpc.lie("eth_getCode", (code, { params: [asked] }) =>
      asked.toLowerCase() === address.toLowerCase() ? code : `${code}00`,
    );
    expect((await verify()).verdicts.registration).to.include({ status: "invalid" });
    rpc.lie("eth_getCode", (code, { params: [asked] }) =>
      asked.toLowerCase() === address.toLowerCase() ? spoil(code, 50) : code,
    );
    expect((await verify()).verdicts.registration).to.include({ status: "invalid" });
  });

  it("make an outage or nonsense look like a forgery", async () => {
    for (const outage of ["server error", "no JSON", "hang up", "too many requests"] as const satisfies Outage[]) {
      rpc.fail(outage);
      expect((await verify()).status, outage).to.equal("unknown");
    }
    rpc.recover();
    for (const nonsense of ["0x", "garbage", null, 7, {}]) {
      for (const method of ["eth_call", "eth_getLogs", "eth_getCode", "eth_getBlockByNumber"]) {
        rpc.lie(method, () => nonsense);
      }
      expect((await verify()).status, JSON.stringify(nonsense)).to.equal("unknown");
    }
  });

  it("answer for another chain", async () => {
    rpc.lie("eth_chainId", () => "0xa4b1");
    const report = await verify();
    expect(report.verdicts.registration).to.include({ status: "unknown", code: "chain.wrong-chain" });
  });

  it("hide for longer than the reader allows that it is behind", async () => {
    const now = BigInt(await connection.networkHelpers.time.latest());
    const report = await verify({ maximumAgeSeconds: 600n }, { clock: () => now + 601n });
    expect(report.verdicts.freshness).to.include({ status: "unknown", code: "freshness.stale" });
    expect(report.status).to.equal("unknown");
  });
});

describe("A hostile node can", () => {
  it("withhold everything: then all is unknown", async () => {
    rpc.fail("hang up");
    const { verdicts } = await verify();
    expect(new Set(Object.values(verdicts).map(({ status }) => status))).to.deep.equal(new Set(["unknown"]));
  });

  it("show an older state as the present one, for as long as the reader allows", async () => {
    const before = await connection.networkHelpers.takeSnapshot();
    const then = BigInt(await connection.networkHelpers.time.latest());
    await recordEntry(motor, "RECALLED", suite.accounts.regulator);
    expect((await verify()).verdicts.condition.details.inWords).to.include("RECALLED");
    // This node has never heard of the recall.
    await before.restore();
    const report = await verify({ maximumAgeSeconds: 600n }, { clock: () => then + 599n });
    expect(report.status).to.equal("valid");
    expect(report.verdicts.condition.details.inWords).not.to.include("RECALLED");
  });

  it("say that a product has no passport: one node alone proves no absence", async () => {
    const selector = suite.registry.interface.getFunction("passportOf").selector;
    const byProduct = suite.registry.interface.getFunction("passportOfProduct").selector;
    rpc.lie("eth_call", (honest, { params: [{ data }] }) =>
      data.startsWith(selector) || data.startsWith(byProduct) ? `0x${"00".repeat(32)}` : honest,
    );
    const report = await verify({ passport: motor.productId });
    expect(report.verdicts.registration.code).to.equal("registration.not-issued");
    rpc.recover();
    expect((await verify({ passport: productIdOf(999_999) })).verdicts.registration.code).to.equal(
      "registration.not-issued",
    );
  });
});

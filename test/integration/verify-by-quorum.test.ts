import { expect } from "chai";
import { AbiCoder, keccak256 } from "ethers";
import { network } from "hardhat";
import { DigitalPassport__factory } from "../../sdk/src/contracts/index.js";
import { isPassportError } from "../../sdk/src/errors/passport-error.js";
import { type Basis, basisInWords } from "../../sdk/src/verify/basis.js";
import type { VerificationReport } from "../../sdk/src/verify/judge-passport.js";
import { productIdOf } from "../support/deploy-suite.js";
import { type LyingRpc, type Outage, RpcRefusal, startLyingRpc } from "../support/lying-rpc.js";
import { recordEntry } from "../support/recorded-motor.js";
import { createAuditor } from "../support/verification-bench.js";

const connection = await network.create();
const { loadFixture } = connection.networkHelpers;
const start = () => startLyingRpc(connection.provider);
const nodes = await Promise.all([start(), start(), start()]);
const [first, second, third] = nodes;
if (first === undefined || second === undefined || third === undefined) throw new Error("there are three nodes");

const word = (value: bigint): string => AbiCoder.defaultAbiCoder().encode(["uint256"], [value]);
const { selector: conditionSelector } = DigitalPassport__factory.createInterface().getFunction("condition");

const { livingMotor, verify } = createAuditor(connection, [first, second, third]);

const witnessesOf = (report: VerificationReport): Extract<Basis, { kind: "quorum" }>["witnesses"] =>
  report.basis.kind === "quorum" ? report.basis.witnesses : expect.fail("several nodes were asked");
const contradicting = (report: VerificationReport): readonly string[] =>
  witnessesOf(report)
    .filter(({ contradictions }) => contradictions.length > 0)
    .map(({ endpoint }) => endpoint);

/** Lets a node say that the motor is in another condition. */
const lieAboutCondition = (node: LyingRpc, condition = 1n): void =>
  node.lie("eth_call", (honest, { params }) =>
    params[0].data.startsWith(conditionSelector) ? word(condition) : honest,
  );

after(() => Promise.all(nodes.map((node) => node.close())));
afterEach(() => {
  for (const node of nodes) node.recover();
});

describe("verifyPassport, by a quorum of nodes", () => {
  it("of nodes that agree, proves everything, and names them", async () => {
    const setting = await loadFixture(livingMotor);
    const report = await verify(setting);
    expect(report.status).to.equal("valid");
    expect(report.basis).to.deep.equal({
      kind: "quorum",
      required: 2,
      witnesses: nodes.map(({ url }) => ({ endpoint: url, contradictions: [], silences: 0 })),
    });
    for (const { url } of nodes) expect(basisInWords(report.basis)).to.include(url);
    expect(
      (await verify(setting, { passport: setting.motor.productId, context: { requiredAgreement: 3 } })).status,
    ).to.equal("valid");
  });

  it("of a lying minority, believes the others, and says who lied about what", async () => {
    const setting = await loadFixture(livingMotor);
    lieAboutCondition(third);
    const report = await verify(setting);
    expect(report.status).to.equal("valid");
    expect(contradicting(report)).to.deep.equal([third.url]);
    const [finding] = report.findings;
    expect(finding?.code).to.equal("basis.contradiction");
    expect(finding?.reason).to.include(third.url).and.to.include("condition() of 0x");
    expect(basisInWords(report.basis)).to.include("contradicts the others");
  });

  const lies: Readonly<Record<string, (node: LyingRpc) => void>> = {
    "leaves entries out": (node) => node.lie("eth_getLogs", (logs) => logs.slice(0, -1)),
    "makes up the code": (node) => node.lie("eth_getCode", () => "0x6001"),
    "serves another chain": (node) => node.lie("eth_chainId", () => "0x1"),
    "has another block in its place": (node) =>
      node.lie("eth_getBlockByNumber", (block) => ({ ...block, hash: keccak256("0x12") })),
    "says that a contract refuses": (node) =>
      node.lie("eth_call", () => {
        throw new RpcRefusal("execution reverted", 3);
      }),
    "answers nonsense": (node) => node.lie("eth_call", () => ({ nonsense: true })),
  };
  for (const [what, lie] of Object.entries(lies)) {
    it(`of one that ${what}, names it, wherever it stands`, async () => {
      const setting = await loadFixture(livingMotor);
      for (const liar of [first, third]) {
        lie(liar);
        const report = await verify(setting);
        expect(report.status, report.verdicts.registration.reason).to.equal("valid");
        expect(contradicting(report)).to.deep.equal([liar.url]);
        liar.recover();
      }
    });
  }

  for (const outage of [
    "server error",
    "no JSON",
    "hang up",
    "too many requests",
    "silence",
  ] as const satisfies readonly Outage[]) {
    it(`of one that fails by "${outage}", believes the others, and does not call it a liar`, async () => {
      const setting = await loadFixture(livingMotor);
      second.fail(outage);
      const report = await verify(setting);
      expect(report.status).to.equal("valid");
      expect(contradicting(report)).to.deep.equal([]);
      expect(witnessesOf(report)[1]?.silences).to.be.greaterThan(0);
      expect(report.findings).to.deep.equal([]);
    });
  }

  it("of one that is behind, or claims to be far ahead, reads the last block that most have", async () => {
    const setting = await loadFixture(livingMotor);
    const honest = (await verify(setting)).evidence?.block;
    for (const [head, silences] of [
      ["0x1", true],
      ["0xffffffff", false],
    ] as const) {
      third.lie("eth_getBlockByNumber", (block, { params: [tag] }) =>
        tag === "latest" ? { ...block, number: head } : block,
      );
      const report = await verify(setting);
      expect(report.evidence?.block).to.deep.equal(honest);
      expect(report.status).to.equal("valid");
      expect(contradicting(report)).to.deep.equal([]);
      expect((witnessesOf(report)[2]?.silences ?? 0) > 0).to.equal(silences);
    }
  });

  it("of two that are away, is unknown: one node is no majority", async () => {
    const setting = await loadFixture(livingMotor);
    first.fail("server error");
    second.fail("hang up");
    const report = await verify(setting);
    expect(report.verdicts.history).to.include({ status: "unknown", code: "chain.unreachable" });
    expect(contradicting(report)).to.deep.equal([]);
  });

  it("of three that say three different things, is unknown, and says what each said", async () => {
    const setting = await loadFixture(livingMotor);
    lieAboutCondition(first, 5n);
    lieAboutCondition(second, 9n);
    const report = await verify(setting);
    expect(report.verdicts.history).to.include({ status: "unknown", code: "chain.unreachable" });
    expect(report.verdicts.history.reason).to.include(first.url).and.to.include(third.url);
    expect(report.verdicts.registration.status, "about this they agree").to.equal("valid");
  });

  it("of a lying majority, is not valid where the lie does not fit the history, and names who contradicts", async () => {
    const setting = await loadFixture(livingMotor);
    await recordEntry(setting.motor, "STOLEN", setting.suite.accounts.buyer);
    for (const liar of [first, second]) lieAboutCondition(liar, 0x101n);
    const report = await verify(setting);
    expect(report.verdicts.history.code).to.equal("history.state-differs");
    expect(contradicting(report)).to.deep.equal([third.url]);

    for (const liar of [first, second]) liar.lie("eth_getLogs", (logs) => logs.slice(0, -1));
    expect((await verify(setting)).status).not.to.equal("valid");
  });

  it("where all must agree, is unknown as soon as one says otherwise", async () => {
    const setting = await loadFixture(livingMotor);
    lieAboutCondition(third);
    const report = await verify(setting, { context: { requiredAgreement: 3 } });
    expect(report.verdicts.history).to.include({ status: "unknown", code: "chain.unreachable" });
  });

  it("of a product without a passport, takes the majority's word", async () => {
    const setting = await loadFixture(livingMotor);
    const report = await verify(setting, { passport: productIdOf(999_999) });
    expect(report.verdicts.registration.code).to.equal("registration.not-issued");
    expect(report.basis.kind).to.equal("quorum");
  });

  it("of a caller's mistake, throws and names the field", async () => {
    const setting = await loadFixture(livingMotor);
    for (const requiredAgreement of [0, 1, 4, 1.5]) {
      const error: unknown = await verify(setting, { context: { requiredAgreement } }).catch(
        (caught: unknown) => caught,
      );
      expect(isPassportError(error, "input.invalid")).to.equal(true);
    }
  });
});

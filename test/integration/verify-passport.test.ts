import { expect } from "chai";
import { AbiCoder, getBytes, hexlify } from "ethers";
import fc from "fast-check";
import { network } from "hardhat";
import { createProvider } from "../../sdk/src/chain/create-provider.js";
import { DigitalPassport__factory } from "../../sdk/src/contracts/index.js";
import type { DocumentStore } from "../../sdk/src/document/stores/document-store.js";
import { isPassportError, PassportError } from "../../sdk/src/errors/passport-error.js";
import { eventTypeOf } from "../../sdk/src/primitives/event-type.js";
import { parseAddress } from "../../sdk/src/primitives/hex.js";
import type { VerificationReport, Verdicts } from "../../sdk/src/verify/judge-passport.js";
import {
  type VerificationContext,
  type VerifyPassportOptions,
  verifyPassport,
} from "../../sdk/src/verify/verify-passport.js";
import { deploySuite, NO_END, productIdOf, type Suite, WEG_NAMESPACE } from "../support/deploy-suite.js";
import { type Outage, RpcRefusal, startLyingRpc } from "../support/lying-rpc.js";
import { issueMotor, type RecordedMotor, recordEntry, recordMotor, sellMotor, storeSample } from "../support/recorded-motor.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;
const rpc = await startLyingRpc(connection.provider);
const passportInterface = DigitalPassport__factory.createInterface();

const CHAIN_ID = 31_337n;

interface Setting {
  readonly suite: Suite;
  readonly motor: RecordedMotor;
}

const livingMotor = async (): Promise<Setting> => {
  const suite = await deploySuite(connection);
  return { suite, motor: await recordMotor(suite) };
};

/** Verifies the motor over HTTP, as an auditor does. */
const verify = async (
  { suite, motor }: Setting,
  options: Partial<VerifyPassportOptions> & { readonly context?: Partial<VerificationContext> } = {},
): Promise<VerificationReport> => {
  const { context, ...rest } = options;
  const now = BigInt(await time.latest());
  const provider = createProvider(rpc.url, { chainId: CHAIN_ID });
  try {
    const registry = parseAddress(await suite.registry.getAddress());
    return await verifyPassport(
      { provider, chainId: CHAIN_ID, registry, store: motor.store, clock: () => now, ...context },
      { passport: await motor.passport.getAddress(), ...rest },
    );
  } finally {
    provider.destroy();
  }
};

const codesOf = ({ verdicts }: VerificationReport): Readonly<Record<keyof Verdicts, string>> => ({
  registration: verdicts.registration.code,
  history: verdicts.history.code,
  documents: verdicts.documents.code,
  authority: verdicts.authority.code,
  condition: verdicts.condition.code,
  succession: verdicts.succession.code,
  freshness: verdicts.freshness.code,
});

const ALL_PROVEN = {
  registration: "registration.proven",
  history: "history.proven",
  documents: "documents.valid",
  authority: "authority.on-record",
  condition: "condition.clear",
  succession: "succession.none",
  freshness: "freshness.current",
};

/** Lets the node answer one view of the passport otherwise. */
const lieAboutView = (view: Parameters<typeof passportInterface.getFunction>[0], answer: string): void => {
  const selector = passportInterface.getFunction(view)?.selector;
  rpc.lie("eth_call", (honest, { params }) => (params[0].data.startsWith(selector) ? answer : honest));
};

// biome-ignore lint/suspicious/noExplicitAny: a log as JSON-RPC has it.
type RawLog = any;
const lieAboutLogs = (lie: (logs: readonly RawLog[]) => unknown): void => rpc.lie("eth_getLogs", lie);
const word = (value: bigint | string): string => AbiCoder.defaultAbiCoder().encode(["uint256"], [value]);

after(() => rpc.close());
afterEach(() => rpc.recover());

describe("verifyPassport", () => {
  it("of a motor that was issued, tested, sold, installed and maintained, proves everything", async () => {
    const setting = await loadFixture(livingMotor);
    const report = await verify(setting);
    expect(codesOf(report)).to.deep.equal(ALL_PROVEN);
    expect(report).to.include({ status: "valid", productId: setting.motor.productId });
    expect(report.findings).to.deep.equal([]);
    expect(report.verdicts.condition.details.inWords).to.deep.equal(["ISSUED", "IN_SERVICE"]);
    expect(report.verdicts.registration.details.namespace).to.equal(WEG_NAMESPACE);
    expect(report.evidence?.entries).to.have.property("value").with.length(5);
  });

  it("by the URL of the product, finds the passport and proves the same", async () => {
    const setting = await loadFixture(livingMotor);
    const report = await verify(setting, { passport: setting.motor.productId });
    expect(codesOf(report)).to.deep.equal(ALL_PROVEN);
    expect(report.passport).to.equal(await setting.motor.passport.getAddress());
  });

  it("of a product that has no passport, is invalid in the registration alone", async () => {
    const report = await verify(await loadFixture(livingMotor), { passport: productIdOf(999_999) });
    expect(report).to.include({ status: "invalid", passport: undefined });
    expect(report.verdicts.registration.code).to.equal("registration.not-issued");
    expect(report.verdicts.history.status).to.equal("notApplicable");
  });

  it("of an account, and of a contract that is no passport, is invalid", async () => {
    const setting = await loadFixture(livingMotor);
    const { accounts, registry } = setting.suite;
    const ofAccount = await verify(setting, { passport: accounts.stranger.address });
    expect(ofAccount.verdicts.registration.code).to.equal("registration.no-passport");
    const ofContract = await verify(setting, { passport: await registry.getAddress() });
    expect(ofContract.verdicts.registration.code).to.equal("registration.code-foreign");
    expect(ofContract.status).to.equal("invalid");
  });

  it("without a registry, does not know whether the passport is genuine, and judges the rest", async () => {
    const report = await verify(await loadFixture(livingMotor), { context: { registry: undefined } });
    expect(codesOf(report)).to.deep.equal({ ...ALL_PROVEN, registration: "registration.registry-not-pinned" });
    expect(report.status).to.equal("unknown");
  });

  it("with the hash of the expected code, accepts it and refuses another one", async () => {
    const setting = await loadFixture(livingMotor);
    const hash = ethers.keccak256((await setting.suite.implementation.getDeployedCode()) ?? "0x");
    expect((await verify(setting, { implementationCodeHash: hash })).status).to.equal("valid");
    const other = await verify(setting, { implementationCodeHash: ethers.ZeroHash });
    expect(other.verdicts.registration.code).to.equal("registration.implementation-foreign");
  });

  it("of a copy of the whole suite with the same product, refuses the copy", async () => {
    const { suite, motor } = await loadFixture(livingMotor);
    const copy = await deploySuite(await network.create());
    const real = await deployCounterfeit(suite, motor.productId);
    const report = await verify({ suite, motor }, { passport: real });
    expect(report.verdicts.registration.code).to.equal("registration.factory-foreign");
    expect(report.status).to.equal("invalid");
    expect(copy.registry).not.to.equal(suite.registry);
  });

  it("of a caller's mistake, throws and names the field", async () => {
    const setting = await loadFixture(livingMotor);
    for (const [options, field] of [
      [{ passport: "0x1234" }, "passport"],
      [{ passport: setting.motor.productId, context: { registry: undefined } }, "registry"],
      [{ implementationCodeHash: "0x1234" }, "options"],
      [{ fromBlock: -1n }, "options"],
    ] as const) {
      const error: unknown = await verify(setting, options).catch((caught: unknown) => caught);
      expect(isPassportError(error, "input.invalid"), field).to.equal(true);
      expect(error).to.have.nested.property("details.field", field);
    }
    const wrongDigit = await verify(setting, { passport: `${WEG_NAMESPACE}01/09521234567890/21/1` }).catch((e) => e);
    expect(isPassportError(wrongDigit, "identifier.check-digit")).to.equal(true);
  });
});

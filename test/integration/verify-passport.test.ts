import { expect } from "chai";
import { network } from "hardhat";
import { createProvider } from "../../sdk/src/chain/create-provider.js";
import { parseAddress } from "../../sdk/src/primitives/hex.js";
import type { VerificationReport } from "../../sdk/src/verify/judge-passport.js";
import { type VerifyPassportOptions, verifyPassport } from "../../sdk/src/verify/verify-passport.js";
import { deploySuite, type Suite } from "../support/deploy-suite.js";
import { type LyingRpc, startLyingRpc } from "../support/lying-rpc.js";
import { type RecordedMotor, recordMotor } from "../support/recorded-motor.js";

const connection = await network.create();
const { loadFixture, time } = connection.networkHelpers;

const livingMotor = async () => {
  const suite = await deploySuite(connection);
  return { suite, motor: await recordMotor(suite) };
};

describe("verifyPassport", () => {
  let rpc: LyingRpc;

  before(async () => {
    rpc = await startLyingRpc(connection.provider);
  });
  afterEach(() => rpc.recover());
  after(() => rpc.close());

  const verify = async (
    { suite, motor }: { readonly suite: Suite; readonly motor: RecordedMotor },
    options: Partial<VerifyPassportOptions> = {},
  ): Promise<VerificationReport> => {
    const now = BigInt(await time.latest());
    const provider = createProvider(rpc.url, { chainId: 31_337n });
    try {
      const registry = parseAddress(await suite.registry.getAddress());
      return await verifyPassport(
        { provider, chainId: 31_337n, registry, store: motor.store, clock: () => now + 1n },
        { passport: await motor.passport.getAddress(), ...options },
      );
    } finally {
      provider.destroy();
    }
  };

  it("of a motor that was issued, tested, sold and maintained, proves everything", async () => {
    const report = await verify(await loadFixture(livingMotor));
    console.log(JSON.stringify(Object.entries(report.verdicts).map(([q, v]) => [q, v.status, v.code, v.reason]), null, 1), report.findings, [...rpc.calls]);
    expect(report.status).to.equal("valid");
  });
});

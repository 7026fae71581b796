import { network } from "hardhat";
import { createProvider } from "../../sdk/src/chain/create-provider.js";
import { parseAddress } from "../../sdk/src/primitives/hex.js";
import type { VerificationReport } from "../../sdk/src/verify/judge-passport.js";
import {
  type VerificationContext,
  type VerifyPassportOptions,
  verifyPassport,
} from "../../sdk/src/verify/verify-passport.js";
import { deploySuite } from "./deploy-suite.js";
import { startLyingRpc } from "./lying-rpc.js";
import { recordMotor } from "./recorded-motor.js";

const CHAIN_ID = 31_337n;

/**
 * A motor on a chain of its own, a node that can be told to lie, and an auditor who asks that node.
 *
 * @returns the motor, the node, and `verify`, which asks about the motor where `options` do not name something else
 */
export async function openVerificationBench() {
  const connection = await network.create();
  const rpc = await startLyingRpc(connection.provider);
  const suite = await deploySuite(connection);
  const motor = await recordMotor(suite);
  const { time } = connection.networkHelpers;
  const address = await motor.passport.getAddress();

  const verify = async (
    options: Partial<VerifyPassportOptions> = {},
    context: Partial<VerificationContext> = {},
  ): Promise<VerificationReport> => {
    const now = BigInt(await time.latest());
    const provider = createProvider(rpc.url, { chainId: CHAIN_ID });
    try {
      const registry = parseAddress(await suite.registry.getAddress());
      return await verifyPassport(
        { provider, chainId: CHAIN_ID, registry, store: motor.store, clock: () => now, ...context },
        { passport: address, ...options },
      );
    } finally {
      provider.destroy();
    }
  };
  return { connection, rpc, suite, motor, address, verify };
}

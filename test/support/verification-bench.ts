import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { createProvider } from "../../sdk/src/chain/create-provider.js";
import { parseAddress } from "../../sdk/src/primitives/hex.js";
import type { Verdicts, VerificationReport } from "../../sdk/src/verify/judge-passport.js";
import {
  type VerificationContext,
  type VerifyPassportOptions,
  verifyPassport,
} from "../../sdk/src/verify/verify-passport.js";
import { deploySuite, type Suite } from "./deploy-suite.js";
import { startLyingRpc } from "./lying-rpc.js";
import { type RecordedMotor, recordMotor } from "./recorded-motor.js";

/** Of Hardhat's chains. */
export const CHAIN_ID = 31_337n;

/** A motor with a history, and the contracts that it belongs to. */
export interface VerificationSetting {
  readonly suite: Suite;
  readonly motor: RecordedMotor;
}

/** What is verified, and with what, where it is not the motor of the setting in the ordinary way. */
export type VerificationOptions = Partial<VerifyPassportOptions> & {
  readonly context?: Partial<VerificationContext>;
};

/** The verdicts on a motor with which nothing is wrong; freshness depends on how it was read. */
export const ALL_PROVEN = {
  registration: "registration.proven",
  history: "history.proven",
  documents: "documents.valid",
  authority: "authority.on-record",
  condition: "condition.clear",
  succession: "succession.none",
} as const;

/**
 * The codes of a report's verdicts.
 *
 * @param report - of a verification
 * @returns the code by what was judged
 */
export function codesOf({ verdicts }: VerificationReport): Readonly<Record<keyof Verdicts, string>> {
  // Safety: the keys are those of the verdicts.
  return Object.fromEntries(Object.entries(verdicts).map(([question, { code }]) => [question, code])) as Readonly<
    Record<keyof Verdicts, string>
  >;
}

/**
 * Makes motors on a chain, and an auditor who asks nodes about them over HTTP.
 *
 * @param connection - to a chain
 * @param nodes - URLs of its nodes; of several, all but the first are witnesses
 * @returns `livingMotor`, a fixture, and `verify`
 */
export function createAuditor(
  connection: NetworkConnection,
  [first, ...others]: readonly [{ readonly url: string }, ...(readonly { readonly url: string }[])],
) {
  const livingMotor = async (): Promise<VerificationSetting> => {
    const suite = await deploySuite(connection);
    return { suite, motor: await recordMotor(suite) };
  };
  const verify = async (
    { suite, motor }: VerificationSetting,
    { context, ...options }: VerificationOptions = {},
  ): Promise<VerificationReport> => {
    const now = BigInt(await connection.networkHelpers.time.latest());
    const provider = createProvider(first.url, { chainId: CHAIN_ID });
    const witnesses = others.map(({ url }) => createProvider(url, { chainId: CHAIN_ID }));
    try {
      const registry = parseAddress(await suite.registry.getAddress());
      const asked = others.length === 0 ? { provider } : { provider, witnesses };
      return await verifyPassport(
        { ...asked, chainId: CHAIN_ID, registry, store: motor.store, clock: () => now, ...context },
        { passport: await motor.passport.getAddress(), ...options },
      );
    } finally {
      for (const each of [provider, ...witnesses]) each.destroy();
    }
  };
  return { livingMotor, verify };
}

/**
 * A motor on a chain of its own, a node that can be told to lie, and an auditor who asks that node.
 *
 * @returns the motor, the node, and `verify`, which asks about the motor where `options` do not name something else
 */
export async function openVerificationBench() {
  const connection = await network.create();
  const rpc = await startLyingRpc(connection.provider);
  const auditor = createAuditor(connection, [rpc]);
  const { suite, motor } = await auditor.livingMotor();
  const verify = (options: Partial<VerifyPassportOptions> = {}, context: Partial<VerificationContext> = {}) =>
    auditor.verify({ suite, motor }, { ...options, context });
  return { connection, rpc, suite, motor, address: await motor.passport.getAddress(), verify };
}

import { network } from "hardhat";
import { CONDITIONS, NO_END, ROLE_OWNER } from "../../support/contract-values.js";
import { deploySuite, issuePassport, type Suite } from "../../support/deploy-suite.js";
import type { Signatory } from "../../support/signing.js";

/** The chain that all tests of passports share; each test begins from a snapshot of it. */
export const connection = await network.create();

const deployed = (): Promise<Suite> => deploySuite(connection);

/** The deployed suite, as it is after deployment. */
export const loadSuite = (): Promise<Suite> => connection.networkHelpers.loadFixture(deployed);

/** The deployed suite and one passport, just issued to the account `owner`. */
export async function loadPassport() {
  return await connection.networkHelpers.loadFixture(withPassport);
}

async function withPassport() {
  const suite = await loadSuite();
  return { ...suite, suite, passport: await issuePassport(suite) };
}

/** Roles of WEG, and the owner's. */
export const ROLES = {
  MANUFACTURER: 1n << 0n,
  CERTIFIER: 1n << 1n,
  TECHNICIAN: 1n << 6n,
  RECYCLER: 1n << 7n,
  GATEWAY: 1n << 9n,
  OWNER: ROLE_OWNER,
} as const;

/** Condition bits of passports, and WEG's. */
export const WEG_CONDITIONS = { ...CONDITIONS, IN_SERVICE: 0x0100n, RECALLED: 0x0200n } as const;

/** Unix time, in seconds, of the last block. */
export const now = async (): Promise<bigint> => BigInt(await connection.networkHelpers.time.latest());

/** Unix time, in seconds, when everything that a test signs is still valid. */
export const inAnHour = async (): Promise<bigint> => (await now()) + 3_600n;

/**
 * Lets the next transaction be recorded at that time.
 *
 * @param timestamp - Unix time, in seconds
 */
export const recordNextAt = (timestamp: bigint): Promise<void> =>
  connection.networkHelpers.time.setNextBlockTimestamp(timestamp);

/**
 * Grants roles for all of WEG's passports, to a key by its bytes.
 *
 * @param suite - the suite
 * @param options - to whom, and which roles
 */
export async function grantTo(
  { manager }: Suite,
  { signatory, roles }: { readonly signatory: Pick<Signatory, "address" | "signer">; readonly roles: bigint },
): Promise<void> {
  if (signatory.signer === "0x") await manager.grant(signatory.address, roles, 0, NO_END);
  else await manager.grantKey(signatory.signer, roles, 0, NO_END);
}

import type { SnapshotRestorer } from "@nomicfoundation/hardhat-network-helpers/types";
import { network } from "hardhat";
import { CONDITIONS, NO_END, ROLE_OWNER } from "../../support/contract-values.js";
import { deploySuite, issuePassport, type Suite } from "../../support/deploy-suite.js";
import type { Signatory } from "../../support/signing.js";

/** The chain that all tests of passports share; each test begins from a snapshot of it. */
export const connection = await network.create();

/** Snapshots that can still be restored, each taken on top of those before it. */
let snapshots: readonly SnapshotRestorer[] = [];

/**
 * Prepares a situation once, and goes back to it each time it is asked for. Situations may build on each other, which
 * `loadFixture` does not get right: it keeps situations that have gone with the one below them.
 *
 * @param prepare - makes the situation, from the one that it loads first
 * @returns loads the situation
 */
export function snapshotOf<Situation>(prepare: () => Promise<Situation>): () => Promise<Situation> {
  let saved: { readonly situation: Situation; readonly snapshot: SnapshotRestorer } | undefined;
  return async () => {
    const position = saved === undefined ? -1 : snapshots.indexOf(saved.snapshot);
    if (saved !== undefined && position >= 0) {
      await saved.snapshot.restore();
      snapshots = snapshots.slice(0, position + 1);
      return saved.situation;
    }
    const situation = await prepare();
    const snapshot = await connection.networkHelpers.takeSnapshot();
    snapshots = [...snapshots, snapshot];
    saved = { situation, snapshot };
    return situation;
  };
}

/** The deployed suite, as it is after deployment. */
export const loadSuite = snapshotOf(() => deploySuite(connection));

/**
 * Deploys the suite on two new chains, at the same addresses: on each they are the first contracts.
 *
 * @returns the suites, on chain 31337 and on another one
 */
export async function deployTwins(): Promise<readonly [Suite, Suite]> {
  return [
    await deploySuite(await network.create()),
    await deploySuite(await network.create({ override: { chainId: 42_161 } })),
  ];
}

/** The deployed suite and one passport, just issued to the account `owner`. */
export const loadPassport = snapshotOf(async () => {
  const suite = await loadSuite();
  return { ...suite, suite, passport: await issuePassport(suite) };
});

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

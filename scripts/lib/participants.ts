import type { WEGManager } from "../../types/ethers-contracts/index.js";

/** Everybody who plays a part in a motor's life, in the order of a local chain's accounts. */
const PARTICIPANT_NAMES = [
  "admin",
  "guardian",
  "issuer",
  "manufacturer",
  "certifier",
  "exporter",
  "logistics",
  "jointManufacturer",
  "retailer",
  "technician",
  "recycler",
  "regulator",
  "gateway",
  "owner",
  "buyer",
  "stranger",
] as const;

/** Name of a part: "admin" deploys and administers, "issuer" issues, "stranger" has no role at all, and so on. */
export type ParticipantName = (typeof PARTICIPANT_NAMES)[number];

/** An account for each part. */
export type Participants<Account> = Readonly<Record<ParticipantName, Account>>;

/** Who gets a role for all passports of WEG, and which. A gateway gets its role for single passports, an owner by owning. */
export const GRANTED_ROLES = [
  ["manufacturer", "MANUFACTURER"],
  ["certifier", "CERTIFIER"],
  ["exporter", "EXPORTER"],
  ["logistics", "LOGISTICS"],
  ["jointManufacturer", "JOINT_MANUFACTURER"],
  ["retailer", "RETAILER"],
  ["technician", "TECHNICIAN"],
  ["recycler", "RECYCLER"],
  ["regulator", "REGULATOR"],
] as const satisfies readonly (readonly [ParticipantName, string])[];

/** Latest Unix second that the contracts can hold, for grants that do not end. */
export const NO_END = 2n ** 40n - 1n;

/**
 * Gives each account of a local chain its part.
 *
 * @param accounts - at least sixteen
 * @returns the accounts by name
 */
export function participantsOf<Account>(accounts: readonly Account[]): Participants<Account> {
  if (accounts.length < PARTICIPANT_NAMES.length) {
    throw new Error(`${PARTICIPANT_NAMES.length} parts are to be played by only ${accounts.length} accounts`);
  }
  // Safety: every name gets the account at its index, and there are enough.
  return Object.fromEntries(PARTICIPANT_NAMES.map((name, index) => [name, accounts[index]])) as Participants<Account>;
}

/**
 * Grants the roles of `GRANTED_ROLES`; one that is granted already is left alone.
 *
 * @param manager - connected to the administrator
 * @param participants - who gets the roles
 */
export async function grantRoles(
  manager: WEGManager,
  participants: Participants<{ readonly address: string }>,
): Promise<void> {
  for (const [participant, role] of GRANTED_ROLES) {
    const { address } = participants[participant];
    const [roles, grant] = [await manager[role](), await manager.grantOf(address)];
    if (grant.roles !== roles) await (await manager.grant(address, roles, 0, NO_END)).wait();
  }
}

import { askNode } from "../chain/ask-node.js";
import { IManufacturerManager__factory } from "../contracts/index.js";
import { type Address, parseAddress } from "../primitives/hex.js";
import type { ReadingContext } from "./context.js";

/** What a manager says about an attester. */
export interface Grant {
  /** Roles, one bit each. */
  readonly roles: bigint;
  /** First and last second, Unix time. */
  readonly validFrom: bigint;
  readonly validUntil: bigint;
  /** Chain time of the revocation, which is final; undefined: not revoked. */
  readonly revokedAt: bigint | undefined;
  /** Unix time since which entries of this attester are disputed; undefined: never. */
  readonly compromisedSince: bigint | undefined;
}

/** Whose grant, for what, and at which block. */
export interface ReadGrantOptions {
  readonly manager: Address;
  readonly attester: Address;
  /** A grant for this passport alone; left out: the grant for all passports of the manager. */
  readonly passport?: Address | undefined;
  /** Who granted for the passport: an owner; the manager if left out. */
  readonly granter?: Address | undefined;
  /** Number of the block; the last one if left out. */
  readonly block?: bigint | undefined;
}

/**
 * Reads what a manager has granted to an attester. Revocation and compromise of an attester as a whole stand in his
 * grant for all passports.
 *
 * @param context - `provider`: any ethers provider
 * @param options - manager, attester, and the passport if the grant is for one alone
 * @returns the grant; without roles if there is none
 * @throws PassportError `input.invalid`, `chain.*`, `contract.*`
 */
export async function readGrant(
  { provider }: Pick<ReadingContext, "provider">,
  options: ReadGrantOptions,
): Promise<Grant> {
  const manager = parseAddress(options.manager, { field: "manager" });
  const attester = parseAddress(options.attester, { field: "attester" });
  const { passport, granter = manager, block: blockTag = "latest" } = options;
  const contract = IManufacturerManager__factory.connect(manager, provider);
  const grant = await askNode(provider, () =>
    passport === undefined
      ? contract.grantOf(attester, { blockTag })
      : contract.grantForOf(passport, granter, attester, { blockTag }),
  );
  return {
    roles: grant.roles,
    validFrom: grant.validFrom,
    validUntil: grant.validUntil,
    revokedAt: grant.revokedAt || undefined,
    compromisedSince: grant.compromisedSince || undefined,
  };
}

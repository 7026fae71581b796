import { id } from "ethers";
import { askNode } from "../chain/ask-node.js";
import { PassportRegistry__factory } from "../contracts/index.js";
import type { ReadingContext } from "../passport/context.js";
import type { Address } from "../primitives/hex.js";

/** Roles of the registry that are meant for timelocks. */
const TIMELOCK_ROLES = ["ADMISSION_ROLE", "LISTING_ROLE"] as const;

/** A role of the registry that a timelock may hold. */
export type AdministrativeRole = (typeof TIMELOCK_ROLES)[number] | "DEFAULT_ADMIN_ROLE";

/**
 * Reads what an account may do in the registry.
 *
 * @param context - `provider`, `registry`: nobody else is asked
 * @param options - `account`: its address
 * @returns its administrative roles, DEFAULT_ADMIN_ROLE where it administers
 * @throws PassportError `chain.*`
 */
export async function readAdministrativeRoles(
  { provider, registry }: Pick<ReadingContext, "provider" | "registry">,
  { account }: { readonly account: Address },
): Promise<readonly AdministrativeRole[]> {
  const contract = PassportRegistry__factory.connect(registry, provider);
  const [administrator, ...held] = await askNode(provider, () =>
    Promise.all([contract.defaultAdmin(), ...TIMELOCK_ROLES.map((role) => contract.hasRole(id(role), account))]),
  );
  const roles = TIMELOCK_ROLES.filter((_, index) => held[index]);
  return administrator === account ? [...roles, "DEFAULT_ADMIN_ROLE"] : roles;
}

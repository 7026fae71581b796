import { askNode } from "../chain/ask-node.js";
import { rolesInWords } from "../chain/manager-names.js";
import { IManufacturerManager__factory } from "../contracts/index.js";
import { requireManager, type WritingContext } from "./context.js";
import { readManagerNames } from "./read-manager-names.js";

/** Roles with a special way of being granted, by name. */
export interface GrantableRoles {
  /** Those that an owner may grant for his passport. */
  readonly byOwners: readonly string[];
  /** Those that are granted for single passports only. */
  readonly perPassport: readonly string[];
}

/**
 * Reads which roles owners may grant, and which are granted for single passports only.
 *
 * @param context - `provider`, `manager`
 * @returns the roles
 * @throws PassportError `input.invalid` without a manager, `chain.*`
 */
export async function readGrantableRoles(
  context: Pick<WritingContext, "provider" | "manager">,
): Promise<GrantableRoles> {
  const { provider } = context;
  const manager = requireManager(context);
  const contract = IManufacturerManager__factory.connect(manager, provider);
  const [byOwners, perPassport] = await askNode(provider, () =>
    Promise.all([contract.ownerGrantableRoles(), contract.perPassportRoles()]),
  );
  const names = await readManagerNames(context, { manager });
  return { byOwners: rolesInWords(byOwners, names), perPassport: rolesInWords(perPassport, names) };
}

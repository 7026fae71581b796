import { askNode } from "../chain/ask-node.js";
import { PassportRegistry__factory } from "../contracts/index.js";
import { type AdministrativeRoleOptions, roleArguments } from "./administrative-role.js";
import type { WritingContext } from "./context.js";
import { administeredAddress } from "./prepare-administration.js";

/**
 * Tells whether an account has an office of the registry or the manager.
 *
 * @param context - `provider`, `registry`, `manager`
 * @param options - where, which office, which account
 * @returns whether it has
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function hasAdministrativeRole(
  context: Pick<WritingContext, "provider" | "registry" | "manager">,
  options: AdministrativeRoleOptions,
): Promise<boolean> {
  const { provider } = context;
  const contract = PassportRegistry__factory.connect(administeredAddress(context, options.contract), provider);
  return await askNode(provider, () => contract.hasRole(...roleArguments(options)));
}

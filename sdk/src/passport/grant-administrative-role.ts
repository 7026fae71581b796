import { registryInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import {
  type AdministrativeRoleChange,
  type AdministrativeRoleOptions,
  roleArguments,
  roleChangeSchema,
} from "./administrative-role.js";
import type { WritingContext } from "./context.js";
import { administeredAddress, prepareAdministration } from "./prepare-administration.js";

/**
 * Prepares a call that gives an office of the registry or the manager to an account. Only the administrator. An account that
 * has it already changes nothing, which sending says as `contract.event-missing`.
 *
 * @param context - what writing actions work on; for offices of the manager, with a manager
 * @param options - where, which office, which account
 * @returns the prepared transaction; its result is the change
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function grantAdministrativeRole(
  context: WritingContext,
  options: AdministrativeRoleOptions,
): Promise<PreparedTransaction<AdministrativeRoleChange>> {
  return prepareAdministration(context, {
    contract: administeredAddress(context, options.contract),
    contractInterface: registryInterface,
    data: registryInterface.encodeFunctionData("grantRole", [...roleArguments(options)]),
    event: "RoleGranted",
    schema: roleChangeSchema,
  });
}

import { registryInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { type AdministrativeRoleChange, roleChangeSchema } from "./administrative-role.js";
import type { WritingContext } from "./context.js";
import { type AdministeredContract, administeredAddress, prepareAdministration } from "./prepare-administration.js";

/**
 * Prepares the acceptance of a transfer of the administration that was begun to the signer, after its delay.
 *
 * @param context - what writing actions work on; for the manager, with a manager
 * @param options - `contract`: of which
 * @returns the prepared transaction; its result is the new administrator
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function acceptAdministratorTransfer(
  context: WritingContext,
  options: { readonly contract: AdministeredContract },
): Promise<PreparedTransaction<AdministrativeRoleChange>> {
  return prepareAdministration(context, {
    contract: administeredAddress(context, options.contract),
    contractInterface: registryInterface,
    data: registryInterface.encodeFunctionData("acceptDefaultAdminTransfer"),
    event: "RoleGranted",
    schema: roleChangeSchema,
  });
}

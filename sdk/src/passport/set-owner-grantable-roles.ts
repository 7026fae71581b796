import * as z from "zod";
import { managerInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { requireManager, type WritingContext } from "./context.js";
import { prepareManagement, readRoleBits } from "./prepare-management.js";

const rolesSchema = z.object({ roles: z.bigint() });

/** Roles that owners may grant for their passports, one bit each. */
export type OwnerGrantableRoles = z.infer<typeof rolesSchema>;

/**
 * Prepares which roles owners may grant for their own passports; grants of theirs that were made stay. Only the
 * administrator.
 *
 * @param context - what writing actions work on, with a manager
 * @param options - `roles`: their names; they replace those of before
 * @returns the prepared transaction; its result are the roles
 * @throws PassportError `input.invalid`, `role.unknown`, `chain.*`
 */
export async function setOwnerGrantableRoles(
  context: WritingContext,
  options: { readonly roles: readonly string[] },
): Promise<PreparedTransaction<OwnerGrantableRoles>> {
  const manager = requireManager(context);
  const roles = await readRoleBits(context, { manager, roles: options.roles });
  return prepareManagement(context, {
    manager,
    data: managerInterface.encodeFunctionData("setOwnerGrantableRoles", [roles]),
    event: "OwnerGrantableRolesChanged",
    schema: rolesSchema,
  });
}

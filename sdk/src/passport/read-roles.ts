import { askNode } from "../chain/ask-node.js";
import { rolesInWords } from "../chain/manager-names.js";
import { IManufacturerManager__factory } from "../contracts/index.js";
import { parseAddress } from "../primitives/hex.js";
import type { WritingContext } from "./context.js";
import { resolveManager } from "./prepare-management.js";
import { readManagerNames } from "./read-manager-names.js";
import { type PassportOption, resolvePassport } from "./resolve-passport.js";

/** The roles of an attester, one bit each, and in the manager's words. */
export interface HeldRoles {
  readonly roles: bigint;
  readonly inWords: readonly string[];
}

/**
 * Reads which roles an attester holds at this moment for a passport: by grants for all passports, and by grants for this
 * one. Owning it is not among them: `readPassport` says who does.
 *
 * @param context - `provider`, `registry`
 * @param options - the passport; `attester`: account, contract wallet or derived address of a key
 * @returns the roles
 * @throws PassportError `input.invalid`, `identifier.*`, `passport.*`, `chain.*`
 */
export async function readRoles(
  context: WritingContext,
  options: PassportOption & { readonly attester: string },
): Promise<HeldRoles> {
  const attester = parseAddress(options.attester, { field: "attester" });
  const passport = await resolvePassport(context, options);
  const manager = await resolveManager(context, { passport });
  const contract = IManufacturerManager__factory.connect(manager, context.provider);
  const roles = await askNode(context.provider, () => contract.rolesOf(passport, attester));
  return { roles, inWords: rolesInWords(roles, await readManagerNames(context, { manager })) };
}

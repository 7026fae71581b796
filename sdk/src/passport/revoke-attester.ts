import * as z from "zod";
import { managerInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { addressSchema, parseAddress } from "../primitives/hex.js";
import type { WritingContext } from "./context.js";
import { prepareManagement, resolveManager } from "./prepare-management.js";
import { resolvePassport } from "./resolve-passport.js";

/** Who is revoked, for which passports. */
export interface RevokeOptions {
  /** Account, contract wallet or derived address of a key. */
  readonly attester: string;
  /**
   * Address of the one passport, or URL of its product: only the sender's grant for it ends. Everything that the
   * attester may do for this manager if left out.
   */
  readonly passport?: string | undefined;
}

const revokedSchema = z.object({
  attester: addressSchema,
  /** The one passport; the zero address: the attester as a whole. */
  passport: addressSchema,
  granter: addressSchema,
});

/** A revocation that was made. */
export type MadeRevocation = z.infer<typeof revokedSchema>;

/**
 * Prepares the revocation of an attester, which is final: as a whole by the administrator; for one passport by the
 * administrator or the owner. What he has recorded stays.
 *
 * @param context - what writing actions work on; for all passports, with a manager
 * @param options - who, for which passports
 * @returns the prepared transaction; its result is the revocation
 * @throws PassportError `input.invalid`, `identifier.*`, `passport.*`, `chain.*`
 */
export async function revokeAttester(
  context: WritingContext,
  options: RevokeOptions,
): Promise<PreparedTransaction<MadeRevocation>> {
  const attester = parseAddress(options.attester, { field: "attester" });
  const passport =
    options.passport === undefined ? undefined : await resolvePassport(context, { passport: options.passport });
  const manager = await resolveManager(context, { passport });
  const data =
    passport === undefined
      ? managerInterface.encodeFunctionData("revoke", [attester])
      : managerInterface.encodeFunctionData("revokeFor", [passport, attester]);
  return prepareManagement(context, { manager, data, event: "Revoked", schema: revokedSchema });
}

import * as z from "zod";
import { managerInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { type Address, addressSchema, parseAddress, parseHex } from "../primitives/hex.js";
import { parseUnixSeconds, type WritingContext } from "./context.js";
import { prepareManagement, readRoleBits, resolveManager } from "./prepare-management.js";
import { resolvePassport } from "./resolve-passport.js";

/** Who is granted something: an account or contract wallet by its address, or a key by its ERC-7913 signer. */
export type Grantee = { readonly attester: string } | { readonly signer: string };

/** Which roles, for which passports, for how long. */
export type GrantOptions = Grantee & {
  /** Names of roles, such as TECHNICIAN. They replace those of the grant before. */
  readonly roles: readonly string[];
  /** Address of the one passport, or URL of its product; all passports of the manager if left out. */
  readonly passport?: string | undefined;
  /** First second, Unix time; at once if left out. */
  readonly validFrom?: bigint | undefined;
  /** Last second, Unix time. */
  readonly validUntil: bigint;
};

const grantedSchema = z.object({
  attester: addressSchema,
  /** The one passport; the zero address: all passports of the manager. */
  passport: addressSchema,
  /** The manager, or the owner who granted for his passport. */
  granter: addressSchema,
  /** One bit each. */
  roles: z.bigint(),
  validFrom: z.bigint(),
  validUntil: z.bigint(),
});

/** A grant that was made. */
export type MadeGrant = z.infer<typeof grantedSchema>;

/**
 * Prepares a grant of roles: for all passports by the administrator; for one passport by the administrator or, where the
 * manufacturer allows it, by the owner.
 *
 * @param context - what writing actions work on; for all passports, with a manager
 * @param options - who, which roles, for which passports, for how long
 * @returns the prepared transaction; its result is the grant
 * @throws PassportError `input.invalid`, `role.unknown`, `identifier.*`, `passport.*`, `chain.*`
 *
 * @example
 * ```ts
 * const prepared = await grantRoles(context, { attester, roles: ["TECHNICIAN"], validUntil: 1_893_456_000n });
 * await prepared.send();
 * ```
 */
export async function grantRoles(
  context: WritingContext,
  options: GrantOptions,
): Promise<PreparedTransaction<MadeGrant>> {
  const validFrom = parseUnixSeconds(options.validFrom ?? 0n, { field: "validFrom" });
  const validUntil = parseUnixSeconds(options.validUntil, { field: "validUntil" });
  const passport =
    options.passport === undefined ? undefined : await resolvePassport(context, { passport: options.passport });
  const manager = await resolveManager(context, { passport });
  const roles = await readRoleBits(context, { manager, roles: options.roles });
  const data = encodeGrant(options, { passport, terms: [roles, validFrom, validUntil] });
  return prepareManagement(context, { manager, data, event: "Granted", schema: grantedSchema });
}

function encodeGrant(
  grantee: Grantee,
  options: { readonly passport: Address | undefined; readonly terms: readonly [bigint, bigint, bigint] },
): string {
  const { passport, terms } = options;
  if ("signer" in grantee) {
    const signer = parseHex(grantee.signer, { field: "signer" });
    return passport === undefined
      ? managerInterface.encodeFunctionData("grantKey", [signer, ...terms])
      : managerInterface.encodeFunctionData("grantKeyFor", [passport, signer, ...terms]);
  }
  const attester = parseAddress(grantee.attester, { field: "attester" });
  return passport === undefined
    ? managerInterface.encodeFunctionData("grant", [attester, ...terms])
    : managerInterface.encodeFunctionData("grantFor", [passport, attester, ...terms]);
}

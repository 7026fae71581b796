import * as z from "zod";
import { registryInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { addressSchema, parseAddress } from "../primitives/hex.js";
import type { WritingContext } from "./context.js";
import { prepareAdministration } from "./prepare-administration.js";

const suspendSchema = z.object({ manager: addressSchema, guardian: addressSchema });

/** A stop of issuing. */
export type SuspendedIssuing = z.infer<typeof suspendSchema>;

/**
 * Prepares a stop of a manager's issuing, at once; passports that exist are not touched. Only who holds the registry's GUARDIAN_ROLE.
 *
 * @param context - what writing actions work on
 * @param options - `manager`: its address
 * @returns the prepared transaction; its result is whose issuing
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function suspendIssuing(
  context: WritingContext,
  options: { readonly manager: string },
): Promise<PreparedTransaction<SuspendedIssuing>> {
  const manager = parseAddress(options.manager, { field: "manager" });
  return prepareAdministration(context, {
    contract: context.registry,
    contractInterface: registryInterface,
    data: registryInterface.encodeFunctionData("suspendIssuing", [manager]),
    event: "IssuingSuspended",
    schema: suspendSchema,
  });
}

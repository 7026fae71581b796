import * as z from "zod";
import { registryInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { addressSchema, parseAddress } from "../primitives/hex.js";
import type { WritingContext } from "./context.js";
import { type AdministeredContract, administeredAddress, prepareAdministration } from "./prepare-administration.js";

const transferSchema = z
  .object({ newAdmin: addressSchema, acceptSchedule: z.bigint() })
  .transform(({ acceptSchedule, newAdmin }) => ({ newAdministrator: newAdmin, acceptableFrom: acceptSchedule }));

/** A transfer that was begun; `acceptableFrom` is the Unix second before which it cannot be accepted. */
export type AdministratorTransfer = z.infer<typeof transferSchema>;

/**
 * Prepares the beginning of a transfer of the administration of the registry or the manager; the new administrator
 * accepts after the contract's delay. Only the administrator. It replaces one that was begun before.
 *
 * @param context - what writing actions work on; for the manager, with a manager
 * @param options - `contract`: of which; `newAdministrator`: to whom
 * @returns the prepared transaction; its result is the transfer
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function beginAdministratorTransfer(
  context: WritingContext,
  options: { readonly contract: AdministeredContract; readonly newAdministrator: string },
): Promise<PreparedTransaction<AdministratorTransfer>> {
  const newAdministrator = parseAddress(options.newAdministrator, { field: "newAdministrator" });
  return prepareAdministration(context, {
    contract: administeredAddress(context, options.contract),
    contractInterface: registryInterface,
    data: registryInterface.encodeFunctionData("beginDefaultAdminTransfer", [newAdministrator]),
    event: "DefaultAdminTransferScheduled",
    schema: transferSchema,
  });
}

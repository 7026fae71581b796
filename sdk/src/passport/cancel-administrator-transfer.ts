import * as z from "zod";
import { registryInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import type { WritingContext } from "./context.js";
import { type AdministeredContract, administeredAddress, prepareAdministration } from "./prepare-administration.js";

/**
 * Prepares the withdrawal of a transfer of the administration that nobody has accepted. Only the administrator.
 *
 * @param context - what writing actions work on; for the manager, with a manager
 * @param options - `contract`: of which
 * @returns the prepared transaction; its result is empty
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function cancelAdministratorTransfer(
  context: WritingContext,
  options: { readonly contract: AdministeredContract },
): Promise<PreparedTransaction<Readonly<Record<string, never>>>> {
  return prepareAdministration(context, {
    contract: administeredAddress(context, options.contract),
    contractInterface: registryInterface,
    data: registryInterface.encodeFunctionData("cancelDefaultAdminTransfer"),
    event: "DefaultAdminTransferCanceled",
    schema: z.object({}),
  });
}

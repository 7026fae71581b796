import * as z from "zod";
import { registryInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { addressSchema, parseAddress } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";
import type { WritingContext } from "./context.js";
import { prepareAdministration } from "./prepare-administration.js";

const managerSchema = z.object({ manufacturerId: z.bigint(), manager: addressSchema });
const manufacturerIdSchema = z.bigint().positive();

/** A manager that was admitted. */
export type AdmittedManager = z.infer<typeof managerSchema>;

/**
 * Prepares the admission of a further manager of a manufacturer, for the same namespace. Only who holds the registry's
 * ADMISSION_ROLE.
 *
 * @param context - what writing actions work on
 * @param options - `manufacturerId`: number of the manufacturer, from 1; `manager`: address of the manager
 * @returns the prepared transaction; its result is the admission
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function admitManager(
  context: WritingContext,
  options: { readonly manufacturerId: bigint; readonly manager: string },
): Promise<PreparedTransaction<AdmittedManager>> {
  const manufacturerId = parseInput(manufacturerIdSchema, options.manufacturerId, { field: "manufacturerId" });
  const manager = parseAddress(options.manager, { field: "manager" });
  return prepareAdministration(context, {
    contract: context.registry,
    contractInterface: registryInterface,
    data: registryInterface.encodeFunctionData("admitManager", [manufacturerId, manager]),
    event: "ManagerAdmitted",
    schema: managerSchema,
  });
}

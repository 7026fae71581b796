import * as z from "zod";
import { managerInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { addressSchema, parseAddress } from "../primitives/hex.js";
import { requireManager, type WritingContext } from "./context.js";
import { prepareManagement } from "./prepare-management.js";

const factorySchema = z.object({ factory: addressSchema });

/** The factory that a manager issues with. */
export type ChosenFactory = z.infer<typeof factorySchema>;

/**
 * Prepares the choice of another factory, which makes passports of another version from then on. Only the administrator;
 * only a factory that the registry lists.
 *
 * @param context - what writing actions work on, with a manager
 * @param options - `factory`: its address
 * @returns the prepared transaction; its result is the factory
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function setFactory(
  context: WritingContext,
  options: { readonly factory: string },
): Promise<PreparedTransaction<ChosenFactory>> {
  const factory = parseAddress(options.factory, { field: "factory" });
  return prepareManagement(context, {
    manager: requireManager(context),
    data: managerInterface.encodeFunctionData("setFactory", [factory]),
    event: "FactoryChanged",
    schema: factorySchema,
  });
}

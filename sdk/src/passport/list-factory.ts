import * as z from "zod";
import { registryInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { addressSchema, bytes32Schema, parseAddress } from "../primitives/hex.js";
import type { WritingContext } from "./context.js";
import { prepareAdministration } from "./prepare-administration.js";

const listedFactorySchema = z.object({
  factory: addressSchema,
  /** Code that its passports run. */
  implementation: addressSchema,
  implementationCodeHash: bytes32Schema,
});

/** A factory that the registry lists. */
export type ListedFactory = z.infer<typeof listedFactorySchema>;

/**
 * Prepares the listing of a factory, which is for ever: whatever it makes counts as a passport. Only who holds the
 * registry's LISTING_ROLE.
 *
 * @param context - what writing actions work on
 * @param options - `factory`: its address
 * @returns the prepared transaction; its result is the factory, with the code of its passports
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function listFactory(
  context: WritingContext,
  options: { readonly factory: string },
): Promise<PreparedTransaction<ListedFactory>> {
  const factory = parseAddress(options.factory, { field: "factory" });
  return prepareAdministration(context, {
    contract: context.registry,
    contractInterface: registryInterface,
    data: registryInterface.encodeFunctionData("listFactory", [factory]),
    event: "FactoryListed",
    schema: listedFactorySchema,
  });
}

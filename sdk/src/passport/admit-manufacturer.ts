import * as z from "zod";
import { registryInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { parseNamespace } from "../identifier/parse-namespace.js";
import { parseAddress } from "../primitives/hex.js";
import type { WritingContext } from "./context.js";
import { prepareAdministration } from "./prepare-administration.js";

const manufacturerSchema = z.object({ manufacturerId: z.bigint(), namespace: z.string() });

/** A manufacturer that was admitted. */
export type AdmittedManufacturer = z.infer<typeof manufacturerSchema>;

/**
 * Prepares the admission of a manufacturer with its namespace, which is its own for ever, and its first manager. Only
 * who holds the registry's ADMISSION_ROLE.
 *
 * @param context - what writing actions work on
 * @param options - `namespace`: such as "https://id.weg.example/"; `manager`: address of the manager
 * @returns the prepared transaction; its result is the number of the manufacturer
 * @throws PassportError `input.invalid`, `identifier.namespace`, `chain.*`
 */
export async function admitManufacturer(
  context: WritingContext,
  options: { readonly namespace: string; readonly manager: string },
): Promise<PreparedTransaction<AdmittedManufacturer>> {
  const namespace = parseNamespace(options.namespace);
  const manager = parseAddress(options.manager, { field: "manager" });
  return prepareAdministration(context, {
    contract: context.registry,
    contractInterface: registryInterface,
    data: registryInterface.encodeFunctionData("admitManufacturer", [namespace, manager]),
    event: "ManufacturerAdmitted",
    schema: manufacturerSchema,
  });
}

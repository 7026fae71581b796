import * as z from "zod";
import { registryInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { addressSchema, parseAddress } from "../primitives/hex.js";
import type { WritingContext } from "./context.js";
import { prepareAdministration } from "./prepare-administration.js";

const resumeSchema = z.object({ manager: addressSchema });

/** An end of such a stop. */
export type ResumedIssuing = z.infer<typeof resumeSchema>;

/**
 * Prepares that a manager may issue again. Only who holds the registry's ADMISSION_ROLE.
 *
 * @param context - what writing actions work on
 * @param options - `manager`: its address
 * @returns the prepared transaction; its result is whose issuing
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function resumeIssuing(
  context: WritingContext,
  options: { readonly manager: string },
): Promise<PreparedTransaction<ResumedIssuing>> {
  const manager = parseAddress(options.manager, { field: "manager" });
  return prepareAdministration(context, {
    contract: context.registry,
    contractInterface: registryInterface,
    data: registryInterface.encodeFunctionData("resumeIssuing", [manager]),
    event: "IssuingResumed",
    schema: resumeSchema,
  });
}

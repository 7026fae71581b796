import * as z from "zod";
import { managerInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { parseInput } from "../primitives/parse-input.js";
import { requireManager, type WritingContext } from "./context.js";
import { prepareManagement } from "./prepare-management.js";
import { perHourSchema } from "./set-issuing-limit.js";

const issuingCapSchema = z.object({ perHour: z.bigint() });

/** A cap that was set. */
export type IssuingCap = z.infer<typeof issuingCapSchema>;

/**
 * Prepares the cap of all issuers of a manager together. Only the administrator; not below what the issuers' limits add
 * up to.
 *
 * @param context - what writing actions work on, with a manager
 * @param options - `perHour`: passports per hour
 * @returns the prepared transaction; its result is the cap
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function setIssuingCap(
  context: WritingContext,
  options: { readonly perHour: number },
): Promise<PreparedTransaction<IssuingCap>> {
  const perHour = parseInput(perHourSchema, options.perHour, { field: "perHour" });
  return prepareManagement(context, {
    manager: requireManager(context),
    data: managerInterface.encodeFunctionData("setIssuingCap", [perHour]),
    event: "IssuingCapChanged",
    schema: issuingCapSchema,
  });
}

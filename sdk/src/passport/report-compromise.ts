import * as z from "zod";
import { managerInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { addressSchema, parseAddress } from "../primitives/hex.js";
import { parseUnixSeconds, requireManager, type WritingContext } from "./context.js";
import { prepareManagement } from "./prepare-management.js";

const compromiseSchema = z.object({ attester: addressSchema, compromisedSince: z.bigint() });

/** A compromise that was reported. */
export type ReportedCompromise = z.infer<typeof compromiseSchema>;

/**
 * Prepares the report that an attester's key is in wrong hands: he is revoked, and what was recorded in his name since
 * then reads "disputed". Only the administrator, once per attester.
 *
 * @param context - what writing actions work on, with a manager
 * @param options - `attester`; `since`: Unix time, at most 90 days back
 * @returns the prepared transaction; its result is the report
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function reportCompromise(
  context: WritingContext,
  options: { readonly attester: string; readonly since: bigint },
): Promise<PreparedTransaction<ReportedCompromise>> {
  const attester = parseAddress(options.attester, { field: "attester" });
  const since = parseUnixSeconds(options.since, { field: "since" });
  return prepareManagement(context, {
    manager: requireManager(context),
    data: managerInterface.encodeFunctionData("reportCompromise", [attester, since]),
    event: "CompromiseReported",
    schema: compromiseSchema,
  });
}

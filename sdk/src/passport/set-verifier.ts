import * as z from "zod";
import { managerInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { addressSchema, parseAddress } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";
import { requireManager, type WritingContext } from "./context.js";
import { prepareManagement } from "./prepare-management.js";

const verifierSchema = z.object({ verifier: addressSchema, accepted: z.boolean() });

/** Whether a manager accepts keys of a verifier. */
export type AcceptedVerifier = z.infer<typeof verifierSchema>;

/**
 * Prepares whether keys of an ERC-7913 verifier can be granted roles. Only the administrator. Keys that were granted
 * roles before keep them; revoke those.
 *
 * @param context - what writing actions work on, with a manager
 * @param options - `verifier`: address of its contract; `accepted`: whether it is on the list
 * @returns the prepared transaction; its result is what was set
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function setVerifier(
  context: WritingContext,
  options: { readonly verifier: string; readonly accepted: boolean },
): Promise<PreparedTransaction<AcceptedVerifier>> {
  const verifier = parseAddress(options.verifier, { field: "verifier" });
  const accepted = parseInput(z.boolean(), options.accepted, { field: "accepted" });
  return prepareManagement(context, {
    manager: requireManager(context),
    data: managerInterface.encodeFunctionData("setVerifier", [verifier, accepted]),
    event: "VerifierChanged",
    schema: verifierSchema,
  });
}

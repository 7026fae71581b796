import { encodeBytes32String } from "ethers";
import * as z from "zod";
import { wegManagerInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { parseInput } from "../primitives/parse-input.js";
import { requireManager, type WritingContext } from "./context.js";
import { prepareAdministration } from "./prepare-administration.js";
import { type MaintenancePolicy, productLineSchema } from "./read-maintenance-policy.js";

const uint32Schema = z
  .bigint()
  .min(0n)
  .max(2n ** 32n - 1n);
const uint16Schema = z
  .bigint()
  .min(0n)
  .max(2n ** 16n - 1n);

const policySchema = z.object({
  inspectionIntervalHours: uint32Schema,
  regreaseIntervalHours: uint32Schema,
  bearingReplacementHours: uint32Schema,
  maxWindingTemperature: uint16Schema,
  maxBearingTemperature: uint16Schema,
  maxVibration: uint32Schema,
}) satisfies z.ZodType<MaintenancePolicy>;

const changeSchema = z.object({ productLine: z.string() });

/** Whose policy was set. */
export type ChangedMaintenancePolicy = z.infer<typeof changeSchema>;

/**
 * Prepares how the motors of a product line of WEG want to be maintained. Only the administrator.
 *
 * @param context - what writing actions work on, with a WEGManager
 * @param options - `productLine`: as the MANUFACTURED document names it, such as "W22"; `policy`: all of it
 * @returns the prepared transaction; its result is the product line, as 32 bytes
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function setMaintenancePolicy(
  context: WritingContext,
  options: { readonly productLine: string; readonly policy: MaintenancePolicy },
): Promise<PreparedTransaction<ChangedMaintenancePolicy>> {
  const productLine = encodeBytes32String(parseInput(productLineSchema, options.productLine, { field: "productLine" }));
  const policy = parseInput(policySchema, options.policy, { field: "policy" });
  return prepareAdministration(context, {
    contract: requireManager(context),
    contractInterface: wegManagerInterface,
    data: wegManagerInterface.encodeFunctionData("setMaintenancePolicy", [productLine, policy]),
    event: "MaintenancePolicyChanged",
    schema: changeSchema,
  });
}

import { encodeBytes32String } from "ethers";
import * as z from "zod";
import { askNode } from "../chain/ask-node.js";
import { WEGManager__factory } from "../contracts/index.js";
import { type Address, parseAddress } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";
import type { ReadingContext } from "./context.js";

/** How the motors of a product line want to be maintained; a field of 0 is not specified. */
export interface MaintenancePolicy {
  /** Running hours between inspections. */
  readonly inspectionIntervalHours: bigint;
  /** Running hours between lubrications at 70 °C bearing temperature and horizontal mounting. */
  readonly regreaseIntervalHours: bigint;
  /** Running hours after which bearings are replaced. */
  readonly bearingReplacementHours: bigint;
  /** Highest winding temperature in °C. */
  readonly maxWindingTemperature: bigint;
  /** Highest bearing temperature in °C. */
  readonly maxBearingTemperature: bigint;
  /** Highest vibration velocity in µm/s, r.m.s. */
  readonly maxVibration: bigint;
}

/** Name of a product line, as 32 bytes hold it. */
export const productLineSchema = z.string().regex(/^[\x20-\x7e]{1,31}$/, "expected 1 to 31 ASCII characters");

/**
 * Reads the maintenance policy of a product line of WEG.
 *
 * @param context - `provider`: any ethers provider
 * @param options - `manager`: a WEGManager; `productLine`: as the MANUFACTURED document names it, such as "W22"
 * @returns the policy; undefined without one
 * @throws PassportError `input.invalid`, `chain.*`, `contract.*`
 */
export async function readMaintenancePolicy(
  { provider }: Pick<ReadingContext, "provider">,
  options: { readonly manager: Address; readonly productLine: string },
): Promise<MaintenancePolicy | undefined> {
  const manager = parseAddress(options.manager, { field: "manager" });
  const productLine = encodeBytes32String(parseInput(productLineSchema, options.productLine, { field: "productLine" }));
  const contract = WEGManager__factory.connect(manager, provider);
  const [productLines, policy] = await askNode(provider, () =>
    Promise.all([contract.productLines(), contract.maintenancePolicyOf(productLine)]),
  );
  if (!productLines.includes(productLine)) return undefined;
  return {
    inspectionIntervalHours: policy.inspectionIntervalHours,
    regreaseIntervalHours: policy.regreaseIntervalHours,
    bearingReplacementHours: policy.bearingReplacementHours,
    maxWindingTemperature: policy.maxWindingTemperature,
    maxBearingTemperature: policy.maxBearingTemperature,
    maxVibration: policy.maxVibration,
  };
}

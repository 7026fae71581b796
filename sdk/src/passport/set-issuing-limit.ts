import * as z from "zod";
import { managerInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { addressSchema, parseAddress } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";
import { parseUnixSeconds, requireManager, type WritingContext } from "./context.js";
import { prepareManagement } from "./prepare-management.js";

/** Who may issue how much, until when. */
export interface IssuingLimitOptions {
  readonly issuer: string;
  /** Passports per hour; 0: none. */
  readonly perHour: number;
  /** Last second, Unix time. */
  readonly validUntil: bigint;
}

/** Passports per hour, as the contracts hold them. */
export const perHourSchema = z
  .int()
  .min(0)
  .max(2 ** 32 - 1);

const issuingLimitSchema = z.object({ issuer: addressSchema, perHour: z.bigint(), validUntil: z.bigint() });

/** A limit that was set. */
export type IssuingLimit = z.infer<typeof issuingLimitSchema>;

/**
 * Prepares the limit of an issuer: what a stolen key could mint is bounded by it. Only the administrator, within the cap.
 *
 * @param context - what writing actions work on, with a manager
 * @param options - who, how many passports per hour, until when
 * @returns the prepared transaction; its result is the limit
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function setIssuingLimit(
  context: WritingContext,
  options: IssuingLimitOptions,
): Promise<PreparedTransaction<IssuingLimit>> {
  const issuer = parseAddress(options.issuer, { field: "issuer" });
  const perHour = parseInput(perHourSchema, options.perHour, { field: "perHour" });
  const validUntil = parseUnixSeconds(options.validUntil, { field: "validUntil" });
  return prepareManagement(context, {
    manager: requireManager(context),
    data: managerInterface.encodeFunctionData("setIssuingLimit", [issuer, perHour, validUntil]),
    event: "IssuingLimitChanged",
    schema: issuingLimitSchema,
  });
}

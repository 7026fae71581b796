import * as z from "zod";
import { PassportError } from "../errors/passport-error.js";
import type { ReadingContext } from "../passport/context.js";
import { readMaintenancePolicy } from "../passport/read-maintenance-policy.js";
import type { PassportOption } from "../passport/resolve-passport.js";
import { parseCloneCode } from "../signing/passport-clone.js";
import type { VerificationReport } from "../verify/judge-passport.js";
import { verifyPassport } from "../verify/verify-passport.js";
import { type MaintenanceAdvice, recommendMaintenance } from "./recommend-maintenance.js";

/** Which motor. */
export interface ReadMaintenanceAdviceOptions extends PassportOption {
  /** Such as "W22"; that of the MANUFACTURED document if left out. */
  readonly productLine?: string | undefined;
}

/** What a motor needs, and the verification that it rests on. */
export interface VerifiedMaintenanceAdvice extends MaintenanceAdvice {
  readonly productLine: string;
  readonly report: VerificationReport;
}

const manufacturedSchema = z.object({ product: z.object({ productLine: z.string().optional() }) });

/**
 * Verifies a motor's passport, and says what maintenance it needs, when, and on which evidence.
 *
 * @param context - `provider`, `chainId`, `registry`, `store`, `clock`
 * @param options - the passport, and the product line if its documents do not name it
 * @returns the advice
 * @throws PassportError `input.invalid` without a product line or without a policy for it, `identifier.*`, `chain.*`,
 *   `contract.*`
 *
 * @example
 * ```ts
 * const { recommendations } = await readMaintenanceAdvice(context, { passport });
 * for (const { task, urgency, reason } of recommendations) console.log(urgency, task, reason);
 * ```
 */
export async function readMaintenanceAdvice(
  context: ReadingContext,
  options: ReadMaintenanceAdviceOptions,
): Promise<VerifiedMaintenanceAdvice> {
  const report = await verifyPassport(context, options);
  const productLine = options.productLine ?? productLineOf(report);
  if (productLine === undefined) throw refused("no verified document names it; pass it", undefined);
  const clone = report.evidence && parseCloneCode(report.evidence.code);
  if (clone === undefined) throw new PassportError("passport.foreign", { passport: options.passport });
  const policy = await readMaintenancePolicy(context, { manager: clone.manager, productLine });
  if (policy === undefined) throw refused(`the manager ${clone.manager} has no maintenance policy for it`, productLine);
  return { ...recommendMaintenance(report, { policy, now: context.clock() }), productLine, report };
}

function productLineOf({ verdicts }: VerificationReport): string | undefined {
  const [first] = verdicts.documents.details.documents ?? [];
  if (first?.status !== "valid") return undefined;
  return manufacturedSchema.safeParse(first.document.data).data?.product.productLine;
}

function refused(problem: string, value: unknown): PassportError {
  return new PassportError("input.invalid", { field: "productLine", problem, value });
}

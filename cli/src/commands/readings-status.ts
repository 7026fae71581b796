import { type VerdictStatus, worstStatus } from "@digital-product-passport/sdk";
import type { ProductReadings } from "@digital-product-passport/sdk/readings";

/**
 * Sums up whether what was read of a product is right and complete.
 *
 * @param found - what sensors have said of it
 * @returns `invalid` for content that contradicts itself, two readings under one number among it; `unknown` where not all
 *   could be read
 */
export function readingsStatus(found: {
  readonly pairings: Pick<ProductReadings["pairings"], "status">;
  readonly batches: readonly Pick<ProductReadings["batches"][number], "status">[];
  readonly findings: readonly Pick<ProductReadings["findings"][number], "code">[];
}): VerdictStatus {
  const { pairings, batches, findings } = found;
  return worstStatus([
    pairings.status,
    ...batches.map(({ status }) => status),
    ...findings.map(({ code }) => statusOfFinding(code)),
  ]);
}

function statusOfFinding(code: string): VerdictStatus {
  if (code === "reading.contradicted") return "invalid";
  return code.startsWith("chain.") ? "unknown" : "valid";
}

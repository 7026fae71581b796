import { PassportError, readSafe } from "@digital-product-passport/sdk";
import { getAddress } from "ethers";
import type { OpenNetwork } from "./open-network.js";

/** With one signature, one stolen key governs. */
const LEAST_THRESHOLD = 2n;

/**
 * Makes sure that a wallet can be trusted to propose: no key alone can, and none that is lost keeps the others from it.
 *
 * @param network - where the Safe is
 * @param options - `safe`: its address
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function requireGoverningSafe(
  { provider }: Pick<OpenNetwork, "provider">,
  { safe }: { readonly safe: string },
): Promise<void> {
  const { modules, owners, threshold } = await readSafe({ provider }, { safe: getAddress(safe) });
  const problem =
    threshold < LEAST_THRESHOLD
      ? `${threshold} signature is enough for it; at least ${LEAST_THRESHOLD} have to be needed`
      : BigInt(owners.length) <= threshold
        ? `it needs all of its ${owners.length} owners, so that one lost key would end the governance`
        : modules.length > 0
          ? `the module ${modules[0]} acts in its name without its owners`
          : undefined;
  if (problem !== undefined)
    throw new PassportError("input.invalid", { field: "Governance.safe", problem, value: safe });
}

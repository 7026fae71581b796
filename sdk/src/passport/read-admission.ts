import { askNode } from "../chain/ask-node.js";
import { PassportRegistry__factory } from "../contracts/index.js";
import { parseAddress } from "../primitives/hex.js";
import type { ReadingContext } from "./context.js";

/** What a registry says about a manager. */
export interface Admission {
  readonly manufacturerId: bigint;
  /** Every product of the manufacturer has a productId that begins with it. */
  readonly namespace: string;
  /** Whether the manager may not issue for now. */
  readonly isSuspended: boolean;
}

/**
 * Reads the admission of a manager.
 *
 * @param context - `provider`, `registry`
 * @param options - `manager`: its address
 * @returns the admission; undefined without one
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function readAdmission(
  { provider, registry }: Pick<ReadingContext, "provider" | "registry">,
  options: { readonly manager: string },
): Promise<Admission | undefined> {
  const manager = parseAddress(options.manager, { field: "manager" });
  const contract = PassportRegistry__factory.connect(registry, provider);
  const { manufacturerId, suspended } = await askNode(provider, () => contract.admissionOf(manager));
  if (manufacturerId === 0n) return undefined;
  const namespace = await askNode(provider, () => contract.namespaceOf(manufacturerId));
  return { manufacturerId, namespace, isSuspended: suspended };
}

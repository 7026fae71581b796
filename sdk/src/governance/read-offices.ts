import { id } from "ethers";
import { askNode } from "../chain/ask-node.js";
import { PassportRegistry__factory } from "../contracts/index.js";
import type { ReadingContext } from "../passport/context.js";
import type { Address } from "../primitives/hex.js";

/** Offices of the registry that are meant for timelocks. */
const OFFICES = ["ADMISSION_ROLE", "LISTING_ROLE"] as const;

/** An office of the registry that is meant for a timelock. */
export type Office = (typeof OFFICES)[number] | "DEFAULT_ADMIN_ROLE";

/**
 * Reads what an account may do in the registry.
 *
 * @param context - `provider`, `registry`: nobody else is asked
 * @param options - `account`: its address
 * @returns its offices, DEFAULT_ADMIN_ROLE where it administers
 * @throws PassportError `chain.*`
 */
export async function readOffices(
  { provider, registry }: Pick<ReadingContext, "provider" | "registry">,
  { account }: { readonly account: Address },
): Promise<readonly Office[]> {
  const contract = PassportRegistry__factory.connect(registry, provider);
  const [administrator, ...held] = await askNode(provider, () =>
    Promise.all([contract.defaultAdmin(), ...OFFICES.map((office) => contract.hasRole(id(office), account))]),
  );
  const offices = OFFICES.filter((_, index) => held[index]);
  return administrator === account ? [...offices, "DEFAULT_ADMIN_ROLE"] : offices;
}

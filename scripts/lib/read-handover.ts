import { type AddressBook, type Administration, readAdministration } from "@digital-product-passport/sdk";
import type { OpenNetwork } from "./open-network.js";

/** Who administers what was deployed, and to whom that is being handed over. */
export interface Handover {
  readonly registry: Administration;
  readonly manager: Administration;
}

/**
 * Reads how far the deployer's administration has been handed over.
 *
 * @param network - where it is deployed
 * @param options - `addressBook`: what was deployed
 * @returns the administration of the registry and of the manager
 * @throws PassportError `chain.*`
 */
export async function readHandover(
  { provider }: Pick<OpenNetwork, "provider">,
  { addressBook: { contracts } }: { readonly addressBook: AddressBook },
): Promise<Handover> {
  const context = { provider, registry: contracts.registry.address, manager: contracts.manager.address };
  const [registry, manager] = await Promise.all([
    readAdministration(context, { contract: "registry" }),
    readAdministration(context, { contract: "manager" }),
  ]);
  return { registry, manager };
}

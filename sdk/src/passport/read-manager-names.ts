import type { Provider } from "ethers";
import { askNode } from "../chain/ask-node.js";
import type { ManagerNames } from "../chain/manager-names.js";
import { IManufacturerManager__factory } from "../contracts/index.js";
import { eventTypeName, eventTypeSchema } from "../primitives/event-type.js";
import type { Address } from "../primitives/hex.js";

/** The bits of a condition that belong to the brand. */
const BRAND_CONDITIONS = Array.from({ length: 8 }, (_, index) => 1n << BigInt(8 + index));

/**
 * Reads how a manager calls its roles and conditions.
 *
 * @param context - `provider`: any ethers provider
 * @param options - `manager`: its address; `block`: number of the block, the last one if left out
 * @returns the names by their bits
 * @throws PassportError `chain.*`, `contract.*`
 */
export async function readManagerNames(
  { provider }: { readonly provider: Provider },
  options: { readonly manager: Address; readonly block?: bigint | undefined },
): Promise<ManagerNames> {
  const contract = IManufacturerManager__factory.connect(options.manager, provider);
  const { block: blockTag = "latest" } = options;
  const [{ roles, names }, conditionNames] = await askNode(provider, () =>
    Promise.all([
      contract.roleNames({ blockTag }),
      Promise.all(BRAND_CONDITIONS.map((bit) => contract.conditionNameOf(bit, { blockTag }))),
    ]),
  );
  return { roles: nameBits(roles, names), conditions: nameBits(BRAND_CONDITIONS, conditionNames) };
}

/** Leaves out the bits without a name. */
function nameBits(bits: readonly bigint[], names: readonly string[]): ReadonlyMap<bigint, string> {
  return new Map(
    bits.flatMap((bit, index) => {
      const name = names[index];
      if (name === undefined || BigInt(name) === 0n) return [];
      // Names of roles and conditions are spelled like those of event types.
      return [[bit, eventTypeName(eventTypeSchema.parse(name))] as const];
    }),
  );
}

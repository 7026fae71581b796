import { askNode } from "../chain/ask-node.js";
import { PassportRegistry__factory } from "../contracts/index.js";
import { type Address, type Bytes32, parseAddress, parseBytes32 } from "../primitives/hex.js";
import type { ReadingContext } from "./context.js";

/** What a registry admits. */
export interface Registry {
  /** The factories whose passports count, in the order of their listing. */
  readonly factories: readonly { readonly factory: Address; readonly implementationCodeHash: Bytes32 }[];
  /** The manufacturers, by their numbers. */
  readonly manufacturers: readonly { readonly manufacturerId: bigint; readonly namespace: string }[];
}

/**
 * Reads which factories a registry lists, and which manufacturers it has admitted.
 *
 * @param context - `provider`, `registry`
 * @returns factories and manufacturers
 * @throws PassportError `chain.*`
 */
export async function readRegistry(context: Pick<ReadingContext, "provider" | "registry">): Promise<Registry> {
  const { provider, registry } = context;
  const contract = PassportRegistry__factory.connect(registry, provider);
  const [factories, count] = await askNode(provider, () =>
    Promise.all([contract.factories(), contract.manufacturerCount()]),
  );
  const ids = Array.from({ length: Number(count) }, (_, index) => BigInt(index + 1));
  const [codeHashes, namespaces] = await askNode(provider, () =>
    Promise.all([
      Promise.all(factories.map((factory) => contract.implementationCodeHashOf(factory))),
      Promise.all(ids.map((id) => contract.namespaceOf(id))),
    ]),
  );
  return {
    factories: factories.map((factory, index) => ({
      factory: parseAddress(factory),
      implementationCodeHash: parseBytes32(codeHashes[index]),
    })),
    manufacturers: ids.map((manufacturerId, index) => ({ manufacturerId, namespace: namespaces[index] ?? "" })),
  };
}

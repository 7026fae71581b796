import { id, keccak256, type Provider } from "ethers";
import { askNode } from "../chain/ask-node.js";
import { PassportRegistry__factory } from "../contracts/index.js";
import { readCode } from "../passport/read-code.js";
import { type Address, parseAddress, parseBytes32 } from "../primitives/hex.js";
import type { PassportClone } from "../signing/passport-clone.js";
import type { ListedFactory, RegistrationEvidence } from "./evidence.js";

/**
 * Fetches what the pinned registry, and the chain behind it, say about a passport.
 *
 * @param provider - any ethers provider
 * @param options - the `registry` that is relied on, what the passport's code says, number of the block
 * @returns the evidence
 * @throws PassportError `chain.*`, `contract.*`
 */
export async function gatherRegistration(
  provider: Provider,
  options: { readonly registry: Address; readonly clone: PassportClone; readonly block: bigint },
): Promise<RegistrationEvidence> {
  const { registry, clone, block } = options;
  const contract = PassportRegistry__factory.connect(registry, provider);
  const at = { blockTag: block };
  const [addresses, registered, admission, implementationCode] = await Promise.all([
    askNode(provider, () => contract.factories(at)),
    askNode(provider, () => contract.passportOf(id(clone.productId), at)),
    askNode(provider, () => contract.admissionOf(clone.manager, at)),
    readCode(provider, { address: clone.implementation, block }),
  ]);
  const { manufacturerId } = admission;
  const namespace = await askNode(provider, () => contract.namespaceOf(manufacturerId, at));
  return {
    registry,
    factories: await Promise.all(addresses.map((address) => readFactory(parseAddress(address)))),
    implementationCodeHash: parseBytes32(keccak256(implementationCode)),
    registered: BigInt(registered) === 0n ? undefined : parseAddress(registered),
    namespace: manufacturerId === 0n ? undefined : namespace,
    manufacturerId,
  };

  async function readFactory(factory: Address): Promise<ListedFactory> {
    const recordedCodeHash = await askNode(provider, () => contract.implementationCodeHashOf(factory, at));
    return { factory, recordedCodeHash: parseBytes32(recordedCodeHash) };
  }
}

import { askNode } from "../chain/ask-node.js";
import { IManufacturerManager__factory } from "../contracts/index.js";
import { parseAddress } from "../primitives/hex.js";
import { requireManager, type WritingContext } from "./context.js";

/**
 * Tells whether keys of an ERC-7913 verifier can be granted roles by the manager.
 *
 * @param context - `provider`, `manager`
 * @param options - `verifier`: address of its contract
 * @returns whether they can
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function isVerifierAccepted(
  context: Pick<WritingContext, "provider" | "manager">,
  options: { readonly verifier: string },
): Promise<boolean> {
  const { provider } = context;
  const verifier = parseAddress(options.verifier, { field: "verifier" });
  const contract = IManufacturerManager__factory.connect(requireManager(context), provider);
  return await askNode(provider, () => contract.isVerifierAccepted(verifier));
}

import type { Provider } from "ethers";
import { askNode } from "../chain/ask-node.js";
import { PassportRegistry__factory } from "../contracts/index.js";
import { PassportError } from "../errors/passport-error.js";
import { parseProductId } from "../identifier/parse-product-id.js";
import { productKey } from "../identifier/product-key.js";
import { type Address, parseAddress } from "../primitives/hex.js";

/**
 * Looks up the passport of a product.
 *
 * @param context - `provider`: any ethers provider; `registry`: the registry that is relied on
 * @param options - `productId`: as the QR code carries it; `block`: number of the block, the last one if left out
 * @returns address of the passport
 * @throws PassportError `input.invalid`, `identifier.*`, `passport.not-found`, `chain.*`, `contract.*`
 */
export async function findPassport(
  context: { readonly provider: Provider; readonly registry: Address },
  options: { readonly productId: string; readonly block?: bigint | undefined },
): Promise<Address> {
  const { provider, registry } = context;
  const { productId } = parseProductId(options.productId);
  const contract = PassportRegistry__factory.connect(registry, provider);
  const { block: blockTag = "latest" } = options;
  const passport = await askNode(provider, () => contract.passportOf(productKey(productId), { blockTag }));
  if (BigInt(passport) === 0n) throw new PassportError("passport.not-found", { productId, registry });
  return parseAddress(passport);
}

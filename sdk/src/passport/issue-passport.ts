import { managerInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { createIssuanceCheck, type IssuanceItem } from "./check-issuances.js";
import type { WritingContext } from "./context.js";
import { storeDocument } from "./document-source.js";
import { type IssuedPassport, prepareIssuing } from "./prepare-issuing.js";

/**
 * Prepares the issuing of a passport. What the chain would refuse, and a product identifier that is not in its normal
 * form, is refused before anything is stored or sent. The document is stored first.
 *
 * @param context - what writing actions work on, with a manager; the signer is an issuer
 * @param options - the product, its first owner and the MANUFACTURED document
 * @returns the prepared transaction; its result is the passport
 * @throws PassportError `identifier.*`, `contract.passport-registry-product-registered`, `input.invalid`, `document.*`,
 *   `store.unreachable`, `chain.*`
 *
 * @example
 * ```ts
 * const prepared = await issuePassport(context, {
 *   productId: "https://id.weg.example/01/09521234543213/21/W22-000001",
 *   owner: "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
 *   document: { data: { product, nameplate, materials, plant } },
 * });
 * const { result } = await prepared.send();
 * console.log(result.passport);
 * ```
 */
export async function issuePassport(
  context: WritingContext,
  options: IssuanceItem,
): Promise<PreparedTransaction<IssuedPassport>> {
  const check = await createIssuanceCheck(context);
  const checked = await check(options);
  if (checked.status === "refused") throw checked.error;
  const { productId, owner } = checked;
  const document = await storeDocument(context, checked.document);
  return prepareIssuing(context, {
    data: managerInterface.encodeFunctionData("issue", [productId, owner, document]),
    decode: (find) => find(productId),
  });
}

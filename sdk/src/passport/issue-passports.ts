import * as z from "zod";
import { managerInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { PassportError } from "../errors/passport-error.js";
import { parseInput } from "../primitives/parse-input.js";
import { type CheckedIssuance, checkIssuances, type IssuanceItem } from "./check-issuances.js";
import type { WritingContext } from "./context.js";
import { storeDocument } from "./document-source.js";
import { type IssuedPassport, prepareIssuing } from "./prepare-issuing.js";

/** Most passports of one transaction: some 7 million gas. */
export const MAXIMUM_ISSUANCES = 50;

const itemCountSchema = z.int().min(1).max(MAXIMUM_ISSUANCES);

/**
 * Prepares the issuing of several passports in one transaction: all or none. Each item is checked before anything is
 * stored or sent; `checkIssuances` says beforehand which ones are good. The documents are stored first.
 *
 * @param context - what writing actions work on, with a manager; the signer is an issuer
 * @param options - `items`: 1 to 50 passports
 * @returns the prepared transaction; its result are the passports in the order of the items
 * @throws PassportError `issuing.item-refused` with the first bad item, `input.invalid`, `store.unreachable`, `chain.*`
 */
export async function issuePassports(
  context: WritingContext,
  options: { readonly items: readonly IssuanceItem[] },
): Promise<PreparedTransaction<readonly IssuedPassport[]>> {
  const { items } = options;
  parseInput(itemCountSchema, items.length, { field: "number of items" });
  const checked = await checkIssuances(context, { items });
  const issuances = checked.map((item, index) => requireIssuable(item, { index, count: items.length }));
  const documents = await Promise.all(issuances.map(({ document }) => storeDocument(context, document)));
  const calls = issuances.map(({ productId, owner }, index) => ({
    productId,
    owner,
    document: documents[index] ?? "",
  }));
  return prepareIssuing(context, {
    data: managerInterface.encodeFunctionData("issueMany", [calls]),
    decode: (find) => issuances.map(({ productId }) => find(productId)),
  });
}

function requireIssuable(
  item: CheckedIssuance,
  { index, count }: { readonly index: number; readonly count: number },
): Extract<CheckedIssuance, { readonly status: "issuable" }> {
  if (item.status === "issuable") return item;
  const { error, productId } = item;
  const details = { index, position: index + 1, count, productId, problem: error.message };
  throw new PassportError("issuing.item-refused", details, { cause: error });
}

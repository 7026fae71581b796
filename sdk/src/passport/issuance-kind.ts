import * as z from "zod";
import { askNode } from "../chain/ask-node.js";
import { managerInterface } from "../chain/contract-interfaces.js";
import { PassportRegistry__factory } from "../contracts/index.js";
import { isPassportError } from "../errors/passport-error.js";
import { type ProductId, parseProductId } from "../identifier/parse-product-id.js";
import { productKey } from "../identifier/product-key.js";
import { addressSchema, digestSchema, parseAddress } from "../primitives/hex.js";
import type { ItemKind, Recorded } from "../submit/item-kind.js";
import { requireManager, type WritingContext } from "./context.js";
import { documentOfContent } from "./document-source.js";
import { MAXIMUM_ISSUANCES } from "./issue-passports.js";
import { type IssuedPassport, issuedIn } from "./prepare-issuing.js";
import { readHistory } from "./read-history.js";
import { readManagerNames } from "./read-manager-names.js";
import { storeReliably } from "./store-reliably.js";

const issuanceSchema = z.object({
  productId: z.string().transform((productId): ProductId => parseProductId(productId).productId),
  owner: addressSchema,
  document: digestSchema,
  content: z.string().exactOptional(),
});

/** A passport to issue, as a journal keeps it: its document is made once, however often it is sent. */
export interface Issuance extends Readonly<z.infer<typeof issuanceSchema>> {
  /** Digest of the MANUFACTURED document. */
  readonly document: z.infer<typeof digestSchema>;
  /** Canonical JSON of the document, unless it is stored already. */
  readonly content?: string;
}

/**
 * How passports to issue become transactions, for `createSubmitter`. The id of an item is its productId.
 *
 * @param context - what writing actions work on, with a manager and a store
 * @returns the kind
 * @throws PassportError `input.invalid` without a manager
 */
export function issuanceKind(context: WritingContext): ItemKind<Issuance, IssuedPassport> {
  const manager = requireManager(context);
  return {
    name: `issuing by ${manager}`,
    payloadSchema: issuanceSchema,
    maximumItems: MAXIMUM_ISSUANCES,
    prepare: ({ content, document }) => storeReliably(context, documentOfContent(content, { digest: document })),
    encode: (issuances) => ({
      to: manager,
      data: managerInterface.encodeFunctionData("issueMany", [
        issuances.map(({ productId, owner, document }) => ({ productId, owner, document })),
      ]),
    }),
    decode: (issuances, { logs, transactionHash }) => {
      const find = issuedIn(context, { manager, logs, transactionHash });
      return issuances.map(({ productId }) => find(productId));
    },
    blame: (refusal, issuances) => {
      if (isPassportError(refusal, "contract.manufacturer-manager-limit-exceeded")) {
        return Number(refusal.details.available);
      }
      if (!isPassportError(refusal, "contract.passport-registry-product-registered")) return undefined;
      return issuances.findIndex(({ productId }) => productId === refusal.details.productId);
    },
    findRecorded: (issuance) => findIssued(context, issuance),
    names: () => readManagerNames(context, { manager }),
  };
}

/** Issued with another document is not issued by us. */
async function findIssued(
  context: WritingContext,
  { productId, document }: Issuance,
): Promise<Recorded<IssuedPassport> | undefined> {
  const { provider, registry } = context;
  const contract = PassportRegistry__factory.connect(registry, provider);
  const registered = await askNode(provider, () => contract.passportOf(productKey(productId)));
  if (BigInt(registered) === 0n) return undefined;
  const passport = parseAddress(registered);
  const [entry] = (await readHistory(context, { passport })).entries;
  if (entry === undefined || entry.document !== document) return undefined;
  const { transactionHash, blockNumber } = entry;
  return { result: { passport, productId, entry }, transactionHash, blockNumber };
}

import { askNode } from "../chain/ask-node.js";
import { PassportRegistry__factory } from "../contracts/index.js";
import { isPassportError, PassportError } from "../errors/passport-error.js";
import { type Namespace, parseNamespace } from "../identifier/parse-namespace.js";
import { type ProductId, parseProductId } from "../identifier/parse-product-id.js";
import { productKey } from "../identifier/product-key.js";
import { type Address, parseAddress } from "../primitives/hex.js";
import { requireManager, type WritingContext } from "./context.js";
import { type DocumentSource, type ReadyDocument, readyDocument } from "./document-source.js";

/** A passport to issue. */
export interface IssuanceItem {
  /** URL of the product in its normal form, in the manufacturer's namespace. */
  readonly productId: string;
  /** First owner. */
  readonly owner: string;
  readonly document: DocumentSource<"MANUFACTURED">;
}

/** Whether a passport can be issued. */
export type CheckedIssuance =
  | {
      readonly status: "issuable";
      readonly productId: ProductId;
      readonly owner: Address;
      readonly document: ReadyDocument;
    }
  | { readonly status: "refused"; readonly productId: string; readonly error: PassportError };

/**
 * Checks passports before they are issued: identifiers, namespace, owners and documents, that no product comes twice,
 * and that none has a passport already. Nothing is stored or sent.
 *
 * @param context - `provider`, `registry`, `manager`, `clock`, `randomBytes`
 * @param options - `items`: as many as you like
 * @returns one verdict per item, in their order; a bad item is returned, never thrown
 * @throws PassportError `input.invalid` without a manager, `contract.passport-registry-manager-not-admitted`, `chain.*`
 */
export async function checkIssuances(
  context: WritingContext,
  options: { readonly items: readonly IssuanceItem[] },
): Promise<readonly CheckedIssuance[]> {
  const check = await createIssuanceCheck(context);
  const seen = new Set<string>();
  return await Promise.all(
    options.items.map(async (item) => {
      const { productId } = item;
      if (seen.has(productId)) return { status: "refused", productId, error: comesTwice(productId) } as const;
      seen.add(productId);
      return await check(item);
    }),
  );
}

/**
 * The refusal of a product that comes a second time.
 *
 * @param productId - of the product
 * @returns the error
 */
export function comesTwice(productId: string): PassportError {
  return new PassportError("input.invalid", { field: "productId", problem: "it comes twice", value: productId });
}

/**
 * Makes a check of passports, one by one. Whether a product comes twice is for whoever sees all of them.
 *
 * @param context - `provider`, `registry`, `manager`, `clock`, `randomBytes`
 * @returns a function that checks the next item
 * @throws PassportError `input.invalid` without a manager, `contract.passport-registry-manager-not-admitted`, `chain.*`
 */
export async function createIssuanceCheck(
  context: WritingContext,
): Promise<(item: IssuanceItem) => Promise<CheckedIssuance>> {
  const manager = requireManager(context);
  const namespace = await namespaceOf(context, manager);
  const checkItem = (item: IssuanceItem): Extract<CheckedIssuance, { readonly status: "issuable" }> => {
    const { productId } = parseProductId(item.productId, { namespace });
    const owner = parseAddress(item.owner, { field: "owner" });
    const subject = { eventType: "MANUFACTURED", productId, attester: manager };
    const document = readyDocument(context, { ...subject, document: item.document });
    return { status: "issuable", productId, owner, document };
  };

  return async (item) => {
    const refused = (error: PassportError): CheckedIssuance => ({
      status: "refused",
      productId: String(item.productId),
      error,
    });
    try {
      const checked = checkItem(item);
      const registered = await findRegistered(context, checked.productId);
      return registered === undefined ? checked : refused(registered);
    } catch (error) {
      if (!isPassportError(error) || error.code.startsWith("chain.")) throw error;
      return refused(error);
    }
  };
}

async function findRegistered(
  { provider, registry }: WritingContext,
  productId: ProductId,
): Promise<PassportError | undefined> {
  const contract = PassportRegistry__factory.connect(registry, provider);
  const passport = await askNode(provider, () => contract.passportOf(productKey(productId)));
  if (BigInt(passport) === 0n) return undefined;
  return new PassportError("contract.passport-registry-product-registered", { productId, passport });
}

/** The registry gives a namespace for ever, so each context asks for it once. */
const namespaces = new WeakMap<WritingContext, Promise<Namespace>>();

async function namespaceOf(context: WritingContext, manager: Address): Promise<Namespace> {
  const known = namespaces.get(context);
  if (known !== undefined) return await known;
  const asked = readNamespace(context, manager);
  namespaces.set(context, asked);
  try {
    return await asked;
  } catch (error) {
    // It may be admitted later, and an endpoint may be back.
    namespaces.delete(context);
    throw error;
  }
}

async function readNamespace({ provider, registry }: WritingContext, manager: Address): Promise<Namespace> {
  const contract = PassportRegistry__factory.connect(registry, provider);
  const namespace = await askNode(provider, async () => {
    const { manufacturerId } = await contract.admissionOf(manager);
    return manufacturerId === 0n ? undefined : contract.namespaceOf(manufacturerId);
  });
  if (namespace !== undefined) return parseNamespace(namespace);
  throw new PassportError("contract.passport-registry-manager-not-admitted", { manager });
}

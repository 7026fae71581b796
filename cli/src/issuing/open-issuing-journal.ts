import { join } from "node:path";
import { type Journal, type WritingContext, withChainErrors } from "@digital-product-passport/sdk";
import { createFileJournal } from "@digital-product-passport/sdk/node";

/** Digits of the first block's hash that a journal is named after. */
const GENESIS_DIGITS = 8;

/**
 * Opens the journal of a manager on a chain. Development chains are all of the same id, with the same addresses: the hash
 * of the first block tells them apart, so that nothing is promised to one and issued on another.
 *
 * @param context - provider, chain id and manager
 * @param options - `folder`: of the journals; is made
 * @returns the journal; call its `close()` when it is no longer needed
 * @throws PassportError `chain.*`, `journal.*`
 */
export async function openIssuingJournal(
  { chainId, manager, provider }: WritingContext,
  { folder }: { readonly folder: string },
): Promise<Journal> {
  const { hash } = (await withChainErrors(provider, () => provider.getBlock(0))) ?? {};
  const parts = [chainId, hash?.slice(2, 2 + GENESIS_DIGITS), manager?.slice(2).toLowerCase()];
  return await createFileJournal(join(folder, `${parts.filter((part) => part !== undefined).join("-")}.journal`));
}

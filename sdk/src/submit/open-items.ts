import type { SignedTransaction } from "./deliver-transaction.js";
import type { Item } from "./item-kind.js";

/** An accepted item that is not final. */
export interface OpenItem<Payload> extends Omit<Item<Payload>, "payload"> {
  /** Place in the order of acceptance. */
  readonly position: number;
  /** Undefined once it is recorded: the journal still has it. */
  payload: Payload | undefined;
  /** The last transaction that names it. */
  transaction: SignedTransaction["nonce"] | undefined;
  isRecorded: boolean;
  /** How many transactions with it have reverted although an estimate had accepted them. */
  reverts: number;
}

/**
 * Selects from a queue what may be packed now: in their order, and none whose key is busy, because what the chain
 * says of it depends on a transaction that is under way.
 *
 * @param queue - in the order of acceptance
 * @param options - `isBusy`: of a key; `maximumItems`
 * @returns the items
 */
export function selectReady<Payload>(
  queue: Iterable<OpenItem<Payload>>,
  options: { readonly isBusy: (key: string) => boolean; readonly maximumItems: number },
): readonly OpenItem<Payload>[] {
  const selected: OpenItem<Payload>[] = [];
  let maximum = options.maximumItems;
  for (const item of queue) {
    if (options.isBusy(item.orderedBy)) continue;
    // What an estimate accepts and the chain does not is found by ever smaller transactions.
    maximum = Math.min(maximum, Math.max(1, options.maximumItems >> (2 * item.reverts)));
    if (selected.length >= maximum) break;
    selected.push(item);
  }
  return selected;
}

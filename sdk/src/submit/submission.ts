import type { SendingContext } from "../chain/prepare-transaction.js";
import type { ChangeSignal } from "./change-signal.js";
import type { ItemKind, ItemReceipt } from "./item-kind.js";
import type { Journal } from "./journal.js";
import type { OpenItem } from "./open-items.js";
import type { Patience } from "./persist.js";
import type { ItemRecord } from "./submission-records.js";

/** Keys whose items have to wait, because something with the same key is under way. */
export interface BusyKeys {
  readonly hold: (key: string) => void;
  /** The key is free when it was released as often as it was held. */
  readonly release: (key: string) => void;
  readonly has: (key: string) => boolean;
}

/** What the lanes of a submitter share. */
export interface Submission<Payload, Result> {
  readonly context: SendingContext;
  readonly kind: ItemKind<Payload, Result>;
  readonly journal: Journal;
  readonly patience: Patience;
  /** Most transactions of one lane under way. */
  readonly window: number;
  /** How long a refusal is not believed after something with the same key was recorded. */
  readonly settlingMilliseconds: number;
  readonly changed: ChangeSignal;
  readonly busy: BusyKeys;
  /** What is accepted and neither final nor refused, by id. */
  readonly items: Map<string, OpenItem<Payload>>;
  /** Ids of those that are not recorded. */
  readonly pending: Set<string>;
  /** Ids in quarantine. */
  readonly refused: Set<string>;
  /** Hashes of the transactions that are not final. */
  readonly transactions: Set<string>;
  /** Makes an open item of what the journal tells. */
  readonly open: (record: ItemRecord) => OpenItem<Payload>;
  readonly onReceipt: (receipt: ItemReceipt<Result>) => Promise<void>;
  /** Ends everything: what must not fail has failed. */
  readonly fail: (error: unknown) => void;
}

/**
 * Makes a set of keys that can be held several times.
 *
 * @returns none is held
 */
export function createBusyKeys(): BusyKeys {
  const holds = new Map<string, number>();
  return {
    hold: (key) => void holds.set(key, (holds.get(key) ?? 0) + 1),
    release: (key) => {
      const left = (holds.get(key) ?? 0) - 1;
      if (left > 0) holds.set(key, left);
      else holds.delete(key);
    },
    has: (key) => holds.has(key),
  };
}

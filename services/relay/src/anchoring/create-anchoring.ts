import type { Bytes27, DocumentStore, Item, ItemReceipt } from "@digital-product-passport/sdk";
import { PassportError } from "@digital-product-passport/sdk";
import { sleep } from "@digital-product-passport/sdk/node";

/** A batch as it was cut. */
export interface CutBatch {
  readonly sequence: number;
  readonly head: Bytes27;
  readonly first: number;
  readonly last: number;
}

/** A batch with the files that have to be in a store before it is anchored. */
export interface BatchFiles {
  /** Of the document. */
  readonly bytes: Uint8Array;
  /** The readings. */
  readonly file: Uint8Array<ArrayBuffer>;
}

/** What became of a batch. */
export interface AnchoringProgress {
  readonly sequence: number;
  readonly readings: number;
  readonly status: "stored" | "sequenced";
  readonly transactionHash?: string | undefined;
}

/** What brings batches on chain; see `Submitter`. */
export interface BatchSubmitter<Signed> {
  readonly submit: (item: Item<Signed>) => Promise<boolean>;
}

/** Who makes, stores and signs. */
export interface AnchoringOptions<Created extends BatchFiles, Signed> {
  readonly gateway: string;
  /** Makes a batch again from what was cut. */
  readonly load: (cut: CutBatch) => Promise<{ readonly head: Bytes27; readonly created: Created }>;
  /** Signs, and names the batch as the submitter takes it. */
  readonly sign: (created: Created) => Promise<Item<Signed>>;
  readonly store: DocumentStore;
  /** Waits outages out. */
  readonly persist: <Result>(task: () => Promise<Result>) => Promise<Result>;
  readonly onProgress: (progress: AnchoringProgress) => void;
}

/** Has batches anchored, in their order. */
export interface Anchoring<Created, Signed> {
  /** Takes a batch that is durable; what was created with it saves making it again. */
  readonly take: (cut: CutBatch, created?: Created) => void;
  /** Stores, signs and submits until the signal; whatever fails ends it. */
  readonly run: (submitter: BatchSubmitter<Signed>, signal: AbortSignal) => Promise<void>;
  /**
   * Told by the submitter what becomes of a batch.
   *
   * @throws PassportError `relay.refused`: nothing after it can be anchored
   */
  readonly hear: (receipt: ItemReceipt<unknown>) => void;
  /** Batches that are not handed to the submitter yet. */
  readonly waiting: () => number;
  /**
   * Waits until another batch could be kept in memory, or the signal. Cut further ahead, batches would have to be made twice,
   * and in an outage there would be many small ones.
   */
  readonly room: (signal: AbortSignal) => Promise<void>;
}

/** Batches that are kept in memory; others are read back from the journal when their turn comes. */
const KEPT_IN_MEMORY = 4;
const ROOM_TICK_MILLISECONDS = 10;

/**
 * Makes the stage that brings cut batches on chain: files into the store, then signed, then to the submitter, which keeps
 * them until they are final.
 *
 * @param options - store, signer
 * @returns the stage
 */
export function createAnchoring<Created extends BatchFiles, Signed>(
  options: AnchoringOptions<Created, Signed>,
): Anchoring<Created, Signed> {
  const { gateway, store, persist, onProgress } = options;
  const waiting: { readonly cut: CutBatch; readonly created: Created | undefined }[] = [];
  const submitted = new Map<string, CutBatch>();
  let wake: () => void = () => undefined;

  const createdOf = async (cut: CutBatch, kept: Created | undefined): Promise<Created> => {
    if (kept !== undefined) return kept;
    const { head, created } = await options.load(cut);
    if (head === cut.head) return created;
    const problem = `batch ${cut.sequence} is no longer what was cut: its head is ${head}, it was ${cut.head}`;
    throw new PassportError("journal.damaged", { journal: `of the gateway ${gateway}`, line: cut.first, problem });
  };
  const handOn = async (
    { cut, created: kept }: { readonly cut: CutBatch; readonly created: Created | undefined },
    submitter: BatchSubmitter<Signed>,
  ): Promise<void> => {
    const created = await createdOf(cut, kept);
    await persist(async () => {
      // The document goes last: whoever has it can have the readings.
      await store.putFile?.(new Blob([created.file]));
      await store.put(created.bytes);
    });
    onProgress({ sequence: cut.sequence, readings: cut.last - cut.first + 1, status: "stored" });
    const item = await options.sign(created);
    submitted.set(item.id, cut);
    await submitter.submit(item);
  };

  return {
    waiting: () => waiting.length,
    room: async (signal) => {
      while (waiting.length >= KEPT_IN_MEMORY && !signal.aborted) await sleep(ROOM_TICK_MILLISECONDS, signal);
    },
    take: (cut, created) => {
      waiting.push({ cut, created: waiting.length < KEPT_IN_MEMORY ? created : undefined });
      wake();
    },
    run: async (submitter, signal) => {
      const onAbort = (): void => wake();
      signal.addEventListener("abort", onAbort);
      try {
        while (!signal.aborted) {
          const [next] = waiting;
          if (next !== undefined) {
            await handOn(next, submitter);
            waiting.shift();
          } else {
            await new Promise<void>((resolve) => {
              wake = resolve;
              if (signal.aborted) resolve();
            });
          }
        }
      } finally {
        signal.removeEventListener("abort", onAbort);
      }
    },
    hear: (receipt) => {
      const cut = submitted.get(receipt.id);
      if (receipt.status === "refused") {
        const { error } = receipt;
        const details = { gateway, sequence: cut?.sequence ?? receipt.id, problem: error.message };
        throw new PassportError("relay.refused", details, { cause: error });
      }
      if (receipt.status === "sequenced" && cut !== undefined) {
        const { transactionHash } = receipt;
        const readings = cut.last - cut.first + 1;
        onProgress({ sequence: cut.sequence, readings, status: "sequenced", transactionHash });
      }
      if (receipt.status === "finalized") submitted.delete(receipt.id);
    },
  };
}

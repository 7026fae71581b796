import { keccak256, type Signer, Transaction } from "ethers";
import { askNode } from "../chain/ask-node.js";
import { chainErrorOf } from "../chain/chain-error-of.js";
import { endpointOf } from "../chain/endpoint-of.js";
import { type Estimate, prepareTransaction } from "../chain/prepare-transaction.js";
import { isPassportError, PassportError } from "../errors/passport-error.js";
import { type Address, type Bytes32, parseAddress, parseBytes32, parseHex } from "../primitives/hex.js";
import { sleep } from "../primitives/sleep.js";
import { type Delivery, deliverTransaction, type SignedTransaction } from "./deliver-transaction.js";
import type { Recorded } from "./item-kind.js";
import { type OpenItem, selectReady } from "./open-items.js";
import { isRefusal, MAXIMUM_GAS, type PackedCall, packItems } from "./pack-items.js";
import { isOutage, persist } from "./persist.js";
import {
  type Confirmations,
  type ConfirmedBlocks,
  findConfirmed,
  findVanished,
  readBlockReference,
  type Settlement,
} from "./settlement.js";
import type { Submission } from "./submission.js";
import { type ItemRecord, joinCandidates, readAgain, type TransactionRecord } from "./submission-records.js";

/** How many reverts on chain an item gets before it is taken to be the reason. */
const MAXIMUM_REVERTS = 5;
/** One key, whose transactions follow each other by nonce. */
export interface Lane<Payload> {
  readonly sender: Address;
  /** Takes accepted items. */
  readonly enqueue: (items: readonly OpenItem<Payload>[]) => void;
  /** Takes over transactions of an earlier run, in the order of their nonces. */
  readonly resume: (
    transactions: readonly TransactionRecord[],
    items: ReadonlyMap<string, ItemRecord>,
  ) => Promise<void>;
  /** Packs, signs and sends until the submission ends. */
  readonly run: () => Promise<void>;
  /** Sends again what a reorganisation has thrown out, and forgets what is final. */
  readonly confirm: (blocks: ConfirmedBlocks) => Promise<void>;
  /** Fulfilled when nothing is being sent any more. */
  readonly rest: () => Promise<void>;
}

/**
 * Makes the lane of a signer.
 *
 * @param submission - what all lanes share
 * @param signer - must be able to sign transactions without sending them
 * @returns the lane
 */
export async function createLane<Payload, Result>(
  submission: Submission<Payload, Result>,
  signer: Signer,
): Promise<Lane<Payload>> {
  const {
    context,
    kind,
    journal,
    patience,
    changed,
    items: openItems,
    busy,
    window,
    settlingMilliseconds,
  } = submission;
  const { provider } = context;
  const sender = parseAddress(await signer.getAddress(), { field: "signer" });
  let queue: readonly OpenItem<Payload>[] = [];
  let settlements: readonly Settlement[] = [];
  /** Most items that an estimate leaves room for. */
  let roomiest = kind.maximumItems;
  const sending = new Set<Promise<void>>();
  const lastSettled = new Map<string, number>();
  let nextNonce = await persist(() => askNode(provider, () => provider.getTransactionCount(sender)), patience);

  const put = (items: readonly OpenItem<Payload>[]): void => {
    queue = [...queue, ...items].sort((left, right) => left.position - right.position);
    changed.notify();
  };
  const remove = (items: readonly OpenItem<Payload>[]): void => {
    const removed = new Set(items);
    queue = queue.filter((item) => !removed.has(item));
  };

  // ------------------------------------------------------------------------------------------- packing and signing

  const run = async (): Promise<void> => {
    while (!patience.signal.aborted) {
      const ready = selectReady(queue, { isBusy: (key) => busy.has(key), maximumItems: roomiest });
      // A transaction that is not full waits for more, as long as another one is under way.
      const isWorthIt = ready.length >= roomiest ? sending.size < window : ready.length > 0 && sending.size === 0;
      if (isWorthIt) await submitSome(ready);
      else await changed.wait();
    }
  };

  const submitSome = async ([first, ...rest]: readonly OpenItem<Payload>[]): Promise<void> => {
    if (first === undefined) return;
    const packing = await packItems([first, ...rest], {
      encode: (packed) => kind.encode(packed.map(payloadOf)),
      estimate: (call) => persist(() => estimate(call), patience),
      blame: (refusal, packed) => kind.blame?.(refusal, packed.map(payloadOf)),
      nameOf: ({ id }) => id,
    });
    if (packing.status === "refused") return await examine(packing.item, packing.error);
    const { items, call } = packing;
    roomiest = roomFor(kind.maximumItems, { count: items.length, gasLimit: packing.estimate.gasLimit });
    if (!(await arePrepared(items))) return;
    const signed = await sign(call, { estimate: packing.estimate, nonce: nextNonce, earlier: [] });
    nextNonce += 1;
    remove(items);
    for (const item of items) item.transaction = signed.nonce;
    // While the disk is busy, the next ones are packed.
    const durable = writeDown(
      signed,
      items.map(({ id }) => id),
    );
    send(signed, { isNew: true, items, durable });
  };

  /** One that cannot be prepared is refused; the others are packed anew without it. */
  const arePrepared = async (items: readonly OpenItem<Payload>[]): Promise<boolean> => {
    const prepared = await Promise.all(
      items.map(async (item) => {
        try {
          await persist(() => kind.prepare(payloadOf(item)), patience);
          return true;
        } catch (error) {
          if (!isPassportError(error) || isOutage(error)) throw error;
          await refuse(item, error);
          return false;
        }
      }),
    );
    return prepared.every((isPrepared) => isPrepared);
  };

  const estimate = (call: PackedCall): Promise<Estimate> =>
    prepareTransaction({ ...context, signer }, { ...call, decode: () => undefined, names: kind.names }).estimate();

  const sign = (
    call: PackedCall,
    options: { readonly estimate: Estimate; readonly nonce: number; readonly earlier: readonly Bytes32[] },
  ): Promise<SignedTransaction> =>
    persist(async () => {
      const { nonce, earlier } = options;
      const { gasLimit, maxFeePerGasWei: maxFeePerGas } = options.estimate;
      const { to, data } = call;
      const fees = { gasLimit, maxFeePerGas, maxPriorityFeePerGas: 0n };
      try {
        const signed = await signer.signTransaction({ type: 2, chainId: context.chainId, to, data, nonce, ...fees });
        const raw = parseHex(signed);
        return { sender, nonce, raw, hashes: [...earlier, parseBytes32(keccak256(raw))] };
      } catch (error) {
        throw chainErrorOf(error, { endpoint: endpointOf(provider), account: sender });
      }
    }, patience);

  const writeDown = async ({ nonce, hashes, raw }: SignedTransaction, ids: readonly string[]): Promise<void> => {
    const hash = hashes.at(-1);
    if (hash === undefined) return;
    submission.transactions.add(hash);
    await journal.append([{ type: "transaction", sender, nonce, hash, raw, ids } satisfies TransactionRecord]);
  };

  // ------------------------------------------------------------------------------------------- sending and settling

  /** Its keys are busy from now on until the chain has said what became of it. */
  const send = (
    transaction: SignedTransaction,
    options: {
      readonly isNew: boolean;
      readonly items: readonly OpenItem<Payload>[];
      /** Nothing leaves before it is fulfilled. */
      readonly durable: Promise<void>;
    },
  ): void => {
    const { isNew, items, durable } = options;
    const keys = new Set(items.map(({ orderedBy }) => orderedBy));
    for (const key of keys) busy.hold(key);
    let last = transaction;
    const signAgain = async (outdated: SignedTransaction): Promise<SignedTransaction> => {
      last = await signWithPresentFees(outdated);
      await writeDown(
        last,
        items.map(({ id }) => id),
      );
      return last;
    };
    const task = durable
      .then(() => deliverTransaction(provider, transaction, { isNew, signAgain, patience }))
      .then((delivery) => settle(last, delivery, items))
      .catch(submission.fail)
      .finally(() => {
        sending.delete(task);
        for (const key of keys) {
          lastSettled.delete(key);
          lastSettled.set(key, performance.now());
          busy.release(key);
        }
        changed.notify();
      });
    sending.add(task);
  };

  const signWithPresentFees = async (outdated: SignedTransaction): Promise<SignedTransaction> => {
    const { to, data, gasLimit, maxFeePerGas } = Transaction.from(outdated.raw);
    const call = { to: parseAddress(to), data };
    const { nonce, hashes: earlier } = outdated;
    const present = await estimate(call).catch(async (error: unknown) => {
      if (!isRefusal(error)) throw error;
      // Its nonce has to be used all the same; it will revert, and its items are looked at one by one.
      return { gasLimit: gasLimit * 2n, maxFeePerGasWei: (maxFeePerGas ?? 0n) * 2n };
    });
    // Safety: signing needs no more of an estimate than its two limits.
    return await sign(call, { estimate: present as Estimate, nonce, earlier });
  };

  const settle = async (
    transaction: SignedTransaction,
    delivery: Delivery,
    items: readonly OpenItem<Payload>[],
  ): Promise<void> => {
    const { block } = delivery;
    const recorded = delivery.status === "succeeded" ? decode(delivery, items) : undefined;
    if (recorded !== undefined) {
      addSettlement({ block, ids: items.map(({ id }) => id), transaction, isSafe: false });
      for (const [item, result] of recorded) await markRecorded(item, result);
      return;
    }
    addSettlement({ block, ids: [], transaction, isSafe: false });
    if (delivery.status === "displaced") await catchUp();
    await giveBack(transaction, { items, isReverted: delivery.status !== "displaced" });
  };

  /** Somebody else sends with this key. */
  const catchUp = async (): Promise<void> => {
    const count = await persist(() => askNode(provider, () => provider.getTransactionCount(sender)), patience);
    nextNonce = Math.max(nextNonce, count);
  };

  const giveBack = async (
    transaction: SignedTransaction,
    { items, isReverted }: { readonly items: readonly OpenItem<Payload>[]; readonly isReverted: boolean },
  ): Promise<void> => {
    const returned = items.filter((item) => item.transaction === transaction.nonce && !item.isRecorded);
    for (const item of returned) item.reverts += isReverted ? 1 : 0;
    const guilty = returned.filter(({ reverts }) => reverts >= MAXIMUM_REVERTS);
    put(returned.filter((item) => !guilty.includes(item)));
    const transactionHash = transaction.hashes.at(-1);
    for (const item of guilty) {
      await refuse(item, new PassportError("submission.reverted", { id: item.id, transactionHash }));
    }
  };

  /** What cannot be decoded is treated as not recorded: the next estimate or the chain itself will tell. */
  const decode = (
    { receipt, block }: Extract<Delivery, { readonly status: "succeeded" | "reverted" }>,
    items: readonly OpenItem<Payload>[],
  ): ReadonlyMap<OpenItem<Payload>, Recorded<Result>> | undefined => {
    const transactionHash = parseBytes32(receipt.hash);
    const blockNumber = BigInt(block.number);
    try {
      const results = kind.decode(items.map(payloadOf), { logs: receipt.logs, transactionHash });
      return new Map(
        results.flatMap((result, index) => {
          const item = items[index];
          return item === undefined ? [] : [[item, { result, transactionHash, blockNumber }] as const];
        }),
      );
    } catch (error) {
      if (!isPassportError(error)) throw error;
      patience.onProblem(error);
      return undefined;
    }
  };

  const addSettlement = (settlement: Settlement): void => {
    settlements = [...settlements, settlement];
  };

  const markRecorded = async (item: OpenItem<Payload>, recorded: Recorded<Result>): Promise<void> => {
    await submission.onReceipt({ status: "sequenced", id: item.id, ...recorded });
    // A rollback may have made an older transaction succeed after all.
    openItems.set(item.id, item);
    submission.refused.delete(item.id);
    item.isRecorded = true;
    submission.pending.delete(item.id);
    item.payload = undefined;
  };

  // ------------------------------------------------------------------------------------------- refusals

  /** An item that the chain refuses although it stands alone. */
  const examine = async (item: OpenItem<Payload>, error: PassportError): Promise<void> => {
    // What precedes it on the same passport or gateway may not be known to the node yet, or no longer.
    if (isSettling(item.orderedBy)) return holdFor(item.orderedBy);
    const isRepaired = await repair(() => findVanished(provider, settlements));
    if (isRepaired || busy.has(item.orderedBy) || isSettling(item.orderedBy)) return holdFor(item.orderedBy);
    const recorded = await findRecorded(item);
    if (recorded === undefined) return await refuse(item, error);

    const block = await persist(() => readBlockReference(provider, Number(recorded.blockNumber)), patience);
    if (block === undefined) return holdFor(item.orderedBy);
    remove([item]);
    item.transaction = undefined;
    addSettlement({ block, ids: [item.id], transaction: undefined, isSafe: false });
    await markRecorded(item, recorded);
    changed.notify();
  };

  /** Where nothing can be asked, nothing is recorded. */
  const findRecorded = async (item: OpenItem<Payload>): Promise<Recorded<Result> | undefined> => {
    try {
      return await persist(() => kind.findRecorded(payloadOf(item)), patience);
    } catch (error) {
      if (isPassportError(error, "chain.no-contract") || isPassportError(error, "passport.foreign")) return undefined;
      throw error;
    }
  };

  const isSettling = (key: string): boolean => {
    for (const [settled, time] of lastSettled) {
      if (performance.now() - time < settlingMilliseconds) break;
      lastSettled.delete(settled);
    }
    return lastSettled.has(key);
  };

  const holdFor = (key: string): void => {
    busy.hold(key);
    void sleep(settlingMilliseconds, patience.signal).then(() => {
      busy.release(key);
      changed.notify();
    });
  };

  const refuse = async (item: OpenItem<Payload>, error: PassportError): Promise<void> => {
    const { id } = item;
    await submission.onReceipt({ status: "refused", id, error });
    submission.refused.add(id);
    await journal.append([{ type: "refused", id, code: error.code, message: error.message }]);
    remove([item]);
    openItems.delete(id);
    submission.pending.delete(id);
    changed.notify();
  };

  // ------------------------------------------------------------------------------------------- confirming

  let lastRepair: Promise<unknown> = Promise.resolve();
  /** One after the other: nothing must be sent again twice at the same time. Tells whether anything was. */
  const repair = (find: () => Promise<readonly Settlement[]>): Promise<boolean> => {
    const done = lastRepair.then(async () => {
      const vanished = await persist(find, patience);
      await doAgain(vanished);
      return vanished.length > 0;
    });
    lastRepair = done.catch(() => undefined);
    return done;
  };

  const doAgain = async (vanished: readonly Settlement[]): Promise<void> => {
    if (vanished.length === 0) return;
    settlements = settlements.filter((settlement) => !vanished.includes(settlement));
    const { transactions, items } = await readAgain(
      journal,
      vanished.flatMap(({ transaction }) => transaction?.hashes ?? []),
    );
    for (const id of vanished.flatMap(({ ids }) => ids)) {
      const item = openItems.get(id);
      if (item === undefined) continue;
      item.isRecorded = false;
      submission.pending.add(id);
    }
    const ofOthers = vanished.filter(({ transaction }) => transaction === undefined).flatMap(({ ids }) => ids);
    put(ofOthers.flatMap((id) => reopen(items.get(id))));
    await resume(transactions, items);
  };

  const reopen = (record: ItemRecord | undefined): readonly OpenItem<Payload>[] => {
    if (record === undefined) return [];
    const item = openItems.get(record.id) ?? submission.open(record);
    item.payload ??= kind.payloadSchema.parse(record.payload);
    return [item];
  };

  const resume: Lane<Payload>["resume"] = async (records, items) => {
    const transactions = joinCandidates(records);
    nextNonce = Math.max(nextNonce, (transactions.at(-1)?.transaction.nonce ?? -1) + 1);
    for (const { transaction, ids } of transactions) {
      while (sending.size >= window && !patience.signal.aborted) await changed.wait();
      if (patience.signal.aborted) return;
      const reopened = ids.flatMap((id) => reopen(items.get(id)));
      for (const item of reopened) item.transaction = Math.max(item.transaction ?? 0, transaction.nonce);
      send(transaction, { isNew: false, items: reopened, durable: Promise.resolve() });
    }
  };

  const confirm = async (blocks: ConfirmedBlocks): Promise<void> => {
    await repair(() => findVanished(provider, settlements));
    let confirmed: Confirmations | undefined;
    await repair(async () => {
      confirmed = await findConfirmed(provider, settlements, blocks);
      return confirmed.vanished;
    });
    for (const settlement of confirmed?.safe ?? []) {
      settlement.isSafe = true;
      await report(settlement, "safe");
    }
    if (confirmed !== undefined && confirmed.final.length > 0) await forget(confirmed.final);
  };

  const report = async ({ ids }: Settlement, status: "safe" | "finalized"): Promise<void> => {
    for (const id of ids) await submission.onReceipt({ status, id });
  };

  const forget = async (final: readonly Settlement[]): Promise<void> => {
    for (const settlement of final) await report(settlement, "finalized");
    const hashes = final.flatMap(({ transaction }) => transaction?.hashes ?? []);
    const ids = final.flatMap((settlement) => settlement.ids);
    await journal.append([{ type: "final", hashes, ids }]);
    settlements = settlements.filter((settlement) => !final.includes(settlement));
    for (const hash of hashes) submission.transactions.delete(hash);
    for (const id of ids) openItems.delete(id);
    changed.notify();
  };

  const rest = async (): Promise<void> => {
    await lastRepair;
    await Promise.all([...sending]);
  };

  return { sender, enqueue: put, resume, run, confirm, rest };
}

function payloadOf<Payload>({ id, payload }: OpenItem<Payload>): Payload {
  if (payload !== undefined) return payload;
  throw new Error(`the payload of ${id} was given up although it is still needed`);
}

function roomFor(
  maximumItems: number,
  { count, gasLimit }: { readonly count: number; readonly gasLimit: bigint },
): number {
  return Math.max(1, Math.min(maximumItems, Number((MAXIMUM_GAS * BigInt(count)) / gasLimit)));
}

import type { Signer } from "ethers";
import { askNode } from "../chain/ask-node.js";
import type { SendingContext } from "../chain/prepare-transaction.js";
import { requireChain } from "../chain/require-chain.js";
import { PassportError } from "../errors/passport-error.js";
import { parseBytes32 } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";
import { sleep } from "../primitives/sleep.js";
import { createChangeSignal } from "./change-signal.js";
import type { Item, ItemKind, ItemReceipt } from "./item-kind.js";
import type { Journal, Release } from "./journal.js";
import { createLane, type Lane } from "./lane.js";
import { laneOf } from "./lane-of.js";
import type { OpenItem } from "./open-items.js";
import { isOutage, persist } from "./persist.js";
import { createBusyKeys, type Submission } from "./submission.js";
import { type ItemRecord, readRecords, readUnfinishedWork, type SubmissionRecord } from "./submission-records.js";

/** How items are submitted. */
export interface SubmitterOptions<Payload, Result> {
  readonly kind: ItemKind<Payload, Result>;
  /** Of its own for each kind and chain; whoever opened it closes it after the submitter. */
  readonly journal: Journal;
  /** One lane each. They must be able to sign without sending, and nobody else may send with them. */
  readonly signers: readonly [Signer, ...Signer[]];
  /** Told what becomes of each item; the next thing waits until it has returned. If it fails, the submitter ends. */
  readonly onReceipt: (receipt: ItemReceipt<Result>) => void | Promise<void>;
  /** Told what is being waited out, such as a node that does not answer. */
  readonly onProblem?: ((error: unknown) => void) | undefined;
  /** How long one request may fail before the submitter gives up, in milliseconds; ten minutes if left out. */
  readonly patienceMilliseconds?: number | undefined;
  /** Time between two looks for reorganisations and finality, in milliseconds; 2,000 if left out. */
  readonly confirmMilliseconds?: number | undefined;
  /**
   * How far a node behind a load balancer may be behind the others, in milliseconds; 2,000 if left out. For so long after
   * something was recorded, no refusal of what comes after it is believed.
   */
  readonly settlingMilliseconds?: number | undefined;
  /** Most transactions of one lane under way; 4 if left out. */
  readonly window?: number | undefined;
  /** Most items that are accepted and not yet sequenced; then `submit` waits. */
  readonly maximumPending?: number | undefined;
}

/** Brings items on chain, each once. */
export interface Submitter<Payload> {
  /**
   * Accepts an item. When the promise is fulfilled it is durable and will be recorded or refused, whatever crashes.
   *
   * @returns false if this id is under way already
   * @throws PassportError `journal.unusable`, `submission.closed`, and what has ended the submitter
   */
  readonly submit: (item: Item<Payload>) => Promise<boolean>;
  /**
   * Waits until all accepted items are sequenced or refused; with `finalized`, until those are final as well.
   *
   * @throws what has ended the submitter
   */
  readonly flush: (level?: "sequenced" | "finalized") => Promise<void>;
  /** Items that were refused and not submitted again, with the reason. */
  readonly quarantined: () => AsyncIterable<{ readonly item: Item<Payload>; readonly reason: string }>;
  /** Stops where it is; a new submitter with the same journal goes on. */
  readonly close: () => Promise<void>;
}

const PATIENCE_MILLISECONDS = 600_000;
const CONFIRM_MILLISECONDS = 2_000;
const SETTLING_MILLISECONDS = 2_000;
const WINDOW = 4;
/** A journal is not worth compacting before. */
const COMPACTION_BYTES = 4_000_000;

/**
 * Starts a submitter, or goes on with what an earlier one has left in the journal.
 *
 * @param context - provider and chain id
 * @param options - kind of items, journal, signers
 * @returns the submitter; call its `close()` at the end
 * @throws PassportError `journal.*`, `submission.sender-missing`, `chain.wrong-chain`, `chain.*` after the patience
 *
 * @example
 * ```ts
 * const submitter = await createSubmitter(context, { kind, journal, signers: [wallet], onReceipt: console.log });
 * await submitter.submit({ id: "reading 1", orderedBy: gateway, payload });
 * await submitter.flush();
 * await submitter.close();
 * ```
 */
export async function createSubmitter<Payload, Result>(
  context: SendingContext,
  options: SubmitterOptions<Payload, Result>,
): Promise<Submitter<Payload>> {
  const release = await claimAll(context, options);
  try {
    const submitter = await startSubmitter(context, options);
    return { ...submitter, close: () => submitter.close().finally(release) };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Two submitters with the same journal, or the same key, would do everything twice. */
async function claimAll<Payload, Result>(
  { chainId }: SendingContext,
  { journal, signers }: SubmitterOptions<Payload, Result>,
): Promise<Release> {
  const releases: Release[] = [];
  const release = async (): Promise<void> => {
    for (const each of releases) await each();
  };
  try {
    releases.push(await journal.claim(`submitter of the journal ${journal.name}`));
    for (const signer of signers) {
      releases.push(await journal.claim(`key of ${await signer.getAddress()} on chain ${chainId}`));
    }
    return release;
  } catch (error) {
    await release();
    throw error;
  }
}

async function startSubmitter<Payload, Result>(
  context: SendingContext,
  options: SubmitterOptions<Payload, Result>,
): Promise<Submitter<Payload>> {
  const { kind, journal, signers } = options;
  const abort = new AbortController();
  const changed = createChangeSignal();
  let failure: { readonly error: unknown } | undefined;
  let position = 0;
  let compactedBytes = 0;

  const end = (error: unknown): void => {
    if (!abort.signal.aborted) abort.abort(error);
    changed.notify();
  };
  const open = ({ id, orderedBy, payload }: ItemRecord): OpenItem<Payload> => {
    const parsed = parseInput(kind.payloadSchema, payload, { field: `payload of ${id}` });
    submission.pending.add(id);
    return {
      id,
      orderedBy,
      payload: parsed,
      position: position++,
      transaction: undefined,
      isRecorded: false,
      reverts: 0,
    };
  };
  const submission: Submission<Payload, Result> = {
    context,
    kind,
    journal,
    patience: {
      milliseconds: options.patienceMilliseconds ?? PATIENCE_MILLISECONDS,
      signal: abort.signal,
      onProblem: options.onProblem ?? (() => undefined),
    },
    window: options.window ?? WINDOW,
    settlingMilliseconds: options.settlingMilliseconds ?? SETTLING_MILLISECONDS,
    changed,
    busy: createBusyKeys(),
    items: new Map(),
    pending: new Set(),
    refused: new Set(),
    transactions: new Set(),
    open,
    onReceipt: async (receipt) => await options.onReceipt(receipt),
    fail: (error) => {
      // What ends because of the closing is no failure.
      if (!abort.signal.aborted) failure = { error };
      end(error);
    },
  };
  const { patience, items } = submission;
  const requireRunning = (id: string): void => {
    if (failure !== undefined) throw failure.error;
    if (abort.signal.aborted) throw new PassportError("submission.closed", { id });
  };

  const lanes = await openLanes(submission, signers);
  const laneFor = (key: string): Lane<Payload> => {
    const lane = lanes[laneOf(key, { count: lanes.length })];
    if (lane === undefined) throw new RangeError("a submitter has at least one lane");
    return lane;
  };

  const unfinished = await readUnfinished(submission);
  for (const record of unfinished.items.values()) items.set(record.id, open(record));
  for (const id of unfinished.refused) submission.refused.add(id);
  for (const hash of unfinished.transactions.keys()) submission.transactions.add(hash);
  const transactions = [...unfinished.transactions.values()];
  const foreign = transactions.find(({ sender }) => lanes.every((lane) => lane.sender !== sender));
  if (foreign !== undefined) {
    throw new PassportError("submission.sender-missing", { journal: journal.name, account: foreign.sender });
  }
  const signed = new Set(transactions.flatMap(({ ids }) => ids));
  const recovering = Promise.all(
    lanes.map(async (lane) => {
      await lane.resume(
        transactions.filter(({ sender }) => sender === lane.sender),
        unfinished.items,
      );
    }),
  );
  const waiting = [...items.values()].filter(({ id }) => !signed.has(id));
  for (const lane of lanes) lane.enqueue(waiting.filter(({ orderedBy }) => laneFor(orderedBy) === lane));

  const compact = async (): Promise<void> => {
    if (journal.size() < Math.max(COMPACTION_BYTES, 2 * compactedBytes)) return;
    await journal.compact((record) => isNeeded(record, submission));
    compactedBytes = journal.size();
  };
  const confirmAll = async (): Promise<void> => {
    while (!abort.signal.aborted) {
      await sleep(options.confirmMilliseconds ?? CONFIRM_MILLISECONDS, abort.signal);
      if (submission.transactions.size > 0 || items.size > 0) await confirmOnce();
    }
  };
  const confirmOnce = async (): Promise<void> => {
    try {
      const [safe, finalized] = await Promise.all([readHeight("safe"), readHeight("finalized")]);
      for (const lane of lanes) await lane.confirm({ safe, finalized });
    } catch (error) {
      if (!isOutage(error)) throw error;
      patience.onProblem(error);
    }
    await compact();
  };
  const readHeight = async (level: "safe" | "finalized"): Promise<number> =>
    (await askNode(context.provider, () => context.provider.getBlock(level)))?.number ?? -1;

  const running = [
    recovering.then(() => Promise.all(lanes.map((lane) => lane.run()))),
    recovering.then(confirmAll),
  ].map((task) => task.then(() => undefined, submission.fail));

  const maximumPending = options.maximumPending ?? 2 * submission.window * kind.maximumItems * lanes.length;
  let lastAdmitted: Promise<unknown> = Promise.resolve();
  /** First come, first served: the order in which items come is the order in which they are recorded. */
  const admit = (id: string): Promise<void> => {
    const admitted = lastAdmitted.then(async () => {
      requireRunning(id);
      while (submission.pending.size >= maximumPending) {
        await changed.wait();
        requireRunning(id);
      }
    });
    lastAdmitted = admitted.catch(() => undefined);
    return admitted;
  };
  const isFlushed = (level: "sequenced" | "finalized"): boolean =>
    level === "finalized" ? items.size === 0 : submission.pending.size === 0;

  return {
    submit: async ({ id, orderedBy, payload }) => {
      await admit(id);
      if (items.has(id)) {
        // Whoever brought it first may still be waiting for the disk.
        await journal.append([]);
        return false;
      }
      // Safety: a payload is JSON, as its kind's schema says.
      const record = { type: "item", id, orderedBy, payload } as ItemRecord;
      const item = open(record);
      items.set(id, item);
      submission.refused.delete(id);
      try {
        await journal.append([record]);
      } catch (error) {
        submission.fail(error);
        throw error;
      }
      laneFor(orderedBy).enqueue([item]);
      return true;
    },
    flush: async (level = "sequenced") => {
      while (!isFlushed(level)) {
        requireRunning("more");
        await changed.wait();
      }
    },
    quarantined: async function* () {
      const records = new Map<string, ItemRecord>();
      const reasons = new Map<string, string>();
      for await (const record of readRecords(journal)) {
        if (record.type === "item" && submission.refused.has(record.id)) records.set(record.id, record);
        if (record.type === "refused") reasons.set(record.id, record.message);
      }
      for (const [id, { orderedBy, payload }] of records) {
        const item = { id, orderedBy, payload: kind.payloadSchema.parse(payload) };
        yield { item, reason: reasons.get(id) ?? "" };
      }
    },
    close: async () => {
      end(new PassportError("submission.closed", { id: "anything" }));
      await Promise.all(running);
      await Promise.all(lanes.map((lane) => lane.rest()));
    },
  };
}

async function openLanes<Payload, Result>(
  submission: Submission<Payload, Result>,
  signers: readonly Signer[],
): Promise<readonly Lane<Payload>[]> {
  const { context, patience } = submission;
  const { provider, chainId } = context;
  await persist(() => requireChain(provider, { chainId }), patience);
  const lanes = await Promise.all(signers.map((signer) => createLane(submission, signer)));
  // The order of the signers must not decide which key goes where.
  return lanes.sort((left, right) => (left.sender < right.sender ? -1 : 1));
}

async function readUnfinished<Payload, Result>({ context, journal, kind, patience }: Submission<Payload, Result>) {
  const { provider, chainId } = context;
  const first = await persist(() => askNode(provider, () => provider.getBlock(0)), patience);
  const genesis = parseBytes32(first?.hash, { field: "hash of the first block" });
  return await readUnfinishedWork(journal, { kind: kind.name, chainId, genesis });
}

function isNeeded<Payload, Result>(
  value: unknown,
  { items, refused, transactions }: Submission<Payload, Result>,
): boolean {
  // Safety: nothing but the submitter writes its journal, and opening it has checked every record.
  const record = value as SubmissionRecord;
  switch (record.type) {
    case "opened":
      return true;
    case "item":
      return items.has(record.id) || refused.has(record.id);
    case "transaction":
      return transactions.has(record.hash);
    case "refused":
      return refused.has(record.id);
    case "final":
      return false;
  }
}

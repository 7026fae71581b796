import { join } from "node:path";
import { createSubmitter, type Journal, PassportError } from "@digital-product-passport/sdk";
import { createFileJournal, isOutage, persist, sleep } from "@digital-product-passport/sdk/node";
import type { Reading, SignedBatch } from "@digital-product-passport/sdk/readings";
import type { Signer } from "ethers";
import { type AnchoringProgress, createAnchoring } from "./anchoring/create-anchoring.js";
import { type AttestationProgress, createAttestor } from "./attestations/create-attestor.js";
import { createReadingWatch, type ReadingWatchOptions } from "./attestations/create-reading-watch.js";
import type { Cut } from "./batches/batch-records.js";
import { type Batcher, type BatchLimits, createBatcher } from "./batches/create-batcher.js";
import { reconcile, recoverBatches } from "./batches/recover-batches.js";
import type { MadeBatch, RelayChain } from "./chain/relay-chain.js";
import type { ReadingJournal } from "./journal/create-reading-journal.js";

/** Who pays for transactions; each key for one thing only. */
export interface Payers {
  readonly batches: readonly [Signer, ...Signer[]];
  /** Left out: nothing is recorded on passports. */
  readonly attestations?: readonly [Signer, ...Signer[]] | undefined;
}

/** What the pipeline works on. */
export interface PipelineOptions {
  readonly folder: string;
  readonly chain: RelayChain;
  readonly journal: ReadingJournal<Reading>;
  readonly payers: Payers;
  readonly limits: BatchLimits;
  readonly watch: ReadingWatchOptions;
  readonly confirmMilliseconds: number;
  readonly clock: () => number;
  readonly onCut: (cut: Cut) => void;
  readonly onAnchoring: (progress: AnchoringProgress) => void;
  readonly onFinal: (sequence: number) => void;
  readonly onAttestation: (progress: AttestationProgress) => void;
  readonly onProblem: (error: unknown) => void;
  /** Ends it, also while it is starting. */
  readonly signal: AbortSignal;
}

/** The way from the journal to the chain, running. */
export interface Pipeline {
  /** Rejected with what has ended it; fulfilled after `close`. */
  readonly done: Promise<void>;
  /** Cuts what the journal holds, and waits until it is sequenced. */
  readonly flush: () => Promise<void>;
  readonly close: () => Promise<void>;
  /** Last position of the journal that is in a batch. */
  readonly batched: () => number;
  /** Batches that are cut and not final. */
  readonly unanchored: () => number;
  /** Entries that are decided and not final. */
  readonly pendingAttestations: () => number;
}

const FOREVER = Number.POSITIVE_INFINITY;
const FLUSH_TICK_MILLISECONDS = 20;
const GUARD_MILLISECONDS = 500;

/**
 * Starts the way from the journal to the chain, or goes on where an earlier run has stopped. All that it must not forget is
 * in files; whatever ends it, it can be started again.
 *
 * @param options - journal, chain, payers
 * @returns the pipeline
 * @throws PassportError `relay.chain-diverged`, `journal.*`, `submission.*`
 */
export async function startPipeline(options: PipelineOptions): Promise<Pipeline> {
  const { chain, journal, folder, onProblem, payers } = options;
  const abort = new AbortController();
  const { signal } = abort;
  const end = (): void => abort.abort();
  options.signal.addEventListener("abort", end, { once: true });
  if (options.signal.aborted) end();
  const closing: (() => Promise<void>)[] = [];
  const closeAll = async (): Promise<void> => {
    abort.abort();
    options.signal.removeEventListener("abort", end);
    for (const close of closing.splice(0).reverse()) await close().catch(onProblem);
  };
  const openJournal = async (name: string): Promise<Journal> => {
    const opened = await createFileJournal(join(folder, `${name}.journal`));
    closing.push(opened.close);
    return opened;
  };
  const patiently = <Result>(task: () => Promise<Result>): Promise<Result> =>
    persist(task, { milliseconds: FOREVER, signal, onProblem });

  try {
    const steps = await openJournal("batches");
    const recovered = await recoverBatches(steps, { chain: chain.name });
    const position = await patiently(() => chain.readPosition("sequenced"));
    const start = reconcile(recovered, { gateway: chain.name, chain: position });
    const cuts = new Map(
      recovered.steps.flatMap(({ batch }) => (batch === undefined ? [] : [[batch.sequence, batch]])),
    );

    const anchoring = createAnchoring<MadeBatch, SignedBatch>({
      gateway: chain.name,
      load: async (cut) => {
        const found = cuts.get(cut.sequence);
        if (found === undefined) throw new RangeError(`batch ${cut.sequence} was never cut`);
        return await chain.createBatch(await journal.read(found), found);
      },
      sign: chain.signBatch,
      store: chain.store,
      persist: patiently,
      onProgress: options.onAnchoring,
    });
    const attestor = await createAttestor({
      journal: await openJournal("attestations"),
      sign: (draft) => patiently(() => chain.signEntry(draft)),
      onProgress: options.onAttestation,
    });
    const batcher = createBatcher<MadeBatch>({
      journal: steps,
      recovered,
      start,
      follow: journal.follow,
      watch: createReadingWatch(recovered.remembered, options.watch),
      create: chain.createBatch,
      limits: options.limits,
      clock: options.clock,
      randomBytes: chain.context.randomBytes,
      onStep: async ({ step, batch, drafts }, created) => {
        if (payers.attestations !== undefined) await attestor.take(step, drafts);
        if (batch === undefined) return;
        cuts.set(batch.sequence, batch);
        options.onCut(batch);
        anchoring.take(batch, created);
        await anchoring.room(signal);
      },
    });
    for (const { step, batch, drafts } of recovered.steps) {
      if (payers.attestations !== undefined) await attestor.take(step, drafts);
      if (batch !== undefined && batch.sequence > position.sequence) anchoring.take(batch);
    }

    const submitting = { confirmMilliseconds: options.confirmMilliseconds, onProblem };
    const batchSubmitter = await createSubmitter(chain.context, {
      ...submitting,
      kind: chain.batches,
      journal: await openJournal("batch-transactions"),
      signers: payers.batches,
      onReceipt: anchoring.hear,
    });
    closing.push(batchSubmitter.close);
    const running = [
      batcher.run(signal),
      anchoring.run(batchSubmitter, signal),
      watchFinality({ ...options, batcher, cuts, signal }),
    ];
    const submitters: { readonly flush: () => Promise<void> }[] = [batchSubmitter];
    if (payers.attestations !== undefined && chain.attestations !== undefined) {
      const submitter = await createSubmitter(chain.context, {
        ...submitting,
        kind: chain.attestations,
        journal: await openJournal("attestation-transactions"),
        signers: payers.attestations,
        onReceipt: attestor.hear,
      });
      closing.push(submitter.close);
      submitters.push(submitter);
      running.push(attestor.run(submitter, signal));
    }
    // A submitter says what has ended it to whoever waits for it.
    const guarding = submitters.map((submitter) => guard(submitter, signal));
    const done = Promise.all([...running, ...guarding]).then(
      () => undefined,
      (error: unknown) => {
        if (!signal.aborted) throw error;
      },
    );
    done.catch(() => undefined);

    return {
      done,
      batched: batcher.batched,
      unanchored: () => cuts.size,
      pendingAttestations: attestor.pending,
      flush: async () => {
        const until = journal.nextPosition() - 1;
        while (batcher.position() < until && !signal.aborted) await sleep(FLUSH_TICK_MILLISECONDS, signal);
        await batcher.flush();
        while ((anchoring.waiting() > 0 || attestor.unsubmitted() > 0) && !signal.aborted) {
          await sleep(FLUSH_TICK_MILLISECONDS, signal);
        }
        for (const { flush } of submitters) await flush();
      },
      close: async () => {
        await closeAll();
        await done.catch(() => undefined);
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

interface FinalityOptions
  extends Pick<PipelineOptions, "chain" | "journal" | "onFinal" | "onProblem" | "confirmMilliseconds"> {
  readonly batcher: Batcher;
  readonly cuts: Map<number, Cut>;
  readonly signal: AbortSignal;
}

/** What is final needs no journal any more. */
async function watchFinality(options: FinalityOptions): Promise<void> {
  const { cuts, signal, confirmMilliseconds, onProblem } = options;
  while (!signal.aborted) {
    await sleep(confirmMilliseconds, signal);
    if (cuts.size === 0) continue;
    try {
      await lookForFinal(options);
    } catch (error) {
      if (!isOutage(error)) throw error;
      onProblem(error);
    }
  }
}

async function lookForFinal(options: FinalityOptions): Promise<void> {
  const { chain, journal, batcher, cuts, onFinal } = options;
  const { sequence, head } = await chain.readPosition("finalized");
  const last = cuts.get(sequence);
  if (last === undefined) return;
  if (last.head !== head) {
    const problem = `its final head is ${head}, here ${last.head}`;
    throw new PassportError("relay.chain-diverged", { gateway: chain.name, sequence, problem });
  }
  await batcher.markAnchored(sequence);
  for (const known of [...cuts.keys()].filter((each) => each <= sequence).sort((left, right) => left - right)) {
    cuts.delete(known);
    onFinal(known);
  }
  await journal.forget(last.last);
}

/** A submitter says what has ended it only to those who wait for it. */
async function guard(submitter: { readonly flush: () => Promise<void> }, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await submitter.flush();
    await sleep(GUARD_MILLISECONDS, signal);
  }
}

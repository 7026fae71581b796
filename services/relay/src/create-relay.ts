import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { isPassportError } from "@digital-product-passport/sdk";
import { claimName, sleep } from "@digital-product-passport/sdk/node";
import type { Reading } from "@digital-product-passport/sdk/readings";
import type { Logger } from "pino";
import type { ReadingWatchOptions } from "./attestations/create-reading-watch.js";
import type { BatchLimits } from "./batches/create-batcher.js";
import type { RelayChain } from "./chain/relay-chain.js";
import { createIntake } from "./create-intake.js";
import type { TakeIn } from "./delivery.js";
import { createReadingJournal, type ReadingJournalOptions } from "./journal/create-reading-journal.js";
import { createMetrics, type Metrics } from "./operations/create-metrics.js";
import { type Checks, createOperationsServer } from "./operations/create-operations-server.js";
import { type CoapReceiverOptions, createCoapReceiver } from "./receivers/create-coap-receiver.js";
import { createHttpReceiver, type HttpReceiverOptions } from "./receivers/create-http-receiver.js";
import { createMqttReceiver, type MqttReceiverOptions } from "./receivers/create-mqtt-receiver.js";
import type { Receiver } from "./receivers/receiver.js";
import { type Payers, type Pipeline, type PipelineOptions, startPipeline } from "./run-pipeline.js";
import { createDeadLetters } from "./validation/create-dead-letters.js";
import { createPairingBook } from "./validation/create-pairing-book.js";
import { createValidator } from "./validation/create-validator.js";

/** Time between two looks whether the pipeline can be flushed. */
const FLUSH_TICK_MILLISECONDS = 50;

/** What the wiring gives to every receiver by itself. */
type Wired = "takeIn" | "onProblem" | "onFailure";

/** A relay, for one gateway. */
export interface RelayOptions {
  /** What is wanted from the chain, in the gateway's name: `connectChain`. */
  readonly chain: RelayChain;
  readonly payers: Payers;
  /** Where everything lies that must not be lost; for this relay alone. */
  readonly folder: string;
  /** productIds that the relay serves. */
  readonly products: readonly string[];
  readonly receivers: {
    readonly mqtt?: Omit<MqttReceiverOptions, Wired> | undefined;
    readonly http?: Omit<HttpReceiverOptions, Wired> | undefined;
    readonly coap?: Omit<CoapReceiverOptions, Wired> | undefined;
  };
  /** How far the times of readings may lie behind and ahead, in seconds. */
  readonly clockSkew: { readonly pastSeconds: number; readonly futureSeconds: number };
  readonly journal: Omit<ReadingJournalOptions, "folder" | "onCommit">;
  readonly deadLetterBytes: number;
  readonly batches: BatchLimits;
  readonly attestations: Pick<ReadingWatchOptions, "alarms" | "summarySeconds" | "readingsAnchor" | "gateway">;
  /** Left out: nobody can ask how it is doing. */
  readonly operations?: { readonly host: string; readonly port: number } | undefined;
  readonly pairingRefreshSeconds: number;
  /** Time between two looks for finality, in milliseconds. */
  readonly confirmMilliseconds: number;
  /** How long `close` may wait until everything is sequenced, in milliseconds. */
  readonly shutdownMilliseconds: number;
  /** Time until a part that has failed is started again, in milliseconds. */
  readonly restartMilliseconds: number;
  readonly log: Logger;
  /** Returns the present time in Unix milliseconds; the computer's clock if left out. */
  readonly clock?: (() => number) | undefined;
  /** Ends a start that is waiting for the chain. */
  readonly signal?: AbortSignal | undefined;
}

/** A relay that runs. */
export interface Relay {
  /** Where it listens, by name. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Takes readings of a program that embeds the relay. */
  readonly takeIn: TakeIn;
  readonly metrics: Metrics;
  readonly readiness: () => Checks;
  /** Rejected with what no restart can mend; fulfilled after `close`. */
  readonly done: Promise<void>;
  /** Takes nothing new, flushes, and ends. Whatever is not on chain by then, the next start brings there. */
  readonly close: () => Promise<void>;
}

/**
 * Starts a relay: from receivers through validation into the journal, from there in batches to the chain, and alarms and
 * summaries onto the products' passports.
 *
 * @param options - chain, keys, folder, receivers, limits
 * @returns the running relay
 * @throws PassportError `journal.*`, `relay.chain-diverged`, `input.invalid`
 */
export async function createRelay(options: RelayOptions): Promise<Relay> {
  const { chain, folder, log, clock = Date.now } = options;
  const closing: (() => Promise<void>)[] = [];
  const abort = new AbortController();
  const { signal } = abort;
  // Only a start that waits is ended from outside at once: what runs is ended by `close`, which flushes first.
  const starting = options.signal === undefined ? signal : AbortSignal.any([signal, options.signal]);
  const closeAll = async (): Promise<void> => {
    abort.abort();
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    await mkdir(folder, { recursive: true });
    closing.push(await claimName(`relay of the gateway ${chain.name}`));

    let pipeline: Pipeline | undefined;
    let pipelineProblem: string | undefined = "it is starting";
    let failure: unknown;
    let fail: (error: unknown) => void = () => undefined;
    const failed = new Promise<never>((_, reject_) => {
      fail = (error) => {
        failure ??= error;
        reject_(error);
      };
    });
    failed.catch(() => undefined);

    const metrics = createMetrics({
      journalPosition: () => journal.nextPosition() - 1,
      journalBytes: () => journal.sizeBytes(),
      isJournalOpen: () => journal.problem() === undefined,
      unbatchedReadings: () => journal.nextPosition() - 1 - (pipeline?.batched() ?? 0),
      unanchoredBatches: () => pipeline?.unanchored() ?? 0,
      pendingAttestations: () => pipeline?.pendingAttestations() ?? 0,
    });
    const problemOf =
      (stage: string) =>
      (error: unknown): void => {
        const code = isPassportError(error) ? error.code : "unexpected";
        metrics.problems.inc({ stage, code });
        log.warn({ stage, code, err: error }, error instanceof Error ? error.message : String(error));
      };
    const journal = await createReadingJournal<Reading>({
      ...options.journal,
      folder: join(folder, "readings"),
      onCommit: (seconds) => metrics.commitSeconds.observe(seconds),
    });
    closing.push(journal.close);

    const book = await createPairingBook({
      products: options.products,
      read: chain.readPairing,
      file: join(folder, "pairings.json"),
      onProblem: problemOf("pairing"),
    });
    const letters = createDeadLetters({
      file: join(folder, "dead-letters.ndjson"),
      maximumBytes: options.deadLetterBytes,
      onLost: (count, error) => {
        metrics.lostLetters.inc(count);
        problemOf("dead-letters")(error);
      },
    });
    closing.push(letters.flush);
    const validate = createValidator({ pairings: book, clock, ...options.clockSkew });
    const takeIn = createIntake({ validate, journal, letters, metrics, clock });

    const pipelineOptions: PipelineOptions = {
      folder,
      chain,
      journal,
      payers: options.payers,
      limits: options.batches,
      watch: options.attestations,
      confirmMilliseconds: options.confirmMilliseconds,
      clock,
      onCut: ({ sequence, first, last }) => {
        metrics.batches.inc({ status: "cut" });
        metrics.anchoredReadings.inc({ status: "cut" }, last - first + 1);
        log.info({ batch: sequence, readings: last - first + 1 }, "batch cut");
      },
      onAnchoring: ({ sequence, readings, status, transactionHash }) => {
        metrics.batches.inc({ status });
        if (status === "sequenced") metrics.anchoredReadings.inc({ status }, readings);
        log.info({ batch: sequence, readings, transactionHash }, `batch ${status}`);
      },
      onFinal: (sequence) => {
        metrics.batches.inc({ status: "final" });
        log.info({ batch: sequence }, "batch final");
      },
      onAttestation: ({ kind, productId, status, error }) => {
        metrics.attestations.inc({ kind, status });
        if (error === undefined) log.info({ kind, productId }, `entry ${status}`);
        else log.error({ kind, productId, code: error.code, err: error }, `entry ${status}: ${error.message}`);
      },
      onProblem: problemOf("pipeline"),
      signal,
    };
    const afterFailure = (error: unknown): void => {
      if (signal.aborted) return;
      pipelineProblem = error instanceof Error ? error.message : String(error);
      problemOf("pipeline")(error);
      if (isPassportError(error, "relay.chain-diverged") || isPassportError(error, "journal.damaged")) fail(error);
    };
    /** Started again after whatever a restart can mend: what it must not forget is in files. */
    const keepRunning = async (): Promise<void> => {
      while (!signal.aborted) {
        try {
          pipeline = await startPipeline(pipelineOptions);
          pipelineProblem = undefined;
          await pipeline.done;
        } catch (error) {
          afterFailure(error);
        }
        await pipeline?.close();
        await sleep(options.restartMilliseconds, signal);
      }
    };
    /** A pipeline that is just starting, or starting again, is waited for. */
    const flush = async (hurry: AbortSignal): Promise<void> => {
      while (!hurry.aborted) {
        if (pipeline !== undefined && pipelineProblem === undefined) {
          try {
            return await pipeline.flush();
          } catch (error) {
            problemOf("pipeline")(error);
          }
        }
        await sleep(FLUSH_TICK_MILLISECONDS, hurry);
      }
    };
    const keepPairings = async (): Promise<void> => {
      while (!signal.aborted) {
        await sleep(options.pairingRefreshSeconds * 1_000, signal);
        if (!signal.aborted) await book.refresh();
      }
    };

    const receivers: Receiver[] = [];
    const readiness = (): Checks => ({
      journal: journal.problem()?.message,
      pairings: book.isComplete() ? undefined : "not every product's pairing is known yet",
      pipeline: pipelineProblem,
      ...Object.fromEntries(receivers.map(({ name, problem }) => [name, problem()])),
    });
    const addresses: Record<string, string> = {};
    if (options.operations !== undefined) {
      const health = (): Checks => ({ process: failure === undefined ? undefined : String(failure) });
      const server = await createOperationsServer({
        ...options.operations,
        registry: metrics.registry,
        health,
        readiness,
      });
      closing.push(server.close);
      addresses["operations"] = server.address;
    }

    await book.refresh();
    while (!book.isComplete() && !starting.aborted) {
      await sleep(options.restartMilliseconds, starting);
      await book.refresh();
    }
    const running = keepRunning();
    const pairing = keepPairings();
    const { mqtt, http, coap } = options.receivers;
    const wired = { takeIn, onFailure: fail };
    if (mqtt !== undefined) receivers.push(createMqttReceiver({ ...mqtt, ...wired, onProblem: problemOf("mqtt") }));
    if (http !== undefined) receivers.push(await createHttpReceiver({ ...http, ...wired }));
    if (coap !== undefined) {
      receivers.push(await createCoapReceiver({ ...coap, ...wired, onProblem: problemOf("coap") }));
    }
    for (const { name, address } of receivers) addresses[name] = address;

    let closed: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      closed = resolve;
    });
    log.info({ addresses, gateway: chain.name, position: journal.nextPosition() - 1 }, "ready");
    return {
      addresses,
      takeIn,
      metrics,
      readiness,
      done: Promise.race([ended, failed]),
      close: async () => {
        log.info("closing");
        await Promise.all(receivers.map((receiver) => receiver.close()));
        const hurry = new AbortController();
        await Promise.race([flush(hurry.signal), sleep(options.shutdownMilliseconds, hurry.signal)]);
        abort.abort();
        await pipeline?.close();
        // A part that waits for a chain that is away must not hold up the end: the next start goes on.
        await Promise.race([Promise.all([running, pairing]), sleep(options.shutdownMilliseconds, hurry.signal)]);
        hurry.abort();
        await closeAll();
        log.info({ position: journal.nextPosition() - 1 }, "closed");
        closed();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

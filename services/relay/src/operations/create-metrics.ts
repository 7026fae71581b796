import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** What can be looked up at the moment it is asked for. */
export interface MetricSources {
  readonly journalPosition: () => number;
  readonly journalBytes: () => number;
  readonly isJournalOpen: () => boolean;
  /** Readings that are in no batch yet. */
  readonly unbatchedReadings: () => number;
  /** Batches that are cut and not final. */
  readonly unanchoredBatches: () => number;
  /** Entries that are decided and not final. */
  readonly pendingAttestations: () => number;
}

/**
 * Makes the counts of a relay. Names carry their unit, as Prometheus wants it.
 *
 * @param sources - what is looked up when somebody asks
 * @returns the registry and its counters
 */
export function createMetrics(sources: MetricSources) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  gauge("passport_relay_journal_position", "Readings that were ever journaled", sources.journalPosition);
  gauge("passport_relay_journal_size_bytes", "Size of the journal of readings", sources.journalBytes);
  gauge("passport_relay_journal_open", "1 if readings are taken, 0 if the disk has no room", () =>
    sources.isJournalOpen() ? 1 : 0,
  );
  gauge("passport_relay_readings_unbatched", "Readings that are in no batch yet", sources.unbatchedReadings);
  gauge("passport_relay_batches_unanchored", "Batches that are cut and not final on chain", sources.unanchoredBatches);
  gauge("passport_relay_attestations_pending", "Entries that are decided and not final", sources.pendingAttestations);
  return {
    registry,
    deliveries: new Counter({
      name: "passport_relay_deliveries_total",
      help: "Messages that came in, by whether they were answered or refused for now, each time that they came",
      labelNames: ["transport", "result"] as const,
      registers,
    }),
    readings: new Counter({
      name: "passport_relay_readings_received_total",
      help: "Readings that came in, by what became of them",
      labelNames: ["transport", "result"] as const,
      registers,
    }),
    rejections: new Counter({
      name: "passport_relay_readings_rejected_total",
      help: "Readings that were rejected, by reason",
      labelNames: ["transport", "code"] as const,
      registers,
    }),
    lostLetters: new Counter({
      name: "passport_relay_dead_letters_lost_total",
      help: "Rejected readings that could not be kept for people to look at",
      registers,
    }),
    commitSeconds: new Histogram({
      name: "passport_relay_journal_commit_seconds",
      help: "Time of a durable write of the journal",
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
      registers,
    }),
    batches: new Counter({
      name: "passport_relay_batches_total",
      help: "Batches by how far they are: cut, stored, sequenced, final",
      labelNames: ["status"] as const,
      registers,
    }),
    anchoredReadings: new Counter({
      name: "passport_relay_readings_anchored_total",
      help: "Readings in batches by how far they are: cut, sequenced",
      labelNames: ["status"] as const,
      registers,
    }),
    attestations: new Counter({
      name: "passport_relay_attestations_total",
      help: "Entries on passports by kind and how far they are",
      labelNames: ["kind", "status"] as const,
      registers,
    }),
    problems: new Counter({
      name: "passport_relay_problems_total",
      help: "What was waited out, or made a part start again",
      labelNames: ["stage", "code"] as const,
      registers,
    }),
  };
}

/** The counts of a relay. */
export type Metrics = ReturnType<typeof createMetrics>;

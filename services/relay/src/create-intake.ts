import { PassportError } from "@digital-product-passport/sdk";
import type { Reading } from "@digital-product-passport/sdk/readings";
import type { Delivery, Outcome, TakeIn } from "./delivery.js";
import type { Appended, ReadingJournal } from "./journal/create-reading-journal.js";
import type { Metrics } from "./operations/create-metrics.js";
import type { DeadLetters } from "./validation/create-dead-letters.js";
import type { Validate, Validated } from "./validation/create-validator.js";
import { reject } from "./validation/reject.js";

/** What deliveries go through. */
export interface IntakeOptions {
  readonly validate: Validate;
  readonly journal: Pick<ReadingJournal<Reading>, "append">;
  readonly letters: Pick<DeadLetters, "write">;
  readonly metrics: Pick<Metrics, "deliveries" | "readings" | "rejections">;
  /** Returns the present time in Unix milliseconds. */
  readonly clock: () => number;
}

/**
 * Makes the way in: check, journal, and for what is rejected a dead letter, before the sender hears of it. All that comes is
 * counted.
 *
 * @param options - check, journal, dead letters, counts
 * @returns the way in, for all receivers
 */
export function createIntake(options: IntakeOptions): TakeIn {
  const { validate, journal, metrics } = options;
  return async (deliveries) => {
    // A program in JavaScript that hands in one delivery must not take silence for an acknowledgement.
    if (!Array.isArray(deliveries)) {
      throw new PassportError("input.invalid", { field: "deliveries", problem: "expected a list", value: deliveries });
    }
    const transport = deliveries[0]?.transport;
    if (transport === undefined) return [];
    try {
      const outcomes = await journalValid(await validate(deliveries), journal);
      metrics.deliveries.inc({ transport, result: "answered" }, deliveries.length);
      for (const [result, count] of countsOf(outcomes)) metrics.readings.inc({ transport, result }, count);
      await Promise.all(
        deliveries.flatMap((delivery, index) => keepRejected(delivery, outcomes[index] ?? [], options)),
      );
      return outcomes;
    } catch (error) {
      metrics.deliveries.inc({ transport, result: "refused" }, deliveries.length);
      throw error;
    }
  };
}

async function journalValid(
  validated: readonly (readonly Validated[])[],
  journal: IntakeOptions["journal"],
): Promise<readonly (readonly Outcome[])[]> {
  const readings = validated.flat().flatMap((each) => (each.status === "valid" ? each.reading : []));
  const appended = readings.length === 0 ? [] : await journal.append(readings);
  let next = 0;
  return validated.map((items) =>
    items.map((each) => {
      if (each.status === "rejected") return each;
      const outcome = outcomeOf(appended[next], each.reading);
      next += 1;
      return outcome;
    }),
  );
}

function outcomeOf(result: Appended | undefined, { sensor, sequence }: Reading): Outcome {
  if (result === undefined) throw new RangeError("the journal has an answer for each reading");
  if (result === "conflict") return reject("sequence-conflict", { sensor, sequence });
  if (result === "too-old") return reject("sequence-too-old", { sensor, sequence });
  return { status: result };
}

function countsOf(outcomes: readonly (readonly Outcome[])[]): ReadonlyMap<Outcome["status"], number> {
  const counts = new Map<Outcome["status"], number>();
  for (const { status } of outcomes.flat()) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}

function keepRejected(
  { transport, sender, source, items }: Delivery,
  outcomes: readonly Outcome[],
  { letters, metrics, clock }: IntakeOptions,
): readonly Promise<void>[] {
  return outcomes.flatMap((outcome, index) => {
    const item = items[index];
    if (outcome.status !== "rejected" || item === undefined) return [];
    metrics.rejections.inc({ transport, code: outcome.code });
    const receivedAt = new Date(clock()).toISOString();
    return letters.write({ receivedAt, transport, sender: sender?.name, source, rejection: outcome, item });
  });
}

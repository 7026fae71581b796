import * as z from "zod";
import { eventTypeName } from "../primitives/event-type.js";
import type { OpenedDocument } from "../verify/open-documents.js";

/** What an entry says of running hours, work and measurements. */
export interface RecordedWork {
  readonly sequence: bigint;
  readonly eventType: string;
  /** Chain time, Unix seconds. */
  readonly recordedAt: bigint;
  /** What the hour meter said; undefined: the document does not tell. */
  readonly runningHours: number | undefined;
  /** What was done, such as `lubrication`. */
  readonly kind: string | undefined;
  /** Of a part that was exchanged, such as `drive end bearing`. */
  readonly position: string | undefined;
  /** When whoever did the work wants it done again. */
  readonly nextDue: { readonly date?: string | undefined; readonly runningHours?: number | undefined } | undefined;
  /** What a gateway measured in its window. */
  readonly series: readonly MeasuredSeries[];
  /** How the motor is mounted, such as `IM V1`. */
  readonly mountingCode: string | undefined;
}

/** A quantity over a window of time, in the unit that its name has in the policy. */
export interface MeasuredSeries {
  readonly quantity: string;
  readonly unit: string;
  readonly mean: number;
  readonly maximum: number;
}

const hours = z.string().transform(Number);

/** The documents have passed their schemas: here is only what maintenance depends on. */
const workSchema = z.object({
  runningHours: hours.optional(),
  kind: z.string().optional(),
  position: z.string().optional(),
  nextDue: z.object({ date: z.string().optional(), runningHours: hours.optional() }).optional(),
  series: z.array(z.object({ quantity: z.string(), unit: z.string(), mean: hours, maximum: hours })).default([]),
  nameplate: z.object({ mountingCode: z.string().optional() }).optional(),
});

/**
 * Reads what a history says of running hours, work and measurements.
 *
 * @param documents - of a history, as a verification opened them
 * @param options - `excluded`: positions of entries that must not be relied on
 * @returns one for each entry whose document could be read and is relied on, in order
 */
export function workOfHistory(
  documents: readonly OpenedDocument[],
  { excluded }: { readonly excluded: ReadonlySet<bigint> },
): readonly RecordedWork[] {
  return documents.flatMap((opened) => {
    const { sequence, recordedAt, eventType } = opened.entry;
    if (opened.status !== "valid" || excluded.has(sequence)) return [];
    const { nameplate, ...work } = workSchema.parse(opened.document.data);
    return [
      {
        sequence,
        recordedAt,
        eventType: eventTypeName(eventType),
        runningHours: work.runningHours,
        kind: work.kind,
        position: work.position,
        nextDue: work.nextDue,
        series: work.series,
        mountingCode: nameplate?.mountingCode,
      },
    ];
  });
}

import type { MaintenancePolicy } from "../passport/read-maintenance-policy.js";
import { parseTimestamp, unixSecondsOf } from "../primitives/timestamp.js";
import { entriesNotReliedOn } from "../verify/entries-not-relied-on.js";
import type { VerificationReport } from "../verify/judge-passport.js";
import { type HourMeter, readHourMeter } from "./hour-meter.js";
import { type RecordedWork, workOfHistory } from "./work-of-history.js";

/** Work that a motor needs, and why. */
export interface MaintenanceRecommendation {
  readonly task: MaintenanceTask;
  /** `now`: a limit was exceeded, or it is overdue; `soon`: in the last tenth of the interval, or within 30 days. */
  readonly urgency: "now" | "soon" | "later" | "unknown";
  readonly reason: string;
  /** Running hours at which it is due; undefined: it does not depend on them. */
  readonly dueAtHours: number | undefined;
  /** When that will be, Unix seconds, if the motor goes on running as it did; undefined: nobody can say. */
  readonly dueAt: bigint | undefined;
  /** Positions of the entries that it rests on. */
  readonly sequences: readonly bigint[];
}

/** What is to be done. */
export type MaintenanceTask =
  | "inspect"
  | "regrease bearings"
  | "replace bearings"
  | "find out why the winding is hot"
  | "find out why a bearing is hot"
  | "find out why it vibrates"
  | "planned work";

/** What a motor needs. */
export interface MaintenanceAdvice {
  /** What the hour meter said last; undefined: nobody recorded it. */
  readonly runningHours: number | undefined;
  /** Average; undefined: it is not known how much the motor runs. */
  readonly hoursPerDay: number | undefined;
  /** The most urgent first. */
  readonly recommendations: readonly MaintenanceRecommendation[];
  /** What whoever relies on this should know. */
  readonly caveats: readonly string[];
}

/** What advice rests on. */
export interface RecommendMaintenanceOptions {
  readonly policy: MaintenancePolicy;
  /** Present time, Unix seconds. */
  readonly now: bigint;
}

interface History {
  readonly work: readonly RecordedWork[];
  readonly meter: HourMeter | undefined;
  readonly policy: MaintenancePolicy;
  readonly now: bigint;
}

const SECONDS_PER_DAY = 86_400;
const SOON_SECONDS = 30n * 86_400n;
const SOON_SHARE = 0.1;

/** Above this bearing temperature, in °C, grease lasts half as long for each further step (WEG's policy). */
const GREASE_REFERENCE_CELSIUS = 70;
const GREASE_HALVING_KELVIN = 15;

const URGENCIES: readonly MaintenanceRecommendation["urgency"][] = ["now", "soon", "unknown", "later"];

/**
 * Says what maintenance a motor needs, when, and on which evidence. It relies on documents that were verified, and on no
 * entry that was withdrawn or is disputed. Asks nobody.
 *
 * @param report - of a verification with a document store
 * @param options - the product line's policy, and the present time
 * @returns the advice; without a verified history it says so and recommends nothing
 */
export function recommendMaintenance(
  report: Pick<VerificationReport, "verdicts">,
  options: RecommendMaintenanceOptions,
): MaintenanceAdvice {
  const { verdicts } = report;
  const documents = verdicts.documents.details.documents ?? [];
  const work = workOfHistory(documents, { excluded: entriesNotReliedOn(report) });
  const meter = readHourMeter(work);
  const history: History = { ...options, work, meter };
  const recommendations = [
    ...recommendInterval(history, {
      task: "inspect",
      intervalHours: Number(options.policy.inspectionIntervalHours),
      isDone: ({ eventType }) => eventType === "INSPECTED",
    }),
    ...recommendInterval(history, {
      task: "regrease bearings",
      intervalHours: Number(options.policy.regreaseIntervalHours),
      isDone: isLubrication,
      shorten: shortenForHeat,
    }),
    ...recommendInterval(history, {
      task: "replace bearings",
      intervalHours: Number(options.policy.bearingReplacementHours),
      isDone: ({ eventType, position }) => eventType === "PART_REPLACED" && /bearing/i.test(position ?? ""),
    }),
    ...recommendLimits(history),
    ...recommendPlannedWork(history),
  ];
  return {
    runningHours: meter?.lastHours,
    hoursPerDay: meter?.hoursPerDay,
    recommendations: recommendations.sort(
      (left, right) => URGENCIES.indexOf(left.urgency) - URGENCIES.indexOf(right.urgency),
    ),
    caveats: caveatsOf(report, history),
  };
}

function caveatsOf({ verdicts }: Pick<VerificationReport, "verdicts">, { meter }: History): readonly string[] {
  const flaws = [verdicts.registration, verdicts.history, verdicts.documents, verdicts.authority]
    .filter(({ status }) => status !== "valid")
    .map(({ reason }) => reason);
  if (meter === undefined) return [...flaws, "Nobody has recorded running hours: what depends on them is not known."];
  if (meter.restartedAt === undefined) return flaws;
  return [...flaws, `The hour meter counts anew since entry ${meter.restartedAt}: it said more before.`];
}

/** Work that is due again after so many running hours. */
interface Interval {
  readonly task: MaintenanceTask;
  /** 0: the policy does not say. */
  readonly intervalHours: number;
  readonly isDone: (work: RecordedWork) => boolean;
  readonly shorten?: (history: History, since: bigint) => Shortened;
}

interface Shortened {
  /** What the interval is multiplied by. */
  readonly factor: number;
  readonly why: string;
  readonly sequences: readonly bigint[];
}

const NOT_SHORTENED: Shortened = { factor: 1, why: "", sequences: [] };

function recommendInterval(history: History, interval: Interval): readonly MaintenanceRecommendation[] {
  const { meter, work } = history;
  const { task, intervalHours, isDone, shorten = () => NOT_SHORTENED } = interval;
  if (intervalHours === 0) return [];
  const last = work.findLast(isDone);
  const { factor, why, sequences } = shorten(history, last?.sequence ?? 0n);
  const shortened = Math.floor(intervalHours * factor);
  const since = last === undefined ? "which nobody has recorded yet" : `last recorded in entry ${last.sequence}`;
  const reason = `Every ${shortened} running hours${why}; ${since}.`;
  const evidence = [...(last === undefined ? [] : [last.sequence]), ...sequences];
  if (meter === undefined) {
    return [{ task, urgency: "unknown", reason, dueAtHours: undefined, dueAt: undefined, sequences: evidence }];
  }
  const dueAtHours = (last === undefined ? 0 : meter.hoursAt(last.sequence)) + shortened;
  return [
    {
      task,
      urgency: urgencyOf(dueAtHours - presentHours(meter, history.now), shortened),
      reason,
      dueAtHours,
      dueAt: dateOf(dueAtHours, meter),
      sequences: sortedSequences([...evidence, ...meter.sequences.slice(-1)]),
    },
  ];
}

function isLubrication({ eventType, kind }: RecordedWork): boolean {
  return eventType === "MAINTAINED" && kind === "lubrication";
}

/** Grease lasts half as long for each 15 K above 70 °C, and for a vertical shaft. */
function shortenForHeat({ work }: History, since: bigint): Shortened {
  const measured = work
    .filter(({ sequence }) => sequence > since)
    .flatMap(({ sequence, series }) =>
      series.filter(isBearingTemperature).map(({ mean }) => ({ sequence, celsius: mean })),
    );
  const hottest = measured.reduce((hot, next) => (next.celsius > hot.celsius ? next : hot), {
    sequence: 0n,
    celsius: GREASE_REFERENCE_CELSIUS,
  });
  const mounting = work.find(({ mountingCode }) => mountingCode !== undefined);
  const isVertical = mounting?.mountingCode?.startsWith("IM V") ?? false;
  const isHot = hottest.celsius > GREASE_REFERENCE_CELSIUS;
  return {
    factor: (isVertical ? 0.5 : 1) * 0.5 ** ((hottest.celsius - GREASE_REFERENCE_CELSIUS) / GREASE_HALVING_KELVIN),
    why:
      (isHot ? `, for a bearing that was ${hottest.celsius} °C hot on average` : "") +
      (isVertical ? ", with a vertical shaft" : ""),
    sequences: [...(isHot ? [hottest.sequence] : []), ...(isVertical && mounting ? [mounting.sequence] : [])],
  };
}

function isBearingTemperature({ quantity, unit }: { readonly quantity: string; readonly unit: string }): boolean {
  return quantity === "bearing-temperature" && unit === "Cel";
}

/** Quantities as the documents of readings name them, with the limit of the policy in the same unit. */
function limitsOf(policy: MaintenancePolicy) {
  return [
    {
      task: "find out why the winding is hot",
      quantity: "winding-temperature",
      unit: "Cel",
      limit: Number(policy.maxWindingTemperature),
      unitInWords: "°C",
    },
    {
      task: "find out why a bearing is hot",
      quantity: "bearing-temperature",
      unit: "Cel",
      limit: Number(policy.maxBearingTemperature),
      unitInWords: "°C",
    },
    {
      task: "find out why it vibrates",
      quantity: "vibration-velocity",
      unit: "mm/s",
      limit: Number(policy.maxVibration) / 1_000,
      unitInWords: "mm/s",
    },
  ] as const;
}

/** A limit that was exceeded since somebody last worked on the motor. */
function recommendLimits({ policy, work }: History): readonly MaintenanceRecommendation[] {
  const repaired = work.findLast(({ eventType }) => ["REPAIRED", "PART_REPLACED"].includes(eventType))?.sequence ?? 0n;
  return limitsOf(policy).flatMap(({ task, quantity, unit, limit, unitInWords }) => {
    if (limit === 0) return [];
    const above = work
      .filter(({ sequence }) => sequence > repaired)
      .flatMap(({ sequence, series }) =>
        series
          .filter((measured) => measured.quantity === quantity && measured.unit === unit && measured.maximum > limit)
          .map(({ maximum }) => ({ sequence, maximum })),
      );
    if (above.length === 0) return [];
    const highest = Math.max(...above.map(({ maximum }) => maximum));
    return [
      {
        task,
        urgency: "now",
        reason: `A ${quantity.replace("-", " ")} of ${highest} ${unitInWords} was measured; at most ${limit} ${unitInWords} are allowed.`,
        dueAtHours: undefined,
        dueAt: undefined,
        sequences: sortedSequences(above.map(({ sequence }) => sequence)),
      },
    ];
  });
}

/** What whoever did the last work of a kind wants done again. */
function recommendPlannedWork(history: History): readonly MaintenanceRecommendation[] {
  return ["MAINTAINED", "REPAIRED", "INSPECTED"].flatMap((eventType) => {
    const last = history.work.findLast((done) => done.eventType === eventType);
    return last?.nextDue === undefined ? [] : [recommendNext(history, { ...last, nextDue: last.nextDue })];
  });
}

type PlannedWork = RecordedWork & { readonly nextDue: NonNullable<RecordedWork["nextDue"]> };

function recommendNext(
  { meter, now }: History,
  { sequence, eventType, nextDue }: PlannedWork,
): MaintenanceRecommendation {
  const { date, runningHours: dueAtHours } = nextDue;
  const dueAt = earlierOf(
    date === undefined ? undefined : unixSecondsOf(parseTimestamp(`${date}T00:00:00Z`)),
    dueAtHours === undefined || meter === undefined ? undefined : dateOf(dueAtHours, meter),
  );
  const isReached = dueAtHours !== undefined && meter !== undefined && presentHours(meter, now) >= dueAtHours;
  const when = [date ?? [], dueAtHours === undefined ? [] : `${dueAtHours} running hours`].flat().join(" or ");
  return {
    task: "planned work",
    urgency: isReached ? "now" : urgencyOfDate(dueAt, now),
    reason: `Whoever recorded ${eventType} in entry ${sequence} wants it done again at ${when}.`,
    dueAtHours,
    dueAt,
    sequences: [sequence],
  };
}

function earlierOf(left: bigint | undefined, right: bigint | undefined): bigint | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return left < right ? left : right;
}

/** What the hour meter should say now, if the motor went on running as it did. */
function presentHours({ lastHours, lastRecordedAt, hoursPerDay = 0 }: HourMeter, now: bigint): number {
  const days = Math.max(0, Number(now - lastRecordedAt) / SECONDS_PER_DAY);
  return lastHours + days * hoursPerDay;
}

function dateOf(dueAtHours: number, { lastHours, lastRecordedAt, hoursPerDay }: HourMeter): bigint | undefined {
  if (hoursPerDay === undefined) return undefined;
  return lastRecordedAt + BigInt(Math.round(((dueAtHours - lastHours) / hoursPerDay) * SECONDS_PER_DAY));
}

function urgencyOf(remainingHours: number, intervalHours: number): MaintenanceRecommendation["urgency"] {
  if (remainingHours <= 0) return "now";
  return remainingHours <= intervalHours * SOON_SHARE ? "soon" : "later";
}

function urgencyOfDate(dueAt: bigint | undefined, now: bigint): MaintenanceRecommendation["urgency"] {
  if (dueAt === undefined) return "unknown";
  if (dueAt <= now) return "now";
  return dueAt - now <= SOON_SECONDS ? "soon" : "later";
}

function sortedSequences(sequences: readonly bigint[]): readonly bigint[] {
  return [...new Set(sequences)].sort((left, right) => Number(left - right));
}

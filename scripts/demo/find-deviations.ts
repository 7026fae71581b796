import { isDeepStrictEqual } from "node:util";
import { type Attack, isRepelled } from "./attack.js";
import type { Life } from "./live-life.js";
import type { PlayedReadings } from "./play-readings.js";
import type { OutsideVerification } from "./verify-from-outside.js";

/** What each check must find about a motor that has lived its whole life. */
const EXPECTED_CODES: Readonly<Record<string, string>> = {
  registration: "registration.proven",
  history: "history.proven",
  documents: "documents.valid",
  authority: "authority.on-record",
  condition: "condition.notable",
  succession: "succession.none",
  freshness: "freshness.current",
};

/** What the demonstration found out. */
export interface Findings {
  readonly life: Life;
  readonly verification: OutsideVerification;
  readonly readings: PlayedReadings;
  readonly attacks: readonly Attack[];
  /** Seen again, after the attacks. */
  readonly verificationAfterwards: OutsideVerification;
}

/**
 * Compares what was found with what must be found, so that a demonstration that went wrong does not look like one that
 * went well.
 *
 * @param findings - of the demonstration
 * @returns a sentence for each deviation; none if all is as it must be
 */
export function findDeviations(findings: Findings): readonly string[] {
  const { life, verification, readings, attacks, verificationAfterwards } = findings;
  return [
    ...deviationsOfBalances(life),
    ...deviationsOfChecks(verification),
    ...deviationsOfHistory(verification, life),
    ...deviationsOfReadings(readings),
    ...attacks
      .filter((attack) => !isRepelled(attack))
      .map(({ attack, outcome, reason }) => `Attack "${attack}": ${outcome}. ${reason}`),
    ...(isDeepStrictEqual(verification.history, verificationAfterwards.history)
      ? []
      : ["The attacks have changed the history."]),
    ...deviationsOfChecks(verificationAfterwards).map((deviation) => `After the attacks: ${deviation}`),
  ];
}

/** What must be found about the readings: of both motors together none is missing but the one that was lost. */
function deviationsOfReadings({ published, motors, checks, forged }: PlayedReadings): readonly string[] {
  const counted = motors.flatMap(({ series }) => series).reduce((sum, { count }) => sum + count, 0);
  const missing = motors.flatMap(({ gaps }) => gaps.map(({ sensor, first, last }) => `${sensor} ${first}-${last}`));
  const alarms = motors.map((motor) => motor.alarms.length);
  return [
    ...(counted === published ? [] : [`${published} readings were published, ${counted} are anchored.`]),
    ...(missing.join() === "winding-normal 100-100" ? [] : [`Missing readings: ${missing.join(", ") || "none"}.`]),
    ...((alarms[0] ?? 0) > 0 && alarms[1] === 0 ? [] : [`Alarms of the two motors: ${alarms.join(", ")}.`]),
    ...checks
      .filter(({ status }) => status !== "valid")
      .map(({ question, reason }) => `The proof of a reading, ${question}: ${reason}`),
    ...(forged.checks.some(({ code }) => code === "reading.not-included") ? [] : ["A forged reading was not noticed."]),
  ];
}

function deviationsOfBalances({ balancesWei }: Life): readonly string[] {
  return Object.entries(balancesWei)
    .filter(([, balanceWei]) => balanceWei > 0n)
    .map(([participant, balanceWei]) => `The ${participant} was to have no ETH, but holds ${balanceWei} wei.`);
}

function deviationsOfChecks({ checks }: OutsideVerification): readonly string[] {
  return Object.entries(EXPECTED_CODES).flatMap(([question, expected]) => {
    const found = checks.filter((check) => check.question === question);
    if (found.length === 0) return [`Nobody has checked: ${question}.`];
    return found
      .filter(({ code }) => code !== expected)
      .map(({ code, reason }) => `The ${question} must be ${expected}, but is ${code}: ${reason}`);
  });
}

function deviationsOfHistory({ history }: OutsideVerification, { steps }: Life): readonly string[] {
  const lived = ["MANUFACTURED", ...steps.flatMap(({ what, sequence }) => (sequence === undefined ? [] : [what]))];
  const shown = history.map(({ event }) => event);
  return isDeepStrictEqual(lived, shown)
    ? []
    : [`The history shows ${shown.join(", ")}; but what happened is ${lived.join(", ")}.`];
}

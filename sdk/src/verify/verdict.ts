import type { ErrorCode } from "../errors/error-catalogue.js";
import { type VerdictCode, type VerdictStatus, verdictCatalogue } from "./verdict-catalogue.js";

type Placeholder<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholder<Rest>
  : never;

type VerdictValues<Code extends VerdictCode> = Readonly<
  Record<Placeholder<(typeof verdictCatalogue)[Code]["reason"]>, string | bigint>
>;

/** What one check found out. */
export interface Verdict<Details extends object = object> {
  readonly status: VerdictStatus;
  /** What was found, for programs; of a check that could not be made, the error that was in the way. */
  readonly code: VerdictCode | ErrorCode;
  /** What was found, for people. */
  readonly reason: string;
  /** The values that the reason speaks of. */
  readonly values: Readonly<Record<string, string | bigint>>;
  /** What is known beyond the reason; as far as the check came. */
  readonly details: Partial<Details>;
}

/** Evidence that was asked for and did not come. */
export interface MissingEvidence {
  readonly status: "missing";
  /** Of the error that was in the way. */
  readonly code: ErrorCode;
  /** What that error says. */
  readonly problem: string;
}

/** Evidence that was asked for, whether it came or not. */
export type Gathered<Value> = { readonly status: "gathered"; readonly value: Value } | MissingEvidence;

/**
 * Words a verdict.
 *
 * @param code - what was found
 * @param values - what the reason speaks of
 * @param details - what else is known
 * @returns the verdict
 */
export function verdictOf<Code extends VerdictCode, Details extends object>(
  code: Code,
  values: VerdictValues<Code>,
  details: Partial<Details> = {},
): Verdict<Details> {
  const { status, reason } = verdictCatalogue[code];
  const known: Readonly<Record<string, string | bigint>> = values;
  const filled = reason.replace(/\{(\w+)\}/g, (_, name: string) => String(known[name]));
  return { status, code, reason: filled, values: known, details };
}

/**
 * The verdict on something that could not be looked at.
 *
 * @param missing - what did not come, and why
 * @param details - what is known all the same
 * @returns the verdict `unknown`, with the code of the error
 */
export function verdictOnMissing<Details extends object>(
  { code, problem }: MissingEvidence,
  details: Partial<Details> = {},
): Verdict<Details> {
  return { status: "unknown", code, reason: `It could not be found out: ${problem}`, values: { problem }, details };
}

const WORST_FIRST: readonly VerdictStatus[] = ["invalid", "unknown", "valid"];

/**
 * The status of several verdicts together.
 *
 * @param statuses - of each
 * @returns the worst of them; `notApplicable` if none of them judged anything
 */
export function worstStatus(statuses: readonly VerdictStatus[]): VerdictStatus {
  return WORST_FIRST.find((status) => statuses.includes(status)) ?? "notApplicable";
}

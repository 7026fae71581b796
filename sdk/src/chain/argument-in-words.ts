import { id } from "ethers";
import { durationInWords } from "../primitives/duration-in-words.js";
import { eventTypeName, eventTypeSchema } from "../primitives/event-type.js";
import { timestampOf } from "../primitives/timestamp.js";
import { conditionInWords, type ManagerNames, rolesInWords } from "./manager-names.js";

/** What the names of arguments tell of their meaning; the contracts use one word for one thing. */
const ARGUMENT_KINDS: readonly (readonly [RegExp, (value: bigint, names?: ManagerNames) => string])[] = [
  [/^roles?$/, (value, names) => listOf(rolesInWords(value, names))],
  [
    /^(condition|newCondition|forbidden|required|requires|forbids|sets|clears)$/,
    (value, names) => listOf(conditionInWords(value, names)),
  ],
  [/^(\w+(At|Time|Until|From)|until|since|from|to|earliest|latest|schedule)$/, (value) => timeOf(value)],
  [/^(delay|minDelay|newDelay)$/, (value) => durationInWords(value)],
];

/** The offices of registry, managers and timelocks, which the chain knows by the hashes of their names. */
const OFFICES: ReadonlyMap<string, string> = new Map([
  [`0x${"00".repeat(32)}`, "DEFAULT_ADMIN_ROLE"],
  ...["GUARDIAN_ROLE", "ADMISSION_ROLE", "LISTING_ROLE", "PROPOSER_ROLE", "EXECUTOR_ROLE", "CANCELLER_ROLE"].map(
    (name) => [id(name), name] as const,
  ),
]);

/**
 * Says an argument of a contract's function or error in words, as far as its name tells what it is.
 *
 * @param value - as ethers decodes it
 * @param options - `name` of the argument; `names`: those of the manager, for roles and conditions
 * @returns words; the value itself where its name tells nothing
 */
export function argumentInWords(
  value: unknown,
  { name, names }: { readonly name: string; readonly names?: ManagerNames | undefined },
): unknown {
  if (name === "eventType") return eventTypeName(eventTypeSchema.parse(value));
  if (/^(neededRole|role)$/.test(name) && typeof value === "string") return OFFICES.get(value) ?? value;
  const kind = typeof value === "bigint" ? ARGUMENT_KINDS.find(([pattern]) => pattern.test(name)) : undefined;
  return typeof value === "bigint" && kind !== undefined ? kind[1](value, names) : value;
}

function listOf(words: readonly string[]): string {
  return words.length === 0 ? "none" : words.join(", ");
}

/** A contract compares any number with its clock, also one that is no time any more. */
function timeOf(seconds: bigint): string {
  return seconds < 253_402_300_800n ? timestampOf(seconds) : `second ${seconds}`;
}

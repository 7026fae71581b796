import { ZeroAddress, ZeroHash } from "ethers";
import { OWNER_ROLE } from "../chain/manager-names.js";
import { type EventType, eventTypeOf } from "../primitives/event-type.js";
import type { Address, Digest } from "../primitives/hex.js";
import { NATIVE_CONDITIONS } from "../primitives/native-conditions.js";
import type { PassportEntry } from "../signing/passport-hashing.js";

// Condition bits of the passport itself, and those that a brand may define.
const { ISSUED: issued, LOCKED: locked, STOLEN: stolen, RETIRED: retired, SUPERSEDED: superseded } = NATIVE_CONDITIONS;
const KNOWN_CONDITIONS = issued | locked | stolen | retired | superseded | 0xff00n;

/** An entry and what precedes it. */
interface Step {
  readonly entry: PassportEntry;
  readonly before: PassportEntry;
  /** Document of the last LOCKED entry. */
  readonly lockDocument: Digest | undefined;
}

/** A rule that every passport keeps, and what is said where it is broken. */
type Rule = readonly [problem: string, isKept: boolean];

const FIRST = eventTypeOf("MANUFACTURED");
const LOCK = eventTypeOf("LOCKED");

/** The rules of what the passport records by itself. */
const NATIVE_RULES = new Map<EventType, (step: Step) => readonly Rule[]>([
  [FIRST, () => [["a product is manufactured once", false]]],
  [eventTypeOf("OWNERSHIP_TRANSFERRED"), rulesOfTransfer],
  [LOCK, rulesOfLock],
  [eventTypeOf("RELEASED"), rulesOfRelease],
]);

/**
 * Finds the first entry that no passport would have recorded, whatever its manager answered.
 *
 * @param entries - the whole history, without a gap
 * @param options - `manager`: who alone makes the first entry
 * @returns its position and what is wrong with it; undefined if all entries are possible
 */
export function findBrokenRule(
  entries: readonly PassportEntry[],
  { manager }: { readonly manager: Address },
): { readonly sequence: bigint; readonly problem: string } | undefined {
  let lockDocument: Digest | undefined;
  for (const [index, entry] of entries.entries()) {
    const before = entries[index - 1];
    const rules = before === undefined ? rulesOfFirst(entry, manager) : rulesOfStep({ entry, before, lockDocument });
    const broken = rules.find(([, isKept]) => !isKept);
    if (broken !== undefined) return { sequence: entry.sequence, problem: broken[0] };
    if (entry.eventType === LOCK) lockDocument = entry.document;
  }
  return undefined;
}

function rulesOfFirst(entry: PassportEntry, manager: Address): readonly Rule[] {
  return [
    ["the first entry is MANUFACTURED", entry.eventType === FIRST],
    ["the first entry is made by the manager", entry.attester === manager && entry.roles === 0n],
    ["every product has an owner", entry.owner !== ZeroAddress],
    ["every entry names a document", entry.document !== ZeroHash],
    ["a new passport is ISSUED and nothing else", entry.condition === issued],
  ];
}

function rulesOfStep(step: Step): readonly Rule[] {
  const { entry, before } = step;
  return [
    ["time does not run backwards", entry.recordedAt >= before.recordedAt],
    ["every entry names a document", entry.document !== ZeroHash],
    ...(NATIVE_RULES.get(entry.eventType) ?? rulesOfAttestation)(step),
  ];
}

function rulesOfTransfer({ entry, before }: Step): readonly Rule[] {
  return [
    ["every product has an owner", entry.owner !== ZeroAddress],
    ["the new owner himself records that he takes over", entry.attester === entry.owner && entry.roles === OWNER_ROLE],
    ["a stolen product is not sold", (before.condition & stolen) === 0n],
    ["a sale changes the condition in nothing but the lock", entry.condition === (before.condition & ~locked)],
  ];
}

function rulesOfLock({ entry, before }: Step): readonly Rule[] {
  return [
    ["only a sale changes the owner", entry.owner === before.owner],
    ["only the owner locks", entry.attester === before.owner && entry.roles === OWNER_ROLE],
    ["a locked or stolen product is not locked", (before.condition & (locked | stolen)) === 0n],
    ["a lock sets LOCKED and nothing else", entry.condition === (before.condition | locked)],
  ];
}

function rulesOfRelease({ entry, before, lockDocument }: Step): readonly Rule[] {
  return [
    ["only a sale changes the owner", entry.owner === before.owner],
    ["a release is recorded under no role", entry.roles === 0n],
    ["a release names the document of its lock", entry.document === lockDocument],
    ["only a locked product is released", (before.condition & locked) !== 0n],
    ["a release clears LOCKED and nothing else", entry.condition === (before.condition & ~locked)],
  ];
}

function rulesOfAttestation({ entry, before }: Step): readonly Rule[] {
  const isOwner = entry.attester === before.owner;
  const changed = entry.condition ^ before.condition;
  const cleared = before.condition & ~entry.condition;
  return [
    ["only a sale changes the owner", entry.owner === before.owner],
    ["only the owner acts as the owner", isOwner || (entry.roles & OWNER_ROLE) === 0n],
    ["no attestation changes ISSUED or LOCKED", (changed & (issued | locked)) === 0n],
    ["RETIRED and SUPERSEDED never go away", (cleared & (retired | superseded)) === 0n],
    ["only the owner reports a theft or its end", isOwner || (changed & stolen) === 0n],
    ["there are no such conditions", (entry.condition & ~KNOWN_CONDITIONS) === 0n],
  ];
}

import { toBeHex } from "ethers";
import type { ManagerNames } from "../chain/manager-names.js";
import { PassportError } from "../errors/passport-error.js";
import type { EventRule } from "../passport/read-rules.js";
import { type EventType, eventTypeName, eventTypeSchema } from "../primitives/event-type.js";
import type { Address } from "../primitives/hex.js";
import type { AttesterStanding, ManagerEvidence } from "./evidence.js";
import type { ProvenState } from "./proven-state.js";
import { bitsOfWord, MANAGER_SLOTS, slotOfValue, slotsOfItems } from "./storage-slots.js";

const MAXIMUM_ROLES = 96n;
const MAXIMUM_EVENT_TYPES = 1_024n;
const NATIVE_CONDITIONS = 0x1fn;
const BRAND_CONDITIONS = Array.from({ length: 8 }, (_, index) => 1n << BigInt(8 + index));

/**
 * Proves what the manufacturer's manager says about its rules and about attesters. A manager is any contract, so its
 * storage may be laid out in another way than that of `ManufacturerManager`, and then nothing may be read from it: so
 * roles, conditions and rules are read only if all of them fit each other as that contract keeps them.
 *
 * @param state - of the chain
 * @param options - the `manager`, and the `attesters` of a history
 * @returns the evidence
 * @throws PassportError `proof.layout-foreign` for a manager with another layout, `chain.*`, `proof.*`
 */
export async function proveManager(
  state: ProvenState,
  { manager, attesters }: { readonly manager: Address; readonly attesters: readonly Address[] },
): Promise<ManagerEvidence> {
  const storage = { state, manager };
  return {
    names: await proveNames(storage),
    rules: await proveRules(storage),
    standings: await proveStandings(storage, [...new Set(attesters)]),
  };
}

interface ManagerStorage {
  readonly state: ProvenState;
  readonly manager: Address;
}

async function proveNames({ state, manager }: ManagerStorage): Promise<ManagerNames> {
  const { definedRoles, definedConditions, conditionNameOf, roleNameOf, roles: list } = MANAGER_SLOTS;
  const [packed = 0n, conditions = 0n, roleCount = 0n, ...conditionNames] = await state.readSlots(manager, [
    definedRoles,
    definedConditions,
    list,
    ...BRAND_CONDITIONS.map((bit) => slotOfValue(conditionNameOf, bit)),
  ]);
  requireLayout(manager, roleCount > 0n && roleCount <= MAXIMUM_ROLES, "it has no list of roles");
  const roles = await state.readSlots(manager, slotsOfItems(list, Number(roleCount)));
  const roleNames = await state.readSlots(
    manager,
    roles.map((role) => slotOfValue(roleNameOf, role)),
  );
  const names = { roles: nameBits(roles, roleNames), conditions: nameBits(BRAND_CONDITIONS, conditionNames) };
  const defined = NATIVE_CONDITIONS | unite([...names.conditions.keys()]);
  requireLayout(manager, unite(roles) === packed >> 160n && names.roles.size === roles.length, "its roles do not fit");
  requireLayout(manager, defined === conditions, "its conditions do not fit");
  requireLayout(manager, [...names.roles.values(), ...names.conditions.values()].every(isName), "a name is no name");
  return names;
}

async function proveRules({ state, manager }: ManagerStorage): Promise<ReadonlyMap<EventType, EventRule>> {
  const { eventTypes: list, rules } = MANAGER_SLOTS;
  const [count = 0n] = await state.readSlots(manager, [list]);
  requireLayout(manager, count > 0n && count <= MAXIMUM_EVENT_TYPES, "it has no list of event types");
  const eventTypes = (await state.readSlots(manager, slotsOfItems(list, Number(count)))).map(eventTypeOfWord);
  requireLayout(manager, eventTypes.map(eventTypeName).every(isName), "an event type is no name");
  const words = await state.readSlots(
    manager,
    eventTypes.map((eventType) => slotOfValue(rules, eventType)),
  );
  const decoded = words.map(decodeRule);
  requireLayout(
    manager,
    decoded.every(({ roles }) => roles !== 0n),
    "an event type has no rule",
  );
  return new Map(
    eventTypes.flatMap((eventType, index) => {
      const rule = decoded[index];
      return rule === undefined ? [] : [[eventType, rule] as const];
    }),
  );
}

async function proveStandings(
  { state, manager }: ManagerStorage,
  attesters: readonly Address[],
): Promise<ReadonlyMap<Address, AttesterStanding>> {
  const words = await state.readSlots(
    manager,
    attesters.map((attester) => slotOfValue(MANAGER_SLOTS.grants, attester)),
  );
  return new Map(
    attesters.map((attester, index) => {
      const word = words[index] ?? 0n;
      const revokedAt = bitsOfWord(word, { first: 176, count: 40 }) || undefined;
      const compromisedSince = bitsOfWord(word, { first: 216, count: 40 }) || undefined;
      return [attester, { revokedAt, compromisedSince }];
    }),
  );
}

function decodeRule(word: bigint): EventRule {
  return {
    roles: bitsOfWord(word, { first: 0, count: 128 }),
    requires: bitsOfWord(word, { first: 128, count: 16 }),
    forbids: bitsOfWord(word, { first: 144, count: 16 }),
    sets: bitsOfWord(word, { first: 160, count: 16 }),
    clears: bitsOfWord(word, { first: 176, count: 16 }),
    pausedUntil: bitsOfWord(word, { first: 192, count: 64 }),
  };
}

function nameBits(bits: readonly bigint[], names: readonly bigint[]): ReadonlyMap<bigint, string> {
  return new Map(
    bits.flatMap((bit, index) => {
      const name = names[index] ?? 0n;
      return name === 0n ? [] : [[bit, eventTypeName(eventTypeOfWord(name))] as const];
    }),
  );
}

function eventTypeOfWord(word: bigint): EventType {
  return eventTypeSchema.parse(toBeHex(word, 32));
}

/** What is no name stays hex. */
function isName(name: string): boolean {
  return !name.startsWith("0x");
}

function unite(bits: readonly bigint[]): bigint {
  return bits.reduce((all, bit) => all | bit, 0n);
}

function requireLayout(contract: Address, fits: boolean, problem: string): void {
  if (!fits) throw new PassportError("proof.layout-foreign", { contract, problem });
}

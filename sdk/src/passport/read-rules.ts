import type { Provider } from "ethers";
import { askNode } from "../chain/ask-node.js";
import { conditionInWords, type ManagerNames, rolesInWords } from "../chain/manager-names.js";
import { IManufacturerManager__factory } from "../contracts/index.js";
import { type EventType, eventTypeName, eventTypeSchema } from "../primitives/event-type.js";
import { type Address, parseAddress } from "../primitives/hex.js";
import type { ReadingContext } from "./context.js";
import { readManagerNames } from "./read-manager-names.js";

/** Who may record an event type, when, and what it does to the condition. */
export interface EventRule {
  /** Roles that may, one bit each; bit 127 is the current owner. */
  readonly roles: bigint;
  /** Condition bits that must all be set. */
  readonly requires: bigint;
  /** Condition bits none of which may be set. */
  readonly forbids: bigint;
  /** Condition bits that the entry sets. */
  readonly sets: bigint;
  /** Condition bits that the entry clears. */
  readonly clears: bigint;
  /** Last second, Unix time, of the current or last pause; 0 without one. */
  readonly pausedUntil: bigint;
}

/** A rule in words. */
export interface NamedRule extends EventRule {
  readonly eventType: EventType;
  /** Name of the event type. */
  readonly name: string;
  readonly inWords: {
    readonly roles: readonly string[];
    readonly requires: readonly string[];
    readonly forbids: readonly string[];
    readonly sets: readonly string[];
    readonly clears: readonly string[];
  };
}

/**
 * Reads the rules of a manager as they are at a block.
 *
 * @param provider - any ethers provider
 * @param options - `manager`: its address; `block`: number of the block
 * @returns the rules by event type, in the order of their making
 * @throws PassportError `chain.*`, `contract.*`
 */
export async function readEventRules(
  provider: Provider,
  options: { readonly manager: Address; readonly block: bigint | "latest" },
): Promise<ReadonlyMap<EventType, EventRule>> {
  const contract = IManufacturerManager__factory.connect(options.manager, provider);
  const at = { blockTag: options.block };
  const eventTypes = await askNode(provider, () => contract.eventTypes(at));
  const rules = await askNode(provider, () =>
    Promise.all(eventTypes.map((eventType) => contract.ruleOf(eventType, at))),
  );
  return new Map(
    rules.map(({ roles, requires, forbids, sets, clears, pausedUntil }, index) => [
      eventTypeSchema.parse(eventTypes[index]),
      { roles, requires, forbids, sets, clears, pausedUntil },
    ]),
  );
}

/**
 * Reads a manager's rules in words: what documentation and apps show.
 *
 * @param context - `provider`
 * @param options - `manager`: its address
 * @returns the rule table, in the order in which the rules were made
 * @throws PassportError `input.invalid`, `chain.*`, `contract.*`
 */
export async function readRules(
  context: Pick<ReadingContext, "provider">,
  options: { readonly manager: Address },
): Promise<readonly NamedRule[]> {
  const manager = parseAddress(options.manager, { field: "manager" });
  const names = await readManagerNames(context, { manager });
  const rules = await readEventRules(context.provider, { manager, block: "latest" });
  return [...rules].map(([eventType, rule]) => nameRule(eventType, rule, names));
}

function nameRule(eventType: EventType, rule: EventRule, names: ManagerNames): NamedRule {
  return {
    ...rule,
    eventType,
    name: eventTypeName(eventType),
    inWords: {
      roles: rolesInWords(rule.roles, names),
      requires: conditionInWords(rule.requires, names),
      forbids: conditionInWords(rule.forbids, names),
      sets: conditionInWords(rule.sets, names),
      clears: conditionInWords(rule.clears, names),
    },
  };
}

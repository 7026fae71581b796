import * as z from "zod";
import { managerInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { eventTypeOf, eventTypeSchema } from "../primitives/event-type.js";
import { requireManager, type WritingContext } from "./context.js";
import { prepareManagement, readConditionBits, readRoleBits } from "./prepare-management.js";

/** Who may record an event type, when, and what it does to the condition. All by name. */
export interface SetRuleOptions {
  readonly eventType: string;
  /** Roles of which one is needed; OWNER is the current owner. None: nobody may record it any more. */
  readonly roles: readonly string[];
  /** Conditions that must all be set. */
  readonly requires?: readonly string[] | undefined;
  /** Conditions of which none may be set. */
  readonly forbids?: readonly string[] | undefined;
  /** Conditions that an entry sets; final once the event type has a rule. */
  readonly sets?: readonly string[] | undefined;
  /** Conditions that an entry clears; final once the event type has a rule. */
  readonly clears?: readonly string[] | undefined;
}

const ruleSchema = z.object({
  eventType: eventTypeSchema,
  roles: z.bigint(),
  requires: z.bigint(),
  forbids: z.bigint(),
  sets: z.bigint(),
  clears: z.bigint(),
});

/** A rule that was made or changed; one bit for each role and condition. */
export type ChangedRule = z.infer<typeof ruleSchema>;

/**
 * Prepares the rule of an event type, a new one or a change of roles and gates. Only the administrator.
 *
 * @param context - what writing actions work on, with a manager
 * @param options - the rule, in the manager's words
 * @returns the prepared transaction; its result is the rule
 * @throws PassportError `input.invalid`, `role.unknown`, `condition.unknown`, `chain.*`
 */
export async function setRule(
  context: WritingContext,
  options: SetRuleOptions,
): Promise<PreparedTransaction<ChangedRule>> {
  const manager = requireManager(context);
  const eventType = eventTypeOf(options.eventType);
  const roles = await readRoleBits(context, { manager, roles: options.roles });
  const [requires, forbids, sets, clears] = await Promise.all(
    ([options.requires, options.forbids, options.sets, options.clears] as const).map((conditions) =>
      readConditionBits(context, { manager, conditions: conditions ?? [] }),
    ),
  );
  const rule = {
    roles,
    requires: requires ?? 0n,
    forbids: forbids ?? 0n,
    sets: sets ?? 0n,
    clears: clears ?? 0n,
    pausedUntil: 0n,
  };
  return prepareManagement(context, {
    manager,
    data: managerInterface.encodeFunctionData("setRule", [eventType, rule]),
    event: "RuleChanged",
    schema: ruleSchema,
  });
}

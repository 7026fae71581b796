import { OWNER_ROLE } from "../chain/manager-names.js";
import { type EventType, isNative } from "../primitives/event-type.js";
import { conditionAfter, isRecovery } from "./condition-after.js";
import type { EventRule } from "./read-rules.js";

/** Who would record something on which passport, and when. */
export interface AuthorizeOptions {
  /** The manager's rule for the event type; undefined if it has none. */
  readonly rule: EventRule | undefined;
  /** Every role that the attester holds now, one bit each; bit 127 if he is the owner. */
  readonly roles: bigint;
  /** The passport's condition, one bit each. */
  readonly condition: bigint;
  /** Time of the recording, Unix seconds. */
  readonly time: bigint;
}

/** Why the chain would refuse: the codes of the errors it would answer with. */
export type RefusalCode =
  | "contract.digital-passport-event-type-native"
  | "contract.manufacturer-manager-event-type-unknown"
  | "contract.manufacturer-manager-event-type-paused"
  | "contract.manufacturer-manager-condition-missing"
  | "contract.manufacturer-manager-condition-forbids"
  | "contract.manufacturer-manager-role-missing";

/** What an entry would be recorded as, or why it would be refused. */
export type Authorization =
  | {
      readonly status: "allowed";
      /** Those of the attester's roles that entitle him. */
      readonly roles: bigint;
      /** The passport's condition after the entry. */
      readonly condition: bigint;
    }
  | { readonly status: "refused"; readonly code: RefusalCode };

/**
 * Says what a passport and its manager would answer to an attestation, without asking them: for a form that offers only
 * what can be recorded now.
 *
 * @param eventType - what would be attested
 * @param options - the rule, the attester's `roles`, the passport's `condition`, and the `time`
 * @returns roles and condition of the entry, or why it would be refused
 *
 * @example
 * ```ts
 * const recordable = (await client.readRules({ manager })).filter((rule) => {
 *   const { status } = authorize(rule.eventType, { rule, roles, condition: passport.condition.bits, time });
 *   return status === "allowed";
 * });
 * ```
 */
export function authorize(eventType: EventType, { rule, roles, condition, time }: AuthorizeOptions): Authorization {
  const step = { eventType, isOwner: (roles & OWNER_ROLE) !== 0n, condition };
  if (isNative(eventType)) return refused("contract.digital-passport-event-type-native");
  if (isRecovery(step)) return { status: "allowed", roles: OWNER_ROLE, condition: conditionAfter(step, { rule }) };
  // A contract answers with zeros where it has no rule.
  if (rule === undefined || rule.roles === 0n) return refused("contract.manufacturer-manager-event-type-unknown");
  if (time <= rule.pausedUntil) return refused("contract.manufacturer-manager-event-type-paused");
  if ((rule.requires & ~condition) !== 0n) return refused("contract.manufacturer-manager-condition-missing");
  if ((rule.forbids & condition) !== 0n) return refused("contract.manufacturer-manager-condition-forbids");
  if ((rule.roles & roles) === 0n) return refused("contract.manufacturer-manager-role-missing");
  return { status: "allowed", roles: rule.roles & roles, condition: conditionAfter(step, { rule }) };
}

function refused(code: RefusalCode): Authorization {
  return { status: "refused", code };
}

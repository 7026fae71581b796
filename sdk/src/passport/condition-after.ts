import { type EventType, eventTypeOf } from "../primitives/event-type.js";
import { NATIVE_CONDITIONS } from "../primitives/native-conditions.js";
import type { EventRule } from "./read-rules.js";

const { STOLEN } = NATIVE_CONDITIONS;
const RECOVERED = eventTypeOf("RECOVERED");

/** An attestation, and what it meets. */
export interface AttestationStep {
  readonly eventType: EventType;
  /** Whether its attester is the owner. */
  readonly isOwner: boolean;
  /** The passport's condition before it, one bit each. */
  readonly condition: bigint;
}

/**
 * Tells whether the passport records an attestation without asking its manager: the owner has the stolen product again.
 *
 * @param step - the attestation, and what it meets
 * @returns whether it does
 */
export function isRecovery({ eventType, isOwner, condition }: AttestationStep): boolean {
  return isOwner && eventType === RECOVERED && (condition & STOLEN) !== 0n;
}

/**
 * The condition after an attestation whose manager keeps its own rules.
 *
 * @param step - the attestation, and what it meets
 * @param options - `rule`: the manager's for this event type; without one, nothing changes
 * @returns the condition, one bit each
 */
export function conditionAfter(step: AttestationStep, { rule }: { readonly rule: EventRule | undefined }): bigint {
  if (isRecovery(step)) return step.condition & ~STOLEN;
  return rule === undefined ? step.condition : (step.condition & ~rule.clears) | rule.sets;
}

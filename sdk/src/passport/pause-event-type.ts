import * as z from "zod";
import { managerInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { eventTypeOf, eventTypeSchema } from "../primitives/event-type.js";
import { addressSchema } from "../primitives/hex.js";
import { parseUnixSeconds, requireManager, type WritingContext } from "./context.js";
import { prepareManagement } from "./prepare-management.js";

const pauseSchema = z.object({ eventType: eventTypeSchema, guardian: addressSchema, pausedUntil: z.bigint() });

/** A pause that was begun. */
export type EventTypePause = z.infer<typeof pauseSchema>;

/**
 * Prepares a pause of one event type, for at most 7 days. Only the guardian; never of what owners and authorities must
 * always be able to record.
 *
 * @param context - what writing actions work on, with a manager
 * @param options - `eventType`: its name; `until`: last second of the pause, Unix time
 * @returns the prepared transaction; its result is the pause
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function pauseEventType(
  context: WritingContext,
  options: { readonly eventType: string; readonly until: bigint },
): Promise<PreparedTransaction<EventTypePause>> {
  const eventType = eventTypeOf(options.eventType);
  const until = parseUnixSeconds(options.until, { field: "until" });
  return prepareManagement(context, {
    manager: requireManager(context),
    data: managerInterface.encodeFunctionData("pause", [eventType, until]),
    event: "EventTypePaused",
    schema: pauseSchema,
  });
}

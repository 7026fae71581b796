import * as z from "zod";
import { managerInterface } from "../chain/contract-interfaces.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { eventTypeOf, eventTypeSchema } from "../primitives/event-type.js";
import { addressSchema } from "../primitives/hex.js";
import { requireManager, type WritingContext } from "./context.js";
import { prepareManagement } from "./prepare-management.js";

const resumptionSchema = z.object({ eventType: eventTypeSchema, account: addressSchema });

/** A pause that was ended. */
export type EventTypeResumption = z.infer<typeof resumptionSchema>;

/**
 * Prepares the end of a pause before its time. Only the guardian or the administrator.
 *
 * @param context - what writing actions work on, with a manager
 * @param options - `eventType`: its name
 * @returns the prepared transaction; its result says who ended it
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function resumeEventType(
  context: WritingContext,
  options: { readonly eventType: string },
): Promise<PreparedTransaction<EventTypeResumption>> {
  return prepareManagement(context, {
    manager: requireManager(context),
    data: managerInterface.encodeFunctionData("resume", [eventTypeOf(options.eventType)]),
    event: "EventTypeResumed",
    schema: resumptionSchema,
  });
}

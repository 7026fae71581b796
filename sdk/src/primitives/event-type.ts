import { getBytes, toUtf8Bytes, zeroPadBytes } from "ethers";
import * as z from "zod";
import { bytes32Schema, type FieldOptions } from "./hex.js";
import { parseInput } from "./parse-input.js";

const nameSchema = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{0,31}$/, "expected 1 to 32 of A-Z, 0-9 and _, beginning with a letter");

/** An event type as the chain has it, also one that is no name. */
export const eventTypeSchema = bytes32Schema.brand<"EventType">();

/** An event type as the chain has it: its ASCII name, left-aligned in 32 bytes. */
export type EventType = z.infer<typeof eventTypeSchema>;

/**
 * The chain's form of an event type.
 *
 * @param name - such as `MAINTAINED`
 * @param options - `field`: its name in an error
 * @returns the name in 32 bytes, zeros behind it
 * @throws PassportError `input.invalid`
 */
export function eventTypeOf(name: string, options: FieldOptions = {}): EventType {
  const field = options.field ?? "event type";
  return eventTypeSchema.parse(zeroPadBytes(toUtf8Bytes(parseInput(nameSchema, name, { field })), 32));
}

/**
 * The readable form of an event type.
 *
 * @param eventType - as the chain has it
 * @returns the name; the hex itself where a foreign manager uses bytes that are no name
 */
export function eventTypeName(eventType: EventType): string {
  const name = String.fromCharCode(...getBytes(eventType)).replace(/\0+$/, "");
  return nameSchema.safeParse(name).success ? name : eventType;
}

const NATIVE_EVENT_TYPES: ReadonlySet<EventType> = new Set(
  ["MANUFACTURED", "OWNERSHIP_TRANSFERRED", "LOCKED", "RELEASED"].map((name) => eventTypeOf(name)),
);

/**
 * Tells whether the passport records this type of entry by itself, without asking its manager.
 *
 * @param eventType - as the chain has it
 * @returns whether it does
 */
export function isNative(eventType: EventType): boolean {
  return NATIVE_EVENT_TYPES.has(eventType);
}

import * as z from "zod";
import { decimal, isSound, sensorId } from "../document/schemas/fields.js";
import { hasUnitOfQuantity, quantitySchema, unitSchema } from "../document/schemas/quantity.js";
import { isPassportError } from "../errors/passport-error.js";
import { parseProductId } from "../identifier/parse-product-id.js";
import { hexSchema } from "../primitives/hex.js";
import { MAXIMUM_IDENTIFIER_BYTES } from "../primitives/https-url.js";
import { parseInput } from "../primitives/parse-input.js";

/** A gateway reports the same products over and over; what was found to be well-formed need not be parsed again. */
const wellFormed = new Set<string>();
const MAXIMUM_WELL_FORMED = 10_000;

/** A product in its normal form, with right check digits. */
const productIdSchema = z
  .string()
  .max(MAXIMUM_IDENTIFIER_BYTES)
  .superRefine((text, context) => {
    if (wellFormed.has(text)) return;
    try {
      parseProductId(text);
      if (wellFormed.size >= MAXIMUM_WELL_FORMED) wellFormed.clear();
      wellFormed.add(text);
    } catch (error) {
      if (!isPassportError(error)) throw error;
      context.addIssue(error.message);
    }
  });

/** A time in UTC to the second or to the millisecond, not before 1970. */
const readingTimeSchema = z.iso
  .datetime({ error: "expected a time in UTC, such as 2026-11-27T15:55:46Z or 2026-11-27T15:55:46.250Z" })
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/, "expected seconds with no digits after the point, or three")
  .refine((time) => Date.parse(time) >= 0, "a reading is not older than 1970");

/** A number as the sensor has sent it; zero has no sign. */
const readingValueSchema = decimal.regex(/^(?!-0(?:\.0+)?$)/, "zero has no sign");

/** The last whole number that JSON carries safely. */
const sequenceSchema = z.int().min(1);

/** One reading of one sensor, as gateways hand it in and as it is kept. */
export const readingSchema = z
  .strictObject({
    sensor: sensorId,
    /** Counts up by one with each reading of this sensor, from 1; a number that is missing is a lost reading. */
    sequence: sequenceSchema,
    product: productIdSchema,
    quantity: quantitySchema,
    unit: unitSchema,
    /** Kept as it was sent: `1.0` and `1` are the same number, and different readings. */
    value: readingValueSchema,
    time: readingTimeSchema,
    /** The sensor's own, on P-256: `r | s`, the lower s. */
    signature: hexSchema.refine(({ length }) => length === 130, "expected r and s, 32 bytes each").exactOptional(),
  })
  .refine(hasUnitOfQuantity, { path: ["unit"], error: "the quantity has another unit", when: isSound });

/** One reading of one sensor. */
export type Reading = Readonly<z.infer<typeof readingSchema>>;

/** What of a reading its sensor signs. */
export type UnsignedReading = Omit<Reading, "signature">;

/**
 * Parses a reading that came from anywhere. Whether its value is plausible, `isPlausible` says.
 *
 * @param value - the parsed JSON
 * @returns the reading
 * @throws PassportError `input.invalid`, naming the field
 *
 * @example
 * ```ts
 * const reading = parseReading({
 *   sensor: "bearing-de", sequence: 1, product: "https://id.weg.example/01/09521234543213/21/W22-000001",
 *   quantity: "bearing-temperature", unit: "Cel", value: "63.5", time: "2026-11-27T15:55:46Z",
 * });
 * ```
 */
export function parseReading(value: unknown): Reading {
  return parseInput(readingSchema, value, { field: "reading" });
}

/**
 * The format of a reading as JSON Schema (draft 2020-12), for programs that do not run the SDK. That the unit is the
 * quantity's, and check digits, JSON Schema has no words for.
 *
 * @returns the JSON Schema
 */
export function readingJsonSchema(): z.core.JSONSchema.BaseSchema {
  return { title: "Reading", ...z.toJSONSchema(readingSchema, { io: "input" }) };
}

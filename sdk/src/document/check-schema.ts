import * as z from "zod";
import { PassportError } from "../errors/passport-error.js";
import { describeIssues } from "../primitives/parse-input.js";
import type { DocumentSchema, DocumentSchemas } from "./schemas/envelope.js";

/**
 * Checks a document against a schema.
 *
 * @param document - parsed JSON
 * @param options - `eventType`: the name, for the error; `schema`: what the document must fit
 * @returns the document, typed
 * @throws PassportError `document.schema`
 */
export function checkSchema<Schema extends DocumentSchema>(
  document: unknown,
  options: { readonly eventType: string; readonly schema: Schema },
): z.infer<Schema> {
  const result = z.safeParse(options.schema, document);
  if (result.success) return result.data;
  const { eventType } = options;
  throw new PassportError("document.schema", { eventType, problem: describeIssues(result.error.issues) });
}

/**
 * Finds the schema of an event type.
 *
 * @param schemas - those to choose from
 * @param options - `eventType`: the name
 * @returns the schema
 * @throws PassportError `event-type.unknown`
 */
export function findSchema<Schemas extends DocumentSchemas>(
  schemas: Schemas,
  options: { readonly eventType: string },
): Schemas[keyof Schemas] {
  const { eventType } = options;
  if (!Object.hasOwn(schemas, eventType)) throw new PassportError("event-type.unknown", { eventType });
  // Safety: eventType is one of the schemas' own keys.
  return schemas[eventType] as Schemas[keyof Schemas];
}

import * as z from "zod";
import { documentSchemas } from "./schemas/document-schemas.js";
import type { DocumentSchemas } from "./schemas/envelope.js";

/**
 * The schemas as JSON Schema (draft 2020-12), for programs that do not run the SDK. Check digits, address checksums and
 * other rules that JSON Schema has no words for are missing there.
 *
 * @param schemas - by event type; the suite's own if left out
 * @returns a JSON Schema for each event type
 */
export function documentJsonSchemas(
  schemas: DocumentSchemas = documentSchemas,
): Readonly<Record<string, z.core.JSONSchema.BaseSchema>> {
  const entries = Object.entries(schemas).map(([eventType, schema]) => {
    return [eventType, { title: eventType, ...z.toJSONSchema(schema, { io: "input" }) }] as const;
  });
  return Object.fromEntries(entries);
}

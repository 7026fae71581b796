import { documentSchemas, type IssuanceItem } from "@digital-product-passport/sdk";
import * as z from "zod";
import { type ProductRow, setField } from "./read-product-rows.js";

/** One thing that is wrong with a row. */
export interface RowProblem {
  /** Column of a table, or path of a field. */
  readonly field: string;
  readonly reason: string;
}

/** A row that can be handed to the SDK, or what is wrong with it. */
export type ParsedRow =
  | { readonly isValid: true; readonly item: IssuanceItem }
  | { readonly isValid: false; readonly problems: readonly [RowProblem, ...RowProblem[]] };

const { attachments, data, occurredAt, recordedBy } = documentSchemas.MANUFACTURED.shape;
const rowSchema = z.strictObject({
  productId: z.string("it is missing"),
  owner: z.string().optional(),
  recordedBy,
  occurredAt,
  attachments,
  data,
});

/**
 * Parses what a file says of a product. Whether the product's identifier is right, and whether it has a passport
 * already, is checked by the SDK.
 *
 * @param row - of the file
 * @param options - `owner`: of products whose row names none
 * @returns the item to issue, or every problem with its field
 */
export function parseProductRow(row: ProductRow, options: { readonly owner: string }): ParsedRow {
  if (row.problem !== undefined) return { isValid: false, problems: [{ field: "row", reason: row.problem }] };
  const first = rowSchema.safeParse(row.fields);
  const parsed = first.success || !row.isText ? first : rowSchema.safeParse(readNumbers(row.fields, first.error));
  if (parsed.success) {
    const { productId, owner, ...document } = parsed.data;
    return { isValid: true, item: { productId, owner: owner ?? options.owner, document } };
  }
  const [problem = { field: "row", reason: "it does not fit" }, ...more] = parsed.error.issues.flatMap((issue) =>
    describeIssue(issue, row.fields),
  );
  return { isValid: false, problems: [problem, ...more] };
}

/** Where the schema wants a number, a truth value or one of several values, text that says just that is made one. */
function readNumbers(fields: ProductRow["fields"], { issues }: z.ZodError): ProductRow["fields"] {
  const read = structuredClone(fields);
  for (const issue of issues) {
    const text = valueAt(read, issue.path);
    if (typeof text !== "string") continue;
    const meant = valuesMeant(issue, text).find((value) => String(value) === text);
    if (meant !== undefined) setField(read, issue.path, meant);
  }
  return read;
}

function valuesMeant(issue: z.core.$ZodIssue, text: string): readonly unknown[] {
  if (issue.code === "invalid_value") return issue.values;
  if (issue.code !== "invalid_type") return [];
  return issue.expected === "boolean"
    ? [true, false]
    : issue.expected === "number" || issue.expected === "int"
      ? [Number(text)]
      : [];
}

function describeIssue(issue: z.core.$ZodIssue, fields: ProductRow["fields"]): readonly RowProblem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ field: fieldOf([...issue.path, key]), reason: "there is no such field" }));
  }
  const isMissing = valueAt(fields, issue.path) === undefined;
  const reason = issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
  return [{ field: fieldOf(issue.path), reason: isMissing ? "it is missing" : reason }];
}

function valueAt(fields: ProductRow["fields"], path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (Object(value) === value ? Reflect.get(Object(value), key) : undefined),
    fields,
  );
}

function fieldOf(path: readonly PropertyKey[]): string {
  return (path[0] === "data" && path.length > 1 ? path.slice(1) : path).map(String).join(".");
}

import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { documentSchemas, PassportError, parseJson } from "@digital-product-passport/sdk";
import { CsvError, parse } from "csv-parse/sync";
import { parseTree } from "jsonc-parser";

/** What a file says of one product. Nothing is checked yet but the form of the file. */
export interface ProductRow {
  /** Line of the file that it begins in, from 1. */
  readonly line: number;
  /** `productId`, `owner`, `recordedBy`, `occurredAt`, `attachments` and `data`, as far as they are there. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Whether the file knows nothing but text: a number is then written "4". */
  readonly isText: boolean;
  /** Why the row cannot be read, if so. */
  readonly problem?: string;
}

/** Fields beside the document's `data`. */
const OWN_FIELDS: readonly string[] = ["productId", "owner", "recordedBy", "occurredAt", "attachments"];
const DATA_FIELDS: readonly string[] = Object.keys(documentSchemas.MANUFACTURED.shape.data.shape);

/** Names of the fields on the way, the position in a list, names again: "nameplate.operatingPoints.0.voltageVolts". */
const COLUMN_NAME = /^[a-z][A-Za-z]*(?:\.(?:[a-z][A-Za-z]*|0|[1-9]\d{0,2}))*$/;

/**
 * Reads products to issue from a CSV file, whose columns are named after the fields of the MANUFACTURED document, or from
 * a JSON file with a list of objects.
 *
 * @param path - of the file, which ends in .csv or .json
 * @returns its rows
 * @throws PassportError `input.invalid` for a file that is neither, `document.not-json`
 */
export async function readProductRows(path: string): Promise<readonly ProductRow[]> {
  const extension = extname(path).toLowerCase();
  if (extension !== ".csv" && extension !== ".json") throw invalidFile(path, "it ends neither in .csv nor in .json");
  const text = await readText(path);
  const rows = extension === ".csv" ? readCsv(text, path) : readJson(text, path);
  if (rows.length === 0) throw invalidFile(path, "it has no rows");
  return rows;
}

async function readText(path: string): Promise<string> {
  try {
    // What is not UTF-8 is refused: a wrong letter in a document stays wrong for ever.
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
  } catch (cause) {
    const isMissing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    const problem = isMissing
      ? "there is no such file"
      : cause instanceof TypeError
        ? "it is not UTF-8"
        : String(cause);
    throw invalidFile(path, problem, cause);
  }
}

interface CsvRecord {
  readonly record: Readonly<Record<string, string | undefined>>;
  readonly info: { readonly lines: number; readonly error?: CsvError };
  /** Text of the record. */
  readonly raw: string;
}

function readCsv(text: string, path: string): readonly ProductRow[] {
  try {
    const records = parse<CsvRecord>(text.replace(/\r\n?/g, "\n"), {
      columns: (names: readonly string[]) => checkColumns(names, path),
      // Spreadsheets of countries with a decimal comma separate by semicolons; no column's name has either.
      delimiter: /^[^\n]*;/.test(text) ? ";" : ",",
      info: true,
      raw: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    });
    return records.map(({ record, info, raw }) => ({
      // The parser tells the line that a record ends in; quoted cells may have several.
      line: info.lines - (raw.trim().split("\n").length - 1),
      fields: nestFields(record),
      isText: true,
      ...(info.error != null && { problem: "it has more or fewer cells than there are columns" }),
    }));
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw invalidFile(path, `line ${String(cause["lines"])}: ${cause.message}`, cause);
  }
}

function checkColumns(names: readonly string[], path: string): string[] {
  const known = [...OWN_FIELDS, ...DATA_FIELDS];
  for (const name of names) {
    if (!COLUMN_NAME.test(name) || !known.includes(firstOf(name))) {
      throw invalidFile(path, `the column "${name}" is no field; those known begin with ${known.join(", ")}`);
    }
    if (names.indexOf(name) !== names.lastIndexOf(name)) throw invalidFile(path, `the column "${name}" comes twice`);
  }
  if (!names.includes("productId")) throw invalidFile(path, "it has no column productId");
  return [...names];
}

function firstOf(column: string): string {
  return column.split(".")[0] ?? "";
}

/** Makes `{ a: [{ b: "1" }] }` of the column "a.0.b"; an empty cell is a field that is not there. */
function nestFields(record: CsvRecord["record"]): Readonly<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  for (const [column, cell] of Object.entries(record)) {
    if (cell === undefined || cell === "") continue;
    const path = column.split(".");
    setField(fields, DATA_FIELDS.includes(firstOf(column)) ? ["data", ...path] : path, cell);
  }
  return fields;
}

/**
 * Sets a field of a nested value, making the objects and lists on the way.
 *
 * @param target - is changed
 * @param path - names of fields, and positions in lists
 * @param value - of the field
 */
export function setField(target: object, path: readonly PropertyKey[], value: unknown): void {
  const [key = "", ...rest] = path;
  const [next] = rest;
  if (next === undefined) {
    Reflect.set(target, key, value);
    return;
  }
  // Only own fields are entered: "constructor" must not lead to what all objects share.
  const existing: unknown = Object.hasOwn(target, key) ? Reflect.get(target, key) : undefined;
  const inner = typeof existing === "object" && existing !== null ? existing : /^\d+$/.test(String(next)) ? [] : {};
  Reflect.set(target, key, inner);
  setField(inner, rest, value);
}

function readJson(text: string, path: string): readonly ProductRow[] {
  const items = parseJson(text);
  if (!Array.isArray(items)) throw invalidFile(path, "it is not a list of products");
  const lines = linesOfItems(text);
  return items.map((item: unknown, index) => {
    const line = lines[index] ?? 1;
    const isObject = typeof item === "object" && item !== null && !Array.isArray(item);
    const unknown = isObject ? Object.keys(item).find((key) => key !== "data" && !OWN_FIELDS.includes(key)) : undefined;
    if (isObject && unknown === undefined) return { line, fields: { ...item }, isText: false };
    const problem = isObject ? `it has the unknown field ${unknown}` : "it is no object";
    return { line, fields: {}, isText: false, problem };
  });
}

function linesOfItems(text: string): readonly number[] {
  return (parseTree(text)?.children ?? []).map(({ offset }) => text.slice(0, offset).split("\n").length);
}

function invalidFile(path: string, problem: string, cause?: unknown): PassportError {
  return new PassportError("input.invalid", { field: "file", problem, value: path }, { cause });
}

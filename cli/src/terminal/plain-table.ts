import Table from "cli-table3";
import { colours } from "./colours.js";

/** Everything is readable on a terminal of 100 columns. */
export const TEXT_WIDTH = 97;

const INDENT = "   ";

const LINES = [
  ...["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"],
  ...["left", "left-mid", "mid", "mid-mid", "right", "right-mid", "middle"],
];

/**
 * Formats rows as a table without lines, two blanks between columns.
 *
 * @param rows - cells of each row
 * @param options - those of cli-table3
 * @returns the table
 */
export function plainTable(
  rows: readonly (readonly Table.Cell[])[],
  options: Table.TableConstructorOptions = {},
): string {
  const table = new Table({
    ...options,
    ...(options.head && { head: options.head.map(colours.dim) }),
    chars: Object.fromEntries(LINES.map((line) => [line, ""])),
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString().replace(/^/gm, INDENT).replace(/ +$/gm, "");
}

/**
 * Sets text in lines of the same width.
 *
 * @param sentences - each begins a new line
 * @returns the text
 */
export function paragraph(...sentences: readonly string[]): string {
  return plainTable(
    sentences.map((sentence) => [sentence]),
    { colWidths: [TEXT_WIDTH], wordWrap: true },
  );
}

/**
 * Lists what is known of one thing.
 *
 * @param facts - name and value of each; those without a value are left out
 * @returns the text
 */
export function formatFacts(facts: Readonly<Record<string, string | bigint | undefined>>): string {
  return plainTable(
    Object.entries(facts).flatMap(([name, value]) => (value === undefined ? [] : [[colours.dim(name), String(value)]])),
  );
}

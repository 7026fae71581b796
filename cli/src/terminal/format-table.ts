import { stdout } from "node:process";
import Table from "cli-table3";

/** How a table looks. */
export interface TableOptions {
  readonly head: readonly string[];
  /** Characters of each column; longer text is wrapped. As wide as needed if left out. */
  readonly widths?: readonly number[];
}

/**
 * Formats rows as a table of text.
 *
 * @param rows - cells of each row
 * @param options - head and widths
 * @returns the table, without colours where the output is no terminal
 */
export function formatTable(rows: readonly (readonly string[])[], options: TableOptions): string {
  const { head, widths } = options;
  const table = new Table({
    head: [...head],
    ...(widths !== undefined && { colWidths: [...widths], wordWrap: true, wrapOnWordBoundary: false }),
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
    style: { head: stdout.isTTY ? ["bold"] : [], border: stdout.isTTY ? ["dim"] : [] },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

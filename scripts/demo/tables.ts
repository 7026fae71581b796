import { stdout } from "node:process";
import Table from "cli-table3";
import pc from "picocolors";
import { type Attack, isRepelled } from "./attack.js";
import type { Cost } from "./cost-of-transaction.js";
import type { Check, HistoryLine } from "./verify-from-outside.js";

/** Colours for a terminal; none where the output goes to a file or another program. */
export const colours = pc.createColors(pc.isColorSupported && stdout.isTTY === true);

/** What one operation cost. */
export interface CostLine {
  readonly what: string;
  readonly signedBy: string;
  readonly paidBy: string;
  readonly cost: Cost;
}

/** Everything is readable on a terminal of 100 columns. */
const INDENT = "   ";
const TEXT_WIDTH = 97;

/**
 * Lists what operations cost.
 *
 * @param lines - in order
 * @returns the table
 */
export function costTable(lines: readonly CostLine[]): string {
  const table = newTable({
    head: ["step", "signed by", "paid by", "gas", "bytes", "US cents"],
    colAligns: ["left", "left", "left", "right", "right", "right"],
  });
  for (const { what, signedBy, paidBy, cost } of lines) {
    const { gas, compressedBytes, usCents } = cost;
    const figures = [gas.toLocaleString("en"), compressedBytes, usCents.toFixed(2)];
    table.push([what, inWords(signedBy), inWords(paidBy), ...figures]);
  }
  return print(table);
}

/**
 * Lists a history.
 *
 * @param lines - in order
 * @returns the table
 */
export function historyTable(lines: readonly HistoryLine[]): string {
  const table = newTable({
    head: ["", "event", "by", "as", "UTC", "document", "condition"],
    colAligns: ["right", "left", "left", "left", "left", "left", "left"],
    colWidths: [null, null, null, null, null, null, 12],
    wordWrap: true,
  });
  for (const { sequence, event, by, roles, recordedAt, document, condition } of lines) {
    const time = new Date(Number(recordedAt) * 1_000).toISOString().slice(11, 19);
    // Every passport is ISSUED; what else it is, is the news.
    const words = condition.length > 1 ? condition.filter((word) => word !== "ISSUED") : condition;
    // Nobody has to give his name; then his address stands for it.
    const name = by.replace(/^(0x\w{6})\w{28}/, "$1..");
    const roleNames = roles.map(inWords).join(", ");
    table.push([sequence, event, name, roleNames, time, `..${document.slice(-6)}`, words.join(" ")]);
  }
  return print(table);
}

/**
 * Lists checks.
 *
 * @param checks - in order
 * @returns the table
 */
export function checkTable(checks: readonly Check[]): string {
  const table = newTable({ colWidths: [15, 16, TEXT_WIDTH - 31], wordWrap: true });
  const colourOf = { valid: colours.green, invalid: colours.red, unknown: colours.yellow, notApplicable: colours.dim };
  for (const { question, status, reason } of checks) {
    table.push([question, colourOf[status](inWords(status)), reason]);
  }
  return print(table);
}

/**
 * Lists attacks.
 *
 * @param attacks - in order
 * @returns the table
 */
export function attackTable(attacks: readonly Attack[]): string {
  const table = newTable({ colWidths: [11, TEXT_WIDTH - 11], wordWrap: true });
  for (const attack of attacks) {
    const colour = isRepelled(attack) ? colours.green : colours.red;
    table.push([colour(attack.outcome), `${attack.attack}\n${colours.dim(attack.reason)}`]);
  }
  return print(table);
}

/**
 * Sets text in lines of the same width.
 *
 * @param sentences - each begins a new line
 * @returns the text
 */
export function paragraph(...sentences: readonly string[]): string {
  const table = newTable({ colWidths: [TEXT_WIDTH], wordWrap: true });
  for (const sentence of sentences) table.push([sentence]);
  return print(table);
}

/**
 * Writes a name of a program for people.
 *
 * @param name - such as `jointManufacturer` or `JOINT_MANUFACTURER`
 * @returns such as `joint manufacturer`
 */
export function inWords(name: string): string {
  const words = /^[A-Z_]+$/.test(name) ? name.replaceAll("_", " ") : name.replace(/[A-Z]/g, " $&");
  return words.toLowerCase();
}

/** No lines between cells, two blanks between columns. */
function newTable(options: Table.TableConstructorOptions): Table.Table {
  return new Table({
    ...options,
    ...(options.head && { head: options.head.map(colours.dim) }),
    chars: Object.fromEntries(LINES.map((line) => [line, ""])),
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
  });
}

const LINES = [
  ...["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"],
  ...["left", "left-mid", "mid", "mid-mid", "right", "right-mid", "middle"],
];

function print(table: { toString(): string }): string {
  return table.toString().replace(/^/gm, INDENT).replace(/ +$/gm, "");
}

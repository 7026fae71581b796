import { colours, plainTable, TEXT_WIDTH } from "@digital-product-passport/cli/terminal";
import type { Cost } from "../lib/cost-of-transaction.js";
import { type Attack, isRepelled } from "./attack.js";
import type { HistoryLine } from "./verify-from-outside.js";

/** What one operation cost. */
export interface CostLine {
  readonly what: string;
  readonly signedBy: string;
  readonly paidBy: string;
  readonly cost: Cost;
}

/**
 * Lists what operations cost.
 *
 * @param lines - in order
 * @returns the table
 */
export function costTable(lines: readonly CostLine[]): string {
  const rows = lines.map(({ what, signedBy, paidBy, cost }) => {
    const { gas, compressedBytes, usCents } = cost;
    const figures = [gas.toLocaleString("en"), compressedBytes, usCents.toFixed(2)];
    return [what, inWords(signedBy), inWords(paidBy), ...figures];
  });
  return plainTable(rows, {
    head: ["step", "signed by", "paid by", "gas", "bytes", "US cents"],
    colAligns: ["left", "left", "left", "right", "right", "right"],
  });
}

/**
 * Lists a history.
 *
 * @param lines - in order
 * @returns the table
 */
export function historyTable(lines: readonly HistoryLine[]): string {
  const rows = lines.map(({ sequence, event, by, roles, recordedAt, document, condition }) => {
    const time = new Date(Number(recordedAt) * 1_000).toISOString().slice(11, 19);
    // Every passport is ISSUED; what else it is, is the news.
    const words = condition.length > 1 ? condition.filter((word) => word !== "ISSUED") : condition;
    // Nobody has to give his name; then his address stands for it.
    const name = by.replace(/^(0x\w{6})\w{28}/, "$1..");
    const roleNames = roles.map(inWords).join(", ");
    return [sequence, event, name, roleNames, time, `..${document.slice(-6)}`, words.join(" ")];
  });
  return plainTable(rows, {
    head: ["", "event", "by", "as", "UTC", "document", "condition"],
    colAligns: ["right", "left", "left", "left", "left", "left", "left"],
    colWidths: [null, null, null, null, null, null, 12],
    wordWrap: true,
  });
}

/**
 * Lists attacks.
 *
 * @param attacks - in order
 * @returns the table
 */
export function attackTable(attacks: readonly Attack[]): string {
  const rows = attacks.map((attack) => {
    const colour = isRepelled(attack) ? colours.green : colours.red;
    return [colour(attack.outcome), `${attack.attack}\n${colours.dim(attack.reason)}`];
  });
  return plainTable(rows, { colWidths: [11, TEXT_WIDTH - 11], wordWrap: true });
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

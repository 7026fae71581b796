import type { VerdictStatus } from "@digital-product-passport/sdk";
import { colours } from "./colours.js";
import { plainTable, TEXT_WIDTH } from "./plain-table.js";

/** One question about a passport, and the answer. */
export interface AnsweredQuestion {
  readonly question: string;
  readonly status: VerdictStatus;
  readonly reason: string;
}

/**
 * Lists verdicts for people.
 *
 * @param answers - in order
 * @returns the table
 */
export function formatVerdicts(answers: readonly AnsweredQuestion[]): string {
  const colourOf = { valid: colours.green, invalid: colours.red, unknown: colours.yellow, notApplicable: colours.dim };
  return plainTable(
    answers.map(({ question, status, reason }) => [
      question,
      colourOf[status](status === "notApplicable" ? "not applicable" : status),
      reason,
    ]),
    { colWidths: [15, 16, TEXT_WIDTH - 31], wordWrap: true },
  );
}

import {
  type Address,
  type Bytes32,
  type IssuanceItem,
  isPassportError,
  type PassportError,
} from "@digital-product-passport/sdk";
import { type ParsedRow, parseProductRow, type RowProblem } from "./parse-product-row.js";
import type { ProductRow } from "./read-product-rows.js";

type RowResult =
  | { readonly status: "issued"; readonly passport: Address; readonly transactionHash: Bytes32 }
  /** It had its passport before. */
  | { readonly status: "registered"; readonly passport: string }
  | { readonly status: "refused"; readonly problems: readonly RowProblem[] }
  /** Nothing is wrong with it, but it was not issued: a dry run, or an outage before its turn. */
  | { readonly status: "waiting" };

/** What became of a row. */
export type RowOutcome = { readonly line: number; readonly productId: string } & RowResult;

/** What became of all rows. */
export interface RowsOutcome {
  /** In the order of the file. */
  readonly outcomes: readonly RowOutcome[];
  /** What ended the work early, such as a node that does not answer; running again goes on from there. */
  readonly interruption?: PassportError;
}

/** Who owns what the rows are of, and who wants to hear of them. */
export interface RowsOptions {
  /** First owner of products whose row names none. */
  readonly owner: string;
  /** Told about each row that is done. */
  readonly onOutcome?: ((outcome: RowOutcome) => void) | undefined;
}

/** A row that fits the schema, and whose product comes for the first time. */
export interface Candidate {
  readonly row: ProductRow;
  readonly item: IssuanceItem;
}

/** Keeps what becomes of each row. */
export interface RowOutcomes {
  /** The rows that the chain has to be asked about; what became of the others is settled. */
  readonly candidates: readonly Candidate[];
  readonly settle: (row: ProductRow, result: RowResult) => void;
  /** Sums up; what is not settled waits. */
  readonly finish: (interruption?: PassportError) => RowsOutcome;
}

/**
 * Divides rows into those that can be handed to the SDK and those that are refused, and keeps what becomes of each.
 *
 * @param rows - of a file
 * @param options - first owner, and who is told about rows that are done
 * @returns the candidates, and where their outcomes go
 */
export function createRowOutcomes(rows: readonly ProductRow[], options: RowsOptions): RowOutcomes {
  const outcomes = new Map<ProductRow, RowOutcome>();
  const settle: RowOutcomes["settle"] = (row, result) => {
    const outcome = { ...nameRow(row), ...result };
    outcomes.set(row, outcome);
    options.onOutcome?.(outcome);
  };
  return {
    candidates: selectCandidates(rows, options, settle),
    settle,
    finish: (interruption) => ({
      outcomes: rows.map((row) => outcomes.get(row) ?? { ...nameRow(row), status: "waiting" }),
      ...(interruption !== undefined && { interruption }),
    }),
  };
}

/**
 * Says of a row why it was not issued.
 *
 * @param error - of the SDK or of the contracts
 * @returns that it has a passport already, or which field is to blame
 */
export function resultOfRefusal(error: PassportError): RowResult {
  if (isPassportError(error, "contract.passport-registry-product-registered")) {
    return { status: "registered", passport: String(error.details.passport) };
  }
  return { status: "refused", problems: [{ field: fieldOf(error), reason: error.message }] };
}

function selectCandidates(
  rows: readonly ProductRow[],
  { owner }: RowsOptions,
  settle: RowOutcomes["settle"],
): readonly Candidate[] {
  const lineOf = new Map<string, number>();
  return rows.flatMap((row) => {
    const { line, productId } = nameRow(row);
    const parsed = parseOnce(row, { owner, firstLine: lineOf.get(productId) });
    if (productId !== "" && !lineOf.has(productId)) lineOf.set(productId, line);
    if (parsed.isValid) return [{ row, item: parsed.item }];
    settle(row, { status: "refused", problems: parsed.problems });
    return [];
  });
}

function parseOnce(
  row: ProductRow,
  { owner, firstLine }: { readonly owner: string; readonly firstLine: number | undefined },
): ParsedRow {
  if (firstLine === undefined) return parseProductRow(row, { owner });
  return { isValid: false, problems: [{ field: "productId", reason: `line ${firstLine} has the same product` }] };
}

function fieldOf(error: PassportError): string {
  if (error.code.startsWith("identifier.")) return "productId";
  if (error.code.startsWith("document.")) return "data";
  return isPassportError(error, "input.invalid") ? String(error.details.field) : "row";
}

function nameRow({ line, fields }: ProductRow): { readonly line: number; readonly productId: string } {
  return { line, productId: typeof fields["productId"] === "string" ? fields["productId"] : "" };
}

import {
  type Address,
  type Bytes32,
  type IssuanceItem,
  isPassportError,
  type PassportClient,
  type PassportError,
} from "@digital-product-passport/sdk";
import { type ParsedRow, parseProductRow, type RowProblem } from "./parse-product-row.js";
import type { ProductRow } from "./read-product-rows.js";

/** What issuing needs of the SDK's client. */
export type IssuingClient = Pick<PassportClient, "checkIssuances" | "issuePassports">;

/** Passports of one transaction: some 3.5 million gas. */
const BATCH_SIZE = 25;

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

/** How rows are issued. */
export interface IssueRowsOptions {
  /** First owner of products whose row names none. */
  readonly owner: string;
  /** Check only; nothing is stored or sent. */
  readonly isDryRun?: boolean;
  /** Told about each row that is done. */
  readonly onOutcome?: (outcome: RowOutcome) => void;
}

/**
 * Issues the products of a file. Good rows are issued whatever is wrong with others, and what has a passport already is
 * left alone: running again issues what is missing.
 *
 * @param client - with the manager, an issuer as signer, and a store
 * @param rows - of the file
 * @param options - first owner, dry run, progress
 * @returns what became of each row
 * @throws PassportError `input.invalid` without a manager, `contract.passport-registry-manager-not-admitted`
 */
export async function issueRows(
  client: IssuingClient,
  rows: readonly ProductRow[],
  options: IssueRowsOptions,
): Promise<RowsOutcome> {
  const outcomes = new Map<ProductRow, RowOutcome>();
  const settle: Settle = (row, result) => {
    const outcome = { ...nameRow(row), ...result };
    outcomes.set(row, outcome);
    options.onOutcome?.(outcome);
  };
  const finish = (interruption?: PassportError): RowsOutcome => ({
    outcomes: rows.map((row) => outcomes.get(row) ?? { ...nameRow(row), status: "waiting" }),
    ...(interruption !== undefined && { interruption }),
  });

  const candidates = selectCandidates(rows, options, settle);
  try {
    let ready: readonly Candidate[] = [];
    for (let index = 0; index < candidates.length; index += BATCH_SIZE) {
      ready = [...ready, ...(await keepIssuable(client, candidates.slice(index, index + BATCH_SIZE), settle))];
      const isLast = index + BATCH_SIZE >= candidates.length;
      while (!options.isDryRun && (ready.length >= BATCH_SIZE || (isLast && ready.length > 0))) {
        await issueBatch(client, ready.slice(0, BATCH_SIZE), settle);
        ready = ready.slice(BATCH_SIZE);
      }
    }
  } catch (error) {
    if (!isInterruption(error)) throw error;
    return finish(error);
  }
  return finish();
}

interface Candidate {
  readonly row: ProductRow;
  readonly item: IssuanceItem;
}

type Settle = (row: ProductRow, result: RowResult) => void;

/** The rows that fit the schema, each product once. */
function selectCandidates(
  rows: readonly ProductRow[],
  { owner }: IssueRowsOptions,
  settle: Settle,
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

async function keepIssuable(
  client: IssuingClient,
  candidates: readonly Candidate[],
  settle: Settle,
): Promise<readonly Candidate[]> {
  const checked = await client.checkIssuances({ items: candidates.map(({ item }) => item) });
  return candidates.filter((candidate, index) => {
    const verdict = checked[index];
    if (verdict?.status === "refused") settle(candidate.row, resultOfError(verdict.error));
    return verdict?.status === "issuable";
  });
}

async function issueBatch(client: IssuingClient, batch: readonly Candidate[], settle: Settle): Promise<void> {
  try {
    const prepared = await client.issuePassports({ items: batch.map(({ item }) => item) });
    const { result, transactionHash } = await prepared.send();
    for (const [index, { passport }] of result.entries()) {
      const candidate = batch[index];
      if (candidate !== undefined) settle(candidate.row, { status: "issued", passport, transactionHash });
    }
  } catch (error) {
    if (!isPassportError(error) || isInterruption(error)) throw error;
    const { refused, further } = divideRefused(batch, error);
    for (const { row } of refused) settle(row, resultOfError(error));
    for (const part of further) await issueBatch(client, part, settle);
  }
}

/** All or none of a batch is issued: a refused one is halved until the row that is to blame stands alone. */
function divideRefused(
  batch: readonly Candidate[],
  error: PassportError,
): { readonly refused: readonly Candidate[]; readonly further: readonly (readonly Candidate[])[] } {
  if (isPassportError(error, "contract.manufacturer-manager-limit-exceeded")) {
    const available = Number(error.details.available);
    return { refused: batch.slice(available), further: available > 0 ? [batch.slice(0, available)] : [] };
  }
  if (batch.length === 1) return { refused: batch, further: [] };
  const half = Math.ceil(batch.length / 2);
  return { refused: [], further: [batch.slice(0, half), batch.slice(half)] };
}

const STORE_LIES: ReadonlySet<string> = new Set(["document.digest-mismatch", "document.not-found"]);

function resultOfError(failure: PassportError): RowResult {
  // The SDK says "item 1 of 1: ..." of what it refuses itself.
  const error =
    isPassportError(failure, "issuing.item-refused") && isPassportError(failure.cause) ? failure.cause : failure;
  if (isPassportError(error, "contract.passport-registry-product-registered")) {
    return { status: "registered", passport: String(error.details.passport) };
  }
  return { status: "refused", problems: [{ field: fieldOf(error), reason: error.message }] };
}

function fieldOf(error: PassportError): string {
  if (error.code.startsWith("identifier.")) return "productId";
  if (error.code.startsWith("document.")) return "data";
  return isPassportError(error, "input.invalid") ? String(error.details.field) : "row";
}

/** What would stop every other row as well: also a store that does not give back what it was given. */
function isInterruption(error: unknown): error is PassportError {
  if (!isPassportError(error)) return false;
  return /^(chain|store|signer)\./.test(error.code) || STORE_LIES.has(error.code);
}

function nameRow({ line, fields }: ProductRow): { readonly line: number; readonly productId: string } {
  return { line, productId: typeof fields["productId"] === "string" ? fields["productId"] : "" };
}

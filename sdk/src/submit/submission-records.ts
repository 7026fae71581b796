import * as z from "zod";
import { PassportError } from "../errors/passport-error.js";
import { addressSchema, type Bytes32, bytes32Schema, hexSchema } from "../primitives/hex.js";
import { describeIssues } from "../primitives/parse-input.js";
import type { SignedTransaction } from "./deliver-transaction.js";
import type { Journal } from "./journal.js";

const idsSchema = z.array(z.string()).readonly();

const recordSchema = z.discriminatedUnion("type", [
  /** What the journal is for; the first record. */
  z.object({
    type: z.literal("opened"),
    version: z.literal(1),
    kind: z.string(),
    chainId: z.string(),
    /** Hash of the chain's first block: a local chain that is started again has the same chain id. */
    genesis: bytes32Schema,
  }),
  /** Accepted. */
  z.object({ type: z.literal("item"), id: z.string(), orderedBy: z.string(), payload: z.json() }),
  /** Signed, and perhaps sent. A second one with the same nonce has the same items and other fees. */
  z.object({
    type: z.literal("transaction"),
    sender: addressSchema,
    nonce: z.int().nonnegative(),
    hash: bytes32Schema,
    raw: hexSchema,
    ids: idsSchema,
  }),
  /** Never looked at again: transactions, and items that stand on the chain. */
  z.object({ type: z.literal("final"), hashes: z.array(bytes32Schema).readonly(), ids: idsSchema }),
  /** In quarantine until it is submitted again. */
  z.object({ type: z.literal("refused"), id: z.string(), code: z.string(), message: z.string() }),
]);

/** What a submitter writes into its journal. */
export type SubmissionRecord = z.infer<typeof recordSchema>;
/** A signed transaction. */
export type TransactionRecord = Extract<SubmissionRecord, { readonly type: "transaction" }>;
/** An accepted item. */
export type ItemRecord = Extract<SubmissionRecord, { readonly type: "item" }>;
/** Why an item is in quarantine. */
export type RefusedRecord = Extract<SubmissionRecord, { readonly type: "refused" }>;

/** What is not done yet, as the journal tells it. */
export interface UnfinishedWork {
  /** Accepted items that are neither final nor in quarantine, in the order in which they were accepted. */
  readonly items: ReadonlyMap<string, ItemRecord>;
  /** Transactions that are not final, in the order in which they were signed. */
  readonly transactions: ReadonlyMap<string, TransactionRecord>;
  /** Ids of the items in quarantine. */
  readonly refused: ReadonlySet<string>;
}

/** Whose journal it has to be. */
export interface JournalOwner {
  /** Name of the kind of items. */
  readonly kind: string;
  readonly chainId: bigint;
  /** Hash of the chain's first block. */
  readonly genesis: Bytes32;
}

/**
 * Reads the records of a submitter.
 *
 * @param journal - of a submitter
 * @returns each record, the oldest first
 * @throws PassportError `journal.damaged`, `journal.unusable`
 */
export async function* readRecords(journal: Journal): AsyncGenerator<SubmissionRecord> {
  for await (const value of journal.read()) yield parseRecord(value, journal);
}

/**
 * Reads a journal from its beginning. A new one is marked as its owner's.
 *
 * @param journal - new, or of the same owner
 * @param owner - kind of items and chain
 * @returns what is to be done
 * @throws PassportError `journal.foreign`, `journal.damaged`, `journal.unusable`
 */
export async function readUnfinishedWork(journal: Journal, owner: JournalOwner): Promise<UnfinishedWork> {
  const items = new Map<string, ItemRecord>();
  const transactions = new Map<string, TransactionRecord>();
  const refused = new Set<string>();
  let isNew = true;
  for await (const record of readRecords(journal)) {
    isNew = false;
    switch (record.type) {
      case "opened":
        requireOwner(record, owner, journal);
        break;
      case "item":
        refused.delete(record.id);
        items.set(record.id, record);
        break;
      case "transaction":
        transactions.set(record.hash, record);
        break;
      case "final":
        for (const hash of record.hashes) transactions.delete(hash);
        for (const id of record.ids) items.delete(id);
        break;
      case "refused":
        items.delete(record.id);
        refused.add(record.id);
    }
  }
  if (isNew) await journal.append([openedBy(owner)]);
  return { items, transactions, refused };
}

/**
 * Reads transactions and their items once more.
 *
 * @param journal - of a submitter
 * @param hashes - of transactions that are not final
 * @returns the transactions in the order in which they were signed, and all items by id
 * @throws PassportError `journal.damaged`, `journal.unusable`
 */
export async function readAgain(
  journal: Journal,
  hashes: readonly string[],
): Promise<{ readonly transactions: readonly TransactionRecord[]; readonly items: ReadonlyMap<string, ItemRecord> }> {
  const wanted = new Set(hashes);
  const transactions: TransactionRecord[] = [];
  const items = new Map<string, ItemRecord>();
  for await (const record of readRecords(journal)) {
    if (record.type === "transaction" && wanted.has(record.hash)) transactions.push(record);
    if (record.type === "item") items.set(record.id, record);
  }
  return { transactions, items };
}

/** A nonce, what was signed for it, and for which items. */
export interface SignedItems {
  readonly transaction: SignedTransaction;
  readonly ids: readonly string[];
}

/**
 * Joins what was signed for the same nonce; what was signed last is what is sent.
 *
 * @param records - of one sender, in the order in which they were signed
 * @returns each nonce once, in their order
 */
export function joinCandidates(records: readonly TransactionRecord[]): readonly SignedItems[] {
  const byNonce = new Map<number, SignedItems>();
  for (const { sender, nonce, hash, raw, ids } of records) {
    const hashes = [...(byNonce.get(nonce)?.transaction.hashes ?? []), hash];
    byNonce.set(nonce, { transaction: { sender, nonce, raw, hashes }, ids });
  }
  return [...byNonce.values()].sort((left, right) => left.transaction.nonce - right.transaction.nonce);
}

function parseRecord(value: unknown, { name }: Journal): SubmissionRecord {
  const parsed = recordSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problem = `it is no record of a submitter: ${describeIssues(parsed.error.issues)}`;
  throw new PassportError("journal.damaged", { journal: name, line: "?", problem });
}

function openedBy({ kind, chainId, genesis }: JournalOwner): SubmissionRecord {
  return { type: "opened", version: 1, kind, chainId: String(chainId), genesis };
}

function requireOwner(opened: SubmissionRecord, owner: JournalOwner, { name }: Journal): void {
  const expected = openedBy(owner);
  if (JSON.stringify(opened) === JSON.stringify(expected)) return;
  throw new PassportError("journal.foreign", { journal: name, actual: opened, expected });
}

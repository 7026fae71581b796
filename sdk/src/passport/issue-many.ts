import type { Signer } from "ethers";
import { isPassportError, type PassportError } from "../errors/passport-error.js";
import { type Address, type Bytes32, parseAddress } from "../primitives/hex.js";
import type { Journal } from "../submit/journal.js";
import { type Intake, type Outcome, submitAll } from "../submit/submit-all.js";
import { comesTwice, createIssuanceCheck, type IssuanceItem } from "./check-issuances.js";
import { requireSigner, type WritingContext } from "./context.js";
import { contentOf } from "./document-source.js";
import { type Issuance, issuanceKind } from "./issuance-kind.js";
import type { IssuedPassport } from "./prepare-issuing.js";

/** What became of a passport to issue. */
export type IssuanceOutcome = {
  /** Place in the items, from 0. */
  readonly position: number;
  readonly productId: string;
} & (
  | { readonly status: "issued"; readonly passport: Address; readonly transactionHash: Bytes32 }
  /** It had its passport before. */
  | { readonly status: "registered"; readonly passport: Address }
  | { readonly status: "refused"; readonly error: PassportError }
);

/** How many became what. */
export type IssuanceCounts = Readonly<Record<IssuanceOutcome["status"], number>>;

/** How work of any size is submitted. */
export interface SubmitManyOptions<ItemOutcome, Counts> {
  /** Where what has been accepted is kept, so that the work goes on after a crash; of its own for this kind of work. */
  readonly journal: Journal;
  /** One lane of transactions each; the context's signer if left out. Nobody else may send with them meanwhile. */
  readonly signers?: readonly [Signer, ...Signer[]] | undefined;
  /** Told about each item as soon as it is sequenced or refused, in any order. */
  readonly onProgress?: ((outcome: ItemOutcome, counts: Counts) => void | Promise<void>) | undefined;
  /** Told what is being waited out, such as a node that does not answer. */
  readonly onProblem?: ((error: unknown) => void) | undefined;
  /** How long one request may fail before the work is given up, in milliseconds; ten minutes if left out. */
  readonly patienceMilliseconds?: number | undefined;
  /** Time between two looks for reorganisations and finality, in milliseconds; 2,000 if left out. */
  readonly confirmMilliseconds?: number | undefined;
  /** How far a node behind a load balancer may be behind the others, in milliseconds; 2,000 if left out. */
  readonly settlingMilliseconds?: number | undefined;
  /** What to wait for at the end: `sequenced` if left out; `finalized` takes some 20 minutes on Arbitrum. */
  readonly level?: "sequenced" | "finalized" | undefined;
}

/** What is issued, and how. */
export interface IssueManyOptions extends SubmitManyOptions<IssuanceOutcome, IssuanceCounts> {
  /** Read only as fast as they are issued. */
  readonly items: AsyncIterable<IssuanceItem> | Iterable<IssuanceItem>;
}

/**
 * Issues passports, as many as come, many in one transaction and several transactions at a time. Bad items are reported
 * and left out; outages are waited out. After a crash, the same call with the same journal goes on: what was accepted is
 * finished with the documents that were made for it, and what has a passport is left alone.
 *
 * @param context - what writing actions work on, with a manager and a store; the signers are issuers
 * @param options - items, journal, signers, progress
 * @returns how many were issued, had a passport before, and were refused
 * @throws PassportError `journal.*`, `submission.*`, `input.invalid`, and `chain.*` or `store.*` after the patience
 *
 * @example
 * ```ts
 * const journal = await createFileJournal("issuing.journal");
 * const counts = await issueMany(context, { items: readRows("motors.csv"), journal });
 * console.log(`${counts.issued} issued`);
 * await journal.close();
 * ```
 */
export async function issueMany(context: WritingContext, options: IssueManyOptions): Promise<IssuanceCounts> {
  const kind = issuanceKind(context);
  const signers = options.signers ?? [requireSigner(context, { action: "issue passports" })];
  // Made when the first item comes: what asks the chain belongs where outages are waited out.
  let check: ReturnType<typeof createIssuanceCheck> | undefined;
  const counts = { issued: 0, registered: 0, refused: 0 };

  const takeIn = async (item: IssuanceItem): Promise<Intake<Issuance, IssuedPassport>> => {
    check ??= createIssuanceCheck(context).catch((error: unknown) => {
      check = undefined;
      throw error;
    });
    const checked = await (await check)(item);
    if (checked.status === "refused") return { status: "refused", id: checked.productId, error: checked.error };
    const { productId, owner, document } = checked;
    const content = contentOf(document);
    const payload = { productId, owner, document: document.digest, ...(content === undefined ? {} : { content }) };
    return { status: "accepted", item: { id: productId, orderedBy: productId, payload } };
  };
  await submitAll(context, {
    ...options,
    signers,
    kind,
    takeIn,
    comesTwice,
    sources: options.items,
    onOutcome: async (outcome) => {
      const result = issuanceOutcome(outcome);
      counts[result.status] += 1;
      await options.onProgress?.(result, { ...counts });
    },
  });
  return counts;
}

function issuanceOutcome(outcome: Outcome<IssuedPassport>): IssuanceOutcome {
  const { position, id: productId } = outcome;
  if (outcome.status === "recorded") {
    const { result, transactionHash } = outcome;
    return { position, productId, status: "issued", passport: result.passport, transactionHash };
  }
  const { error } = outcome;
  if (!isPassportError(error, "contract.passport-registry-product-registered")) {
    return { position, productId, status: "refused", error };
  }
  return { position, productId, status: "registered", passport: parseAddress(error.details.passport) };
}

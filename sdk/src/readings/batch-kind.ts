import type { Log } from "ethers";
import * as z from "zod";
import { readingsAnchorInterface } from "../chain/contract-interfaces.js";
import type { PassportError } from "../errors/passport-error.js";
import { requireReadingsAnchor, type WritingContext } from "../passport/context.js";
import type { Address, Bytes27 } from "../primitives/hex.js";
import { attesterOfSigner, gatewayHeadAfter } from "../signing/passport-hashing.js";
import type { ItemKind, Recorded } from "../submit/item-kind.js";
import type { Batch } from "./batch.js";
import { decodeAnchored } from "./decode-anchored.js";
import { findBatch } from "./find-batch.js";
import { readGatewayPosition } from "./read-gateway-position.js";
import { batchOf, type SignedBatch, signedBatchSchema, typedDataOfBatch } from "./signed-batch.js";
import { storeBatch } from "./store-batch.js";

/** Most batches of one transaction: with passkeys, whose signatures are the longest, some 40 kilobytes. */
export const MAXIMUM_BATCHES = 32;

/** A batch that is on chain. */
export interface AnchoredBatch {
  readonly batch: Batch;
  /** Head of the gateway's chain after it. */
  readonly head: Bytes27;
  /** Chain time, Unix seconds; undefined if another transaction has anchored it before this one. */
  readonly recordedAt: bigint | undefined;
}

/** What the contract's errors name a batch by. */
const argumentsSchema = z.object({
  arguments: z.object({
    gateway: z.string().optional(),
    sequence: z.bigint().optional(),
    digest: z.string().optional(),
    attester: z.string().optional(),
  }),
});

/**
 * How signed batches become transactions, for `createSubmitter`. The id of an item is the digest that was signed, and items
 * are ordered by their gateway: several batches of one gateway may stand in one transaction, in their order.
 *
 * @param context - what writing actions work on, with the readings anchor; with a store if documents travel along
 * @returns the kind
 * @throws PassportError `input.invalid` without the readings anchor
 *
 * @example
 * ```ts
 * const submitter = await createSubmitter(context, { kind: batchKind(context), journal, signers, onReceipt });
 * const signed = await signBatch(gateway, { created });
 * await submitter.submit(itemOfBatch(signed));
 * ```
 */
export function batchKind(context: WritingContext): ItemKind<SignedBatch, AnchoredBatch> {
  const readingsAnchor = requireReadingsAnchor(context);
  return {
    name: `batches of readings at ${readingsAnchor}`,
    payloadSchema: signedBatchSchema,
    maximumItems: MAXIMUM_BATCHES,
    prepare: (signed) => storeBatch(context, signed),
    encode: (batches) => ({ to: readingsAnchor, data: encodeBatches(batches) }),
    decode: (batches, { logs }) => findAnchored(logs, { readingsAnchor, batches }),
    blame: blameBatch,
    findRecorded: (signed) => findRecorded(context, signed),
  };
}

/**
 * A signed batch as a submitter takes it.
 *
 * @param signed - the signed batch
 * @returns the item, known by the digest that was signed
 */
export function itemOfBatch(signed: SignedBatch) {
  return { id: typedDataOfBatch(signed).digest, orderedBy: signed.message.gateway, payload: signed };
}

/**
 * Encodes the call that anchors batches, all or none, in their order.
 *
 * @param batches - signed ones
 * @returns data of the call
 */
export function encodeBatches(batches: readonly SignedBatch[]): string {
  const items = batches.map((signed) => {
    const { signer, signature } = signed;
    return { batch: batchOf(signed), signer, signature };
  });
  return readingsAnchorInterface.encodeFunctionData("anchorMany", [items]);
}

/**
 * Finds what a transaction of the anchor did with batches. That it went through says that each stands in its gateway's
 * chain: one that stood there before leaves no event behind.
 *
 * @param logs - of its receipt
 * @param options - the contract, and what was submitted
 * @returns the batches in their order
 */
export function findAnchored(
  logs: readonly Log[],
  options: { readonly readingsAnchor: Address; readonly batches: readonly SignedBatch[] },
): readonly AnchoredBatch[] {
  const { readingsAnchor, batches } = options;
  const recorded = logs
    .filter(({ address }) => address === readingsAnchor)
    .flatMap((log) => decodeAnchored(log) ?? [])
    .map((batch) => [contentsOf(batch), batch.recordedAt] as const);
  const times = new Map(recorded);
  return batches.map((signed) => {
    const batch = batchOf(signed);
    return { batch, head: gatewayHeadAfter(batch), recordedAt: times.get(contentsOf(batch)) };
  });
}

/** Two batches with the same contents are the same batch; to hash them would say no more. */
function contentsOf({ gateway, sequence, previousHead, root, count, from, to, document }: Batch): string {
  return [gateway, sequence, previousHead, root, count, from, to, document].join(" ");
}

function blameBatch(refusal: PassportError, batches: readonly SignedBatch[]): number | undefined {
  const named = argumentsSchema.safeParse(refusal.details).data?.arguments;
  if (named === undefined) return undefined;
  const index = batches.findIndex((signed) => {
    const { gateway, sequence } = signed.message;
    if (named.digest !== undefined) return typedDataOfBatch(signed).digest === named.digest;
    // A signer that does not fit its gateway is named without the batch; the first one it came with is to blame.
    if (named.attester !== undefined) return gateway === named.attester && isSignerForeign(signed);
    return gateway === named.gateway && sequence === named.sequence?.toString();
  });
  return index === -1 ? undefined : index;
}

function isSignerForeign({ signer, message }: SignedBatch): boolean {
  return signer.length > 2 && attesterOfSigner(signer) !== message.gateway;
}

/** A batch at its place in the chain is recorded if it is the same one. */
async function findRecorded(
  context: WritingContext,
  signed: SignedBatch,
): Promise<Recorded<AnchoredBatch> | undefined> {
  const batch = batchOf(signed);
  const head = gatewayHeadAfter(batch);
  const { gateway, sequence } = batch;
  if ((await readGatewayPosition(context, { gateway })).sequence < sequence) return undefined;
  const recorded = await findBatch(context, { gateway, sequence });
  if (recorded === undefined || gatewayHeadAfter(recorded) !== head) return undefined;
  const { transactionHash, blockNumber, recordedAt } = recorded;
  return { result: { batch, head, recordedAt }, transactionHash, blockNumber };
}

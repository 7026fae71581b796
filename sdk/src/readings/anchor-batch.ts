import { type PreparedTransaction, prepareTransaction } from "../chain/prepare-transaction.js";
import { PassportError } from "../errors/passport-error.js";
import { requireReadingsAnchor, type WritingContext } from "../passport/context.js";
import { type AnchoredBatch, encodeBatches, findAnchored } from "./batch-kind.js";
import { parseSignedBatch } from "./signed-batch.js";
import { storeBatch } from "./store-batch.js";

/**
 * Prepares the anchoring of a batch that its gateway has signed. What came along is stored once the contract would accept
 * the batch, before anything is sent. The last batch again changes nothing.
 *
 * @param context - what writing actions work on, with the readings anchor; its signer only pays
 * @param options - `signed`: what `signBatch` returned, through whatever it has travelled
 * @returns the prepared transaction; its result is the batch
 * @throws PassportError `input.invalid`, `chain.wrong-chain`, `contract.*`, `document.*`, `store.unreachable`, `chain.*`
 */
export async function anchorBatch(
  context: WritingContext,
  options: { readonly signed: unknown },
): Promise<PreparedTransaction<AnchoredBatch>> {
  const readingsAnchor = requireReadingsAnchor(context);
  const signed = parseSignedBatch(options.signed);
  if (BigInt(signed.chainId) !== context.chainId) {
    throw new PassportError("chain.wrong-chain", { expected: signed.chainId, actual: context.chainId });
  }
  if (signed.readingsAnchor !== readingsAnchor) {
    const problem = `it was signed for the contract ${signed.readingsAnchor}`;
    throw new PassportError("input.invalid", { field: "signed batch", problem, value: readingsAnchor });
  }
  const prepared = prepareTransaction(context, {
    to: readingsAnchor,
    data: encodeBatches([signed]),
    decode: (logs) => {
      const [anchored] = findAnchored(logs, { readingsAnchor, batches: [signed] });
      if (anchored === undefined) throw new RangeError("one batch has one result");
      return anchored;
    },
  });
  if (signed.content !== undefined) await prepared.estimate();
  await storeBatch(context, signed);
  return prepared;
}

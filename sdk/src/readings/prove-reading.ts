import { askNode } from "../chain/ask-node.js";
import { readingsAnchorInterface } from "../chain/contract-interfaces.js";
import { PassportError } from "../errors/passport-error.js";
import { requireReadingsAnchor } from "../passport/context.js";
import { type Address, type Hex, parseHex } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";
import type { BatchDocument } from "./batch-document.js";
import type { RecordedBatch } from "./decode-anchored.js";
import { openBatch, readBatchDocument } from "./read-batch.js";
import { readGatewayChain } from "./read-gateway-chain.js";
import { readingSchema } from "./reading.js";
import { READING_PROOF_FORMAT, type ReadingProof } from "./reading-proof.js";
import type { ReadingsVerificationContext } from "./readings-verification-context.js";

/** Which reading. */
export interface ProveReadingOptions {
  readonly gateway: Address;
  readonly sensor: string;
  readonly sequence: number;
  /** Its time, if it is known, as readings write it: only batches that span it are looked into, instead of all of them. */
  readonly time?: string | undefined;
}

/**
 * Makes a file that proves one reading: the reading, the hashes that lead to the root of its batch, and the batch with its
 * gateway's signature.
 *
 * @param context - `provider`, `chainId`, `readingsAnchor`, `store`
 * @param options - gateway, sensor, and the reading's number
 * @returns the proof, plain JSON
 * @throws PassportError `reading.not-found`, also where a batch that may have it cannot be read, with why as `problem`;
 *   `input.invalid`, `chain.*`
 *
 * @example
 * ```ts
 * const proof = await proveReading(context, { gateway, sensor: "bearing-de", sequence: 4711 });
 * await writeFile("reading.json", JSON.stringify(proof));
 * ```
 */
export async function proveReading(
  context: ReadingsVerificationContext,
  options: ProveReadingOptions,
): Promise<ReadingProof> {
  const { gateway, sensor, sequence } = options;
  const { chainId, registry } = context;
  const time = parseInput(readingSchema.shape.time.optional(), options.time, { field: "time" });
  const readingsAnchor = requireReadingsAnchor(context);
  const { batches } = await readGatewayChain(context, { gateway });
  let problem = "no batch of the gateway has it";
  for (const recorded of batchesThen(batches, time).toReversed()) {
    const described = await readBatchDocument(context, { batch: recorded });
    // A document that says so wrongly makes its batch invalid: nothing in it can be proven anyway.
    if (described.status === "valid" && !mayHave(described.document, options)) continue;
    const content = described.status === "valid" ? await openBatch(context, described) : described;
    if (content.status !== "valid") {
      problem = `the batch ${recorded.sequence} could not be read: ${content.problem}`;
      continue;
    }
    const index = content.readings.findIndex((reading) => reading.sensor === sensor && reading.sequence === sequence);
    const reading = content.readings[index];
    if (reading === undefined) continue;
    return {
      schema: READING_PROOF_FORMAT,
      chainId: `${chainId}`,
      readingsAnchor,
      ...(registry === undefined ? {} : { registry }),
      reading,
      proof: [...content.tree.proofOf(index)],
      batch: messageOf(recorded),
      ...(await readSignature(context, recorded)),
    };
  }
  throw new PassportError("reading.not-found", { gateway, sensor, sequence, problem });
}

/** Of a batch that spans another time than its readings, nothing can be proven anyway. */
function batchesThen(batches: readonly RecordedBatch[], time: string | undefined): readonly RecordedBatch[] {
  if (time === undefined) return batches;
  const moment = BigInt(Math.floor(Date.parse(time) / 1_000));
  return batches.filter(({ from, to }) => from <= moment && moment <= to);
}

function mayHave({ series }: BatchDocument, { sensor, sequence }: ProveReadingOptions): boolean {
  return series.some(
    (each) => each.sensor === sensor && each.firstSequence <= sequence && sequence <= each.lastSequence,
  );
}

function messageOf(recorded: RecordedBatch): ReadingProof["batch"] {
  const { gateway, sequence, previousHead, root, count, from, to, document } = recorded;
  return {
    gateway,
    sequence: `${sequence}`,
    previousHead,
    root,
    count: `${count}`,
    from: `${from}`,
    to: `${to}`,
    document,
  };
}

/** A batch in a call of the contract. */
type SignedItem = readonly [{ readonly gateway: string; readonly sequence: bigint }, signer: string, signature: string];

/**
 * The chain keeps the signature in the call only. In a call to another contract it may be anything, and whoever pays may
 * encode a call so that the anchor takes it and no decoder does: the batch is proven without the signature then.
 */
async function readSignature(
  context: ReadingsVerificationContext,
  { transactionHash, gateway, sequence }: RecordedBatch,
): Promise<{ readonly signer?: Hex; readonly signature?: Hex }> {
  const { provider, readingsAnchor } = context;
  const transaction = await askNode(provider, () => provider.getTransaction(transactionHash));
  if (transaction === null || transaction.to !== readingsAnchor) return {};
  try {
    const call = readingsAnchorInterface.parseTransaction(transaction);
    const items: readonly unknown[] = call?.name === "anchorMany" ? [...call.args[0]] : [call?.args];
    for (const item of items) {
      // Safety: ethers decodes a call by the ABI, whose two functions have these three, in this order.
      const [batch, signer, signature] = item as SignedItem;
      if (batch.gateway === gateway && batch.sequence === sequence) {
        return { signer: parseHex(signer), signature: parseHex(signature) };
      }
    }
  } catch {
    // Whatever ethers cannot decode is only found out where it is looked at.
  }
  return {};
}

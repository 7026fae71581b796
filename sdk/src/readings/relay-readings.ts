import { parseJson } from "../document/parse-json.js";
import { requireReadingsAnchor, type WritingContext } from "../passport/context.js";
import type { Attester } from "../signing/attester.js";
import { gatewayHeadAfter } from "../signing/passport-hashing.js";
import { createSubmitter, type SubmitterOptions } from "../submit/create-submitter.js";
import type { ItemKind, Recorded } from "../submit/item-kind.js";
import { type AnchoredBatch, batchKind, itemOfBatch } from "./batch-kind.js";
import { createBatch } from "./create-batch.js";
import { type BatchingOptions, inBatches } from "./in-batches.js";
import { type GatewayState, readGatewayPosition } from "./read-gateway-position.js";
import { parseReading, type Reading } from "./reading.js";
import { type SignedBatch, signBatch } from "./signed-batch.js";

/** A batch of relayed readings that is on chain. */
export interface RelayedBatch extends AnchoredBatch, Omit<Recorded<unknown>, "result"> {
  readonly signed: SignedBatch;
}

/** Which readings, in whose name, and where the work is written down. */
export interface RelayReadingsOptions
  extends BatchingOptions,
    Omit<SubmitterOptions<SignedBatch, AnchoredBatch>, "kind" | "onReceipt"> {
  /** JSON of readings, read only as fast as they are anchored; nothing is read before what an earlier call left is done. */
  readonly readings: AsyncIterable<unknown>;
  /** Who signs the batches; nobody else may sign with this key meanwhile. */
  readonly gateway: Attester;
  /**
   * Told of each batch once it is on chain, at least once: after a crash or a reorganisation again. Readings count as
   * taken over only then.
   */
  readonly onAnchored: (batch: RelayedBatch) => void | Promise<void>;
  /** What to wait for at the end; `sequenced` if left out. */
  readonly level?: "sequenced" | "finalized" | undefined;
}

/**
 * Brings readings on chain: collects them into batches, makes their trees and documents, signs, stores and anchors them,
 * each once. With a journal in a file the same call goes on after a crash: batches that were written down are finished
 * first, and told; readings that were in one of those are passed over when the source yields them again.
 *
 * @param context - what writing actions work on, with the readings anchor and a store
 * @param options - readings, gateway, journal and the accounts that pay
 * @throws PassportError `input.invalid` naming a reading that is none, and what `createSubmitter` and its submitter throw; a
 *   batch that the contract refuses ends the call, for none after it could be anchored
 *
 * @example
 * ```ts
 * const journal = await createFileJournal("readings.journal");
 * await relayReadings(context, { readings, gateway, journal, signers: [wallet], onAnchored: ({ batch }) => {
 *   console.log(`batch ${batch.sequence} with ${batch.count} readings is anchored`);
 * } });
 * ```
 */
export async function relayReadings(context: WritingContext, options: RelayReadingsOptions): Promise<void> {
  const { gateway, readings, onAnchored, level, ...submission } = options;
  const { chainId } = context;
  const readingsAnchor = requireReadingsAnchor(context);
  const finished = new Set<string>();
  let [isRecovering, lastFinished]: [boolean, GatewayState | undefined] = [true, undefined];

  const submitter = await createSubmitter(context, {
    ...submission,
    kind: withSigned(batchKind(context)),
    onReceipt: async (receipt) => {
      // A batch that is refused takes all after it along: the submitter ends, and with it the call.
      if (receipt.status === "refused") throw receipt.error;
      if (receipt.status !== "sequenced") return;
      const { result, transactionHash, blockNumber } = receipt;
      if (isRecovering) {
        for (const reading of readingsOf(result.signed)) finished.add(nameOf(reading));
        if (result.batch.gateway === gateway.address) lastFinished = { ...result.batch, head: result.head };
      }
      await onAnchored({ ...result, transactionHash, blockNumber });
    },
  });
  try {
    await submitter.flush();
    isRecovering = false;
    let position = laterOf(await readGatewayPosition(context, { gateway: gateway.address }), lastFinished);
    for await (const batch of inBatches(unfinishedOf(readings, finished), options)) {
      const created = await createBatch(batch, {
        chainId,
        readingsAnchor,
        gateway: gateway.address,
        sequence: position.sequence + 1n,
        previousHead: position.head,
        randomBytes: context.randomBytes,
      });
      await submitter.submit(itemOfBatch(await signBatch(gateway, { created })));
      position = { sequence: created.batch.sequence, head: gatewayHeadAfter(created.batch) };
    }
    await submitter.flush(level);
  } finally {
    await submitter.close();
  }
}

/** The submitter hands back what it was given, so that whoever is told knows which readings are on chain. */
function withSigned(
  kind: ItemKind<SignedBatch, AnchoredBatch>,
): ItemKind<SignedBatch, AnchoredBatch & { readonly signed: SignedBatch }> {
  return {
    ...kind,
    decode: (batches, receipt) => addSigned(kind.decode(batches, receipt), batches),
    findRecorded: async (signed) => {
      const recorded = await kind.findRecorded(signed);
      return recorded && { ...recorded, result: { ...recorded.result, signed } };
    },
  };
}

function addSigned(results: readonly AnchoredBatch[], batches: readonly SignedBatch[]) {
  return batches.flatMap((signed, index) => {
    const result = results[index];
    return result === undefined ? [] : [{ ...result, signed }];
  });
}

function readingsOf({ readings = "" }: SignedBatch): readonly Reading[] {
  return readings
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => parseReading(parseJson(line)));
}

async function* unfinishedOf(
  readings: AsyncIterable<unknown>,
  finished: ReadonlySet<string>,
): AsyncGenerator<Reading, void> {
  for await (const value of readings) {
    const reading = parseReading(value);
    if (!finished.has(nameOf(reading))) yield reading;
  }
}

function nameOf({ sensor, sequence }: Reading): string {
  return `${sensor} ${sequence}`;
}

/** A node behind a load balancer may not have seen yet what another one has confirmed. */
function laterOf(read: GatewayState, finished: GatewayState | undefined): GatewayState {
  return finished !== undefined && finished.sequence > read.sequence ? finished : read;
}

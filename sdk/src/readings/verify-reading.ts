import { requireReadingsAnchor } from "../passport/context.js";
import { hexSchema } from "../primitives/hex.js";
import { checkSignature } from "../signing/check-signature.js";
import { gatewayHeadAfter } from "../signing/passport-hashing.js";
import { batchTypedData } from "../signing/typed-data.js";
import { gather } from "../verify/gather.js";
import { timeInWords } from "../verify/in-words.js";
import { type Gathered, type Verdict, verdictOf, verdictOnMissing } from "../verify/verdict.js";
import { agreedContext } from "./agreed-context.js";
import type { Batch } from "./batch.js";
import { judgePairing } from "./judge-pairing.js";
import { type GatewayChain, readGatewayChain } from "./read-gateway-chain.js";
import { readPairings } from "./read-pairings.js";
import type { Reading } from "./reading.js";
import { leafOfReading } from "./reading-bytes.js";
import { parseReadingProof, type ReadingProof } from "./reading-proof.js";
import { isLeafOf } from "./reading-tree.js";
import type { ReadingsVerificationContext } from "./readings-verification-context.js";
import { batchOf } from "./signed-batch.js";

/** How far a gateway's clock may be ahead of the chain's, in seconds. */
const CLOCK_SKEW_SECONDS = 600n;

/** What is known of a reading, question by question. */
export interface ReadingVerdicts {
  /** It stands in the batch, byte for byte. */
  readonly reading: Verdict;
  /** The gateway has signed the batch. */
  readonly signature: Verdict;
  /** The batch is on chain, in its place. */
  readonly anchoring: Verdict;
  /** The gateway measured this product with this sensor then. */
  readonly pairing: Verdict;
}

/** A reading, and what is known of it. */
export interface VerifiedReading {
  readonly reading: Reading;
  readonly batch: Batch;
  readonly verdicts: ReadingVerdicts;
}

/** Against what a proof is held. */
export interface VerifyReadingOptions {
  /**
   * Chain and contracts that the caller relies on; with `witnesses`, what more than half of the nodes say alike. Without
   * one, the proof is only held against itself.
   */
  readonly context?: ReadingsVerificationContext | undefined;
}

/**
 * Verifies one reading. Offline, a proof shows that the gateway signed a batch in which the reading stands; that the batch
 * is in the gateway's chain, and that the reading counts for its product, only the chain shows.
 *
 * @param proof - what `proveReading` returned, through whatever it has travelled
 * @param options - the chain to hold it against
 * @returns a verdict on each question; what could not be asked is unknown, never a forgery
 * @throws PassportError `input.invalid` for a file that is no proof
 */
export async function verifyReading(proof: unknown, options: VerifyReadingOptions = {}): Promise<VerifiedReading> {
  const parsed = parseReadingProof(proof);
  const { batch: message, reading } = parsed;
  const batch = batchOf({ message });
  const offline = { reading: judgeInclusion(parsed, batch), signature: judgeSignature(parsed, batch) };
  const { anchoring, pairing } = await judgeOnChain(parsed, { batch, context: options.context });
  // Of a reading that does not stand in the batch, the pairing of the batch says nothing.
  const isIncluded = offline.reading.status === "valid";
  const premise = verdictOf("premise.failed", { problem: offline.reading.reason });
  return { reading, batch, verdicts: { ...offline, anchoring, pairing: isIncluded ? pairing : premise } };
}

const NO_KEY = hexSchema.parse("0x");

function judgeInclusion({ reading, proof }: ReadingProof, batch: Batch): Verdict {
  const { gateway, sequence, root, from, to } = batch;
  if (!isLeafOf(root, { leaf: leafOfReading(reading), proof })) {
    return verdictOf("reading.not-included", { gateway, sequence });
  }
  const time = BigInt(Math.floor(Date.parse(reading.time) / 1_000));
  if (time < from || time > to) return verdictOf("reading.outside-window", { sequence, time: reading.time });
  return verdictOf("reading.included", { gateway, sequence });
}

function judgeSignature({ chainId, readingsAnchor, signer, signature }: ReadingProof, batch: Batch): Verdict {
  if (signature === undefined) return verdictOf("reading.no-signature", {});
  const { gateway, sequence } = batch;
  const { digest } = batchTypedData({ chainId: BigInt(chainId), readingsAnchor, ...batch });
  const status = checkSignature({ attester: gateway, signer: signer ?? NO_KEY, digest, signature });
  if (status === "right") return verdictOf("reading.signed", { gateway, sequence });
  return verdictOf(status === "wrong" ? "reading.not-signed" : "reading.signature-unknown", { gateway, sequence });
}

async function judgeOnChain(
  proof: ReadingProof,
  { batch, context }: { readonly batch: Batch; readonly context: ReadingsVerificationContext | undefined },
): Promise<Pick<ReadingVerdicts, "anchoring" | "pairing">> {
  if (context === undefined) {
    const nobody = verdictOf("reading.chain-not-asked", {});
    return { anchoring: nobody, pairing: nobody };
  }
  const readingsAnchor = requireReadingsAnchor(context);
  if (BigInt(proof.chainId) !== context.chainId || proof.readingsAnchor !== readingsAnchor) {
    const actual = `${proof.readingsAnchor} on chain ${proof.chainId}`;
    const foreign = verdictOf("reading.other-chain", {
      actual,
      expected: `${readingsAnchor} on chain ${context.chainId}`,
    });
    return { anchoring: foreign, pairing: foreign };
  }
  const chain = await gather(() => readGatewayChain(agreedContext(context), { gateway: batch.gateway }));
  const anchoring = judgeAnchoring(batch, chain);
  const recorded = chain.status === "gathered" ? chain.value.batches[Number(batch.sequence) - 1] : undefined;
  if (anchoring.status !== "valid" || chain.status === "missing" || recorded === undefined) {
    return { anchoring, pairing: verdictOf("premise.failed", { problem: anchoring.reason }) };
  }
  const pairings = await gather(() => readPairings(context, { passport: proof.reading.product }));
  if (pairings.status === "missing") return { anchoring, pairing: verdictOnMissing(pairings) };
  const { chainId } = context;
  const pairing = judgePairing(proof.reading, {
    pairings: pairings.value,
    chain: chain.value,
    batch: recorded,
    chainId,
    readingsAnchor,
  });
  return { anchoring, pairing };
}

function judgeAnchoring(batch: Batch, chain: Gathered<GatewayChain>): Verdict {
  if (chain.status === "missing") return verdictOnMissing(chain);
  const { gateway, sequence, to } = batch;
  const { batches } = chain.value;
  const recorded = batches[Number(sequence) - 1];
  if (recorded === undefined || gatewayHeadAfter(recorded) !== gatewayHeadAfter(batch)) {
    return verdictOf("reading.not-anchored", { gateway, sequence, count: BigInt(batches.length) });
  }
  const time = timeInWords(recorded.recordedAt);
  if (to > recorded.recordedAt + CLOCK_SKEW_SECONDS) {
    return verdictOf("reading.ahead-of-time", { sequence, to: timeInWords(to), time });
  }
  return verdictOf("reading.anchored", { gateway, sequence, time });
}

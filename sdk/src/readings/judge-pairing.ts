import type { Address } from "../primitives/hex.js";
import { gatewayHeadAfter, initialGatewayHead } from "../signing/passport-hashing.js";
import { timeInWords } from "../verify/in-words.js";
import { type Verdict, verdictOf, verdictOnMissing } from "../verify/verdict.js";
import type { RecordedBatch } from "./decode-anchored.js";
import type { Pairing } from "./pairings-of.js";
import type { GatewayChain } from "./read-gateway-chain.js";
import type { VerifiedPairings } from "./read-pairings.js";
import type { Reading } from "./reading.js";
import { isReadingSigned } from "./sign-reading.js";

/** Against what a reading's claim to be of a product is held. */
export interface JudgePairingOptions {
  readonly pairings: VerifiedPairings;
  /** The gateway's, verified. */
  readonly chain: GatewayChain;
  readonly batch: RecordedBatch;
  readonly chainId: bigint;
  readonly readingsAnchor: Address;
}

/**
 * Judges whether a reading counts for a product: its batch lies between the gateway's pairing and its end, both of which lie
 * on the gateway's chain, its sensor is listed with this quantity, and has signed if it has a key.
 *
 * @param reading - that was proven to be in the batch
 * @param options - the product's pairings, the gateway's chain, and the batch
 * @returns the verdict
 */
export function judgePairing(reading: Reading, options: JudgePairingOptions): Verdict {
  const { pairings, batch } = options;
  const { gateway, sequence } = batch;
  const { product, sensor } = reading;
  const refuse = (problem: string): Verdict => verdictOf("reading.not-paired", { gateway, sequence, product, problem });
  if (product !== pairings.productId) return refuse(`the passport is of ${pairings.productId}.`);
  if (pairings.status !== "valid") {
    const problem = "its passport could not be verified.";
    return pairings.status === "invalid"
      ? refuse(problem)
      : verdictOnMissing({ status: "missing", code: "passport.not-found", problem });
  }
  const standing = pairings.standings.get(gateway);
  if (standing?.status === "missing") return verdictOnMissing(standing);
  const { revokedAt, compromisedSince } = standing?.value ?? {};
  if (revokedAt !== undefined && batch.recordedAt >= revokedAt) {
    return refuse(`the gateway was revoked at ${timeInWords(revokedAt)}.`);
  }
  const problem = problemOf(reading, options);
  if (problem !== undefined) return refuse(problem);
  if (compromisedSince !== undefined && batch.recordedAt >= compromisedSince) {
    return verdictOf("reading.pairing-disputed", { gateway, sequence, time: timeInWords(compromisedSince) });
  }
  return verdictOf("reading.paired", { gateway, sequence, product, sensor });
}

/** Why a reading does not belong to the product; undefined if it does. */
function problemOf(reading: Reading, options: JudgePairingOptions): string | undefined {
  const { pairings, batch, readingsAnchor } = options;
  const windows = pairings.pairings.filter(
    (pairing) => pairing.gateway === batch.gateway && pairing.readingsAnchor === readingsAnchor,
  );
  if (windows.length === 0) return "the passport says nothing of this gateway.";
  const window = windows.find((pairing) => isWithin(pairing, batch.sequence));
  if (window === undefined) return "the gateway was not attached then.";
  if (!isOnChain(window, options)) return "the pairing names a head that the gateway's chain never had.";
  const sensor = window.sensors.find(({ id }) => id === reading.sensor);
  if (sensor === undefined) return `the sensor ${reading.sensor} is not one of those that the pairing lists.`;
  if (sensor.quantity !== reading.quantity)
    return `the sensor ${reading.sensor} measures ${sensor.quantity}, not ${reading.quantity}.`;
  const { publicKey } = sensor;
  if (publicKey !== undefined && !isReadingSigned(reading, { publicKey }))
    return "the sensor has not signed the reading.";
  return undefined;
}

function isWithin({ start, end }: Pairing, sequence: bigint): boolean {
  return start.batchSequence < sequence && (end === undefined || sequence <= end.batchSequence);
}

/** Both ends of a pairing name a head: where it is none of the gateway's, somebody has dated it as he liked. */
function isOnChain({ start, end }: Pairing, { chain, chainId, readingsAnchor }: JudgePairingOptions): boolean {
  const { gateway } = chain;
  const headAt = (sequence: bigint) => {
    const batch = sequence === 0n ? undefined : chain.batches[Number(sequence) - 1];
    if (sequence === 0n) return initialGatewayHead({ chainId, readingsAnchor, gateway });
    return batch && gatewayHeadAfter(batch);
  };
  return [start, ...(end === undefined ? [] : [end])].every(
    ({ batchSequence, batchHead }) => headAt(batchSequence) === batchHead,
  );
}

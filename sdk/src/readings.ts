export {
  type Quantity,
  type QuantityDescription,
  quantities,
} from "./document/schemas/quantity.js";
export { anchorBatch } from "./readings/anchor-batch.js";
export type { Batch } from "./readings/batch.js";
export {
  type BatchDocument,
  batchDocumentJsonSchema,
  MAXIMUM_READINGS,
  MAXIMUM_SERIES,
} from "./readings/batch-document.js";
export { type AnchoredBatch, batchKind, itemOfBatch, MAXIMUM_BATCHES } from "./readings/batch-kind.js";
export {
  type BatchPosition,
  type CreateBatchOptions,
  type CreatedBatch,
  createBatch,
} from "./readings/create-batch.js";
export { billionthsOf, decimalOf, divideHalfToEven } from "./readings/decimals.js";
export type { RecordedBatch } from "./readings/decode-anchored.js";
export type { BatchingOptions } from "./readings/in-batches.js";
export { isPlausible } from "./readings/is-plausible.js";
export { type PairedSensor, type Pairing, type PairingEnd, type Pairings, pairingsOf } from "./readings/pairings-of.js";
export { type ProveReadingOptions, proveReading } from "./readings/prove-reading.js";
export { type BatchContent, type OpenedBatch, readBatch } from "./readings/read-batch.js";
export { type GatewayChain, type ReadGatewayChainOptions, readGatewayChain } from "./readings/read-gateway-chain.js";
export {
  type GatewayState,
  type ReadGatewayPositionOptions,
  readGatewayPosition,
} from "./readings/read-gateway-position.js";
export {
  type GatewayStanding,
  readPairings,
  type VerifiedPairings,
} from "./readings/read-pairings.js";
export {
  type CountedReading,
  type ProductBatch,
  type ProductReadings,
  type ReadReadingsOptions,
  readReadings,
} from "./readings/read-readings.js";
export {
  parseReading,
  type Reading,
  readingJsonSchema,
  readingSchema,
  type UnsignedReading,
} from "./readings/reading.js";
export { type Keccak256, leafOfReading, readingBytes } from "./readings/reading-bytes.js";
export type { ReadingGap } from "./readings/reading-numbers.js";
export { parseReadingProof, type ReadingProof } from "./readings/reading-proof.js";
export { isLeafOf, type ReadingTree, readingTree } from "./readings/reading-tree.js";
export type { ReadingsVerificationContext } from "./readings/readings-verification-context.js";
export { type RelayedBatch, type RelayReadingsOptions, relayReadings } from "./readings/relay-readings.js";
export { type SignedPairing, type SignPairingOptions, signPairing, signUnpairing } from "./readings/sign-pairing.js";
export { isReadingSigned, signReading } from "./readings/sign-reading.js";
export { parseSignedBatch, type SignedBatch, signBatch, typedDataOfBatch } from "./readings/signed-batch.js";
export { createSummary, type Series, type Summary, summariseReadings } from "./readings/summarise-readings.js";
export {
  type ReadingVerdicts,
  type VerifiedReading,
  type VerifyReadingOptions,
  verifyReading,
} from "./readings/verify-reading.js";

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
export {
  type GatewayState,
  type ReadGatewayPositionOptions,
  readGatewayPosition,
} from "./readings/read-gateway-position.js";
export {
  parseReading,
  type Reading,
  readingJsonSchema,
  readingSchema,
  type UnsignedReading,
} from "./readings/reading.js";
export { leafOfReading, readingBytes } from "./readings/reading-bytes.js";
export { isLeafOf, type ReadingTree, readingTree } from "./readings/reading-tree.js";
export { type RelayedBatch, type RelayReadingsOptions, relayReadings } from "./readings/relay-readings.js";
export { isReadingSigned, signReading } from "./readings/sign-reading.js";
export { parseSignedBatch, type SignedBatch, signBatch, typedDataOfBatch } from "./readings/signed-batch.js";
export { createSummary, type Series, type Summary, summariseReadings } from "./readings/summarise-readings.js";

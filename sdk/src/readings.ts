export {
  type Quantity,
  type QuantityDescription,
  quantities,
} from "./document/schemas/quantity.js";
export type { Batch } from "./readings/batch.js";
export {
  type BatchDocument,
  batchDocumentJsonSchema,
  MAXIMUM_READINGS,
  MAXIMUM_SERIES,
} from "./readings/batch-document.js";
export {
  type BatchPosition,
  type CreateBatchOptions,
  type CreatedBatch,
  createBatch,
} from "./readings/create-batch.js";
export { isPlausible } from "./readings/is-plausible.js";
export {
  parseReading,
  type Reading,
  readingJsonSchema,
  readingSchema,
  type UnsignedReading,
} from "./readings/reading.js";
export { leafOfReading, readingBytes } from "./readings/reading-bytes.js";
export { isLeafOf, type ReadingTree, readingTree } from "./readings/reading-tree.js";
export { isReadingSigned, signReading } from "./readings/sign-reading.js";
export { createSummary, type Series, type Summary, summariseReadings } from "./readings/summarise-readings.js";

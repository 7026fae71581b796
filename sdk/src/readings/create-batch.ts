import { hexlify, randomBytes as secureRandomBytes } from "ethers";
import { canonicalise } from "../document/canonicalise.js";
import { type Cid, cidOf } from "../document/cid.js";
import { describeFile } from "../document/describe-file.js";
import { digestOf } from "../document/digest-of.js";
import { checkDocumentSize } from "../document/document-size.js";
import { PassportError } from "../errors/passport-error.js";
import type { Address, Bytes27, Bytes32, Digest } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";
import type { Batch } from "./batch.js";
import {
  BATCH_DOCUMENT_FORMAT,
  type BatchDocument,
  batchDocumentSchema,
  MAXIMUM_READINGS,
  MAXIMUM_SERIES,
} from "./batch-document.js";
import type { Reading } from "./reading.js";
import { type Keccak256, leafOfBytes, readingBytes } from "./reading-bytes.js";
import { readingTree } from "./reading-tree.js";
import { summariseReadings } from "./summarise-readings.js";

const SALT_BYTES = 16;
/** Keccak takes long: whoever takes readings in, or draws a page, must not wait for a whole batch. */
const READINGS_AT_A_TIME = 64;
const LINE_END = 0x0a;

/** Where a batch goes. */
export interface BatchPosition {
  readonly chainId: bigint;
  readonly readingsAnchor: Address;
  readonly gateway: Address;
  /** Position in the gateway's chain, from 1. */
  readonly sequence: bigint;
  /** Head of the gateway's chain before this batch. */
  readonly previousHead: Bytes27;
}

/** Where a batch goes, and what it is made with. */
export interface CreateBatchOptions extends BatchPosition {
  /** Returns that many random bytes for the salt; the platform's secure source if left out. */
  readonly randomBytes?: ((length: number) => Uint8Array) | undefined;
  /** A faster Keccak-256 than the one in JavaScript, which takes most of the time; WebAssembly has one six times as fast. */
  readonly keccak256?: Keccak256 | undefined;
}

/** A batch that is ready to be signed, with what has to be in a store before it is anchored. */
export interface CreatedBatch {
  readonly batch: Batch;
  readonly document: BatchDocument;
  /** The document's bytes; its digest is in the batch. */
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  readonly cid: Cid;
  /** The raw file: line i holds the bytes of reading i. */
  readonly file: Uint8Array<ArrayBuffer>;
  /** The hashes that lead from a reading, by its line, to the root. */
  readonly proofOf: (index: number) => readonly Bytes32[];
}

/**
 * Makes a batch of readings: the raw file, the Merkle tree, the statistics, the document and what the gateway signs.
 *
 * @param readings - 1 to 4,096 that were parsed, of at most 400 series; the file keeps their order
 * @param options - chain, contract, gateway, and where its chain of batches stands
 * @returns the batch; nothing is stored or signed yet
 * @throws PassportError `input.invalid` for too few, too many, or the same reading twice; `document.too-large`
 *
 * @example
 * ```ts
 * const { batch, bytes, file } = await createBatch(readings, {
 *   chainId: 421614n, readingsAnchor, gateway, sequence: 1n, previousHead,
 * });
 * ```
 */
export async function createBatch(readings: readonly Reading[], options: CreateBatchOptions): Promise<CreatedBatch> {
  const { chainId, readingsAnchor, gateway, sequence, previousHead, keccak256 } = options;
  const { randomBytes = secureRandomBytes } = options;
  checkReadings(readings);
  const lines: Uint8Array[] = [];
  const leaves: Uint8Array[] = [];
  for (const reading of readings) {
    const line = readingBytes(reading);
    lines.push(line);
    leaves.push(leafOfBytes(line, keccak256));
    if (lines.length % READINGS_AT_A_TIME === 0) await letOthersIn();
  }
  const { root, proofOf } = readingTree(leaves, { keccak256 });
  const file = fileOf(lines);
  const { from, to } = windowOf(readings);
  const content = {
    schema: BATCH_DOCUMENT_FORMAT,
    chainId: chainId.toString(),
    readingsAnchor,
    gateway,
    sequence: Number(sequence),
    previousHead,
    root,
    count: readings.length,
    from,
    to,
    salt: hexlify(randomBytes(SALT_BYTES)).slice(2),
    series: seriesOf(readings),
    readings: { name: "readings.ndjson", mediaType: "application/x-ndjson", ...(await describeFile(new Blob([file]))) },
  };
  const document = parseInput(batchDocumentSchema, content, { field: "batch" });
  const bytes = canonicalise(document);
  checkDocumentSize(bytes);
  const digest = digestOf(bytes);
  return {
    batch: {
      gateway,
      sequence,
      previousHead,
      root,
      count: BigInt(readings.length),
      from: BigInt(from),
      to: BigInt(to),
      document: digest,
    },
    document,
    bytes,
    digest,
    cid: cidOf(digest),
    file,
    proofOf,
  };
}

/**
 * Refuses readings that make no batch.
 *
 * @param readings - those of one batch
 * @throws PassportError `input.invalid` for too few, too many, or the same reading twice
 */
export function checkReadings(readings: readonly Reading[]): void {
  if (readings.length === 0 || readings.length > MAXIMUM_READINGS) {
    throw refused(`a batch has 1 to ${MAXIMUM_READINGS}`, readings.length);
  }
  const seen = new Set<string>();
  for (const { sensor, sequence } of readings) {
    const name = `${sensor} ${sequence}`;
    if (seen.has(name)) throw refused("a sensor's reading is there twice", name);
    seen.add(name);
  }
}

/**
 * Computes the time that a batch spans.
 *
 * @param readings - those of one batch
 * @returns times of the earliest and of the latest, Unix seconds
 */
export function windowOf(readings: readonly Reading[]): Pick<BatchDocument, "from" | "to"> {
  const times = readings.map(({ time }) => Math.floor(Date.parse(time) / 1_000));
  return { from: Math.min(...times), to: Math.max(...times) };
}

/**
 * Computes the statistics of a batch.
 *
 * @param readings - those of one batch
 * @returns its series
 * @throws PassportError `input.invalid` for too many
 */
export function seriesOf(readings: readonly Reading[]): BatchDocument["series"] {
  const series = summariseReadings(readings);
  if (series.length > MAXIMUM_SERIES) throw refused(`a batch has at most ${MAXIMUM_SERIES} series`, series.length);
  return [...series];
}

/**
 * Writes the file of a batch.
 *
 * @param lines - the bytes of each reading
 * @returns them, each with a line end
 */
export function fileOf(lines: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(lines.reduce((total, { length }) => total + length + 1, 0));
  let offset = 0;
  for (const line of lines) {
    file.set(line, offset);
    offset += line.length + 1;
    file[offset - 1] = LINE_END;
  }
  return file;
}

/** Until everything else that is due has had its turn. */
function letOthersIn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}

function refused(problem: string, value: unknown): PassportError {
  return new PassportError("input.invalid", { field: "readings", problem, value });
}

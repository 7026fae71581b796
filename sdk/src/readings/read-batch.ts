import { canonicalise } from "../document/canonicalise.js";
import { digestOf } from "../document/digest-of.js";
import { parseJson } from "../document/parse-json.js";
import { readAttachment } from "../document/read-attachment.js";
import type { DocumentStore } from "../document/stores/document-store.js";
import { verifiedGet } from "../document/stores/verified-get.js";
import type { ErrorCode } from "../errors/error-catalogue.js";
import { isPassportError, PassportError } from "../errors/passport-error.js";
import { type ReadingContext, requireReadingsAnchor } from "../passport/context.js";
import { parseInput } from "../primitives/parse-input.js";
import { gather } from "../verify/gather.js";
import type { Batch } from "./batch.js";
import { type BatchDocument, batchDocumentSchema } from "./batch-document.js";
import { checkReadings, fileOf, seriesOf, windowOf } from "./create-batch.js";
import { parseReading, type Reading } from "./reading.js";
import { leafOfBytes, readingBytes } from "./reading-bytes.js";
import { type ReadingTree, readingTree } from "./reading-tree.js";

/** What is behind a batch. */
export interface OpenedBatch {
  readonly document: BatchDocument;
  /** In the order of the file. */
  readonly readings: readonly Reading[];
  readonly tree: ReadingTree;
}

/**
 * What is known of a batch's content. `unknown`: no store served it; the batch is anchored all the same. `invalid`: the
 * gateway has signed content that contradicts itself.
 */
export type BatchContent = ({ readonly status: "valid" } & OpenedBatch) | UnreadBatch;

interface UnreadBatch {
  readonly status: "invalid" | "unknown";
  readonly code: ErrorCode;
  readonly problem: string;
}

/**
 * Fetches the document of a batch alone. What it says of the readings has been compared with nothing yet.
 *
 * @param context - `chainId`, `readingsAnchor`, `store`
 * @param options - `batch`: from a chain that was verified
 * @returns the document, or why there is none
 * @throws PassportError `input.invalid` without the readings anchor
 */
export async function readBatchDocument(
  context: Pick<ReadingContext, "chainId" | "readingsAnchor" | "store">,
  { batch }: { readonly batch: Batch },
): Promise<{ readonly status: "valid"; readonly document: BatchDocument } | UnreadBatch> {
  const readingsAnchor = requireReadingsAnchor(context);
  const fetched = await gather(() => fetchDocument(context.store, batch));
  if (fetched.status === "missing") return { ...fetched, status: "unknown" };
  return judge(() => ({
    status: "valid",
    document: openDocument(fetched.value, { ...context, readingsAnchor, batch }),
  }));
}

/**
 * Fetches what is behind a batch and computes everything anew: digests, lines, tree, numbers, statistics.
 *
 * @param context - `chainId`, `readingsAnchor`, `store`
 * @param options - `batch`: from a chain that was verified
 * @returns document and readings, or why there are none; what a store does is never taken for the gateway's fault
 * @throws PassportError `input.invalid` without the readings anchor
 */
export async function readBatch(
  context: Pick<ReadingContext, "chainId" | "readingsAnchor" | "store">,
  { batch }: { readonly batch: Batch },
): Promise<BatchContent> {
  const described = await readBatchDocument(context, { batch });
  return described.status === "valid" ? await openBatch(context, described) : described;
}

/**
 * Fetches the readings of a batch whose document is known already, and compares the two.
 *
 * @param context - `store`
 * @param options - `document`: from `readBatchDocument`
 * @returns document and readings, or why there are none
 */
export async function openBatch(
  { store }: Pick<ReadingContext, "store">,
  { document }: { readonly document: BatchDocument },
): Promise<BatchContent> {
  const file = await gather(() => fetchFile(store, document));
  if (file.status === "missing") return { ...file, status: "unknown" };
  return judge(() => ({ status: "valid", document, ...openFile(file.value, document) }));
}

async function fetchDocument(store: DocumentStore | undefined, { document }: Batch): Promise<Uint8Array> {
  if (store !== undefined) return await verifiedGet(store, document);
  throw new PassportError("store.unreachable", { store: "of documents", problem: "none was named" });
}

async function fetchFile(store: DocumentStore | undefined, { readings }: BatchDocument): Promise<Uint8Array> {
  if (store?.getFile === undefined) {
    throw new PassportError("store.unreachable", { store: "that was passed", problem: "it has no files" });
  }
  const file = new Uint8Array(readings.size);
  let offset = 0;
  for await (const chunk of readAttachment({ getFile: store.getFile }, readings)) {
    file.set(chunk, offset);
    offset += chunk.length;
  }
  return file;
}

/** What is wrong with bytes that have the right digest, their author has to answer for. */
function judge<Value>(open: () => Value): Value | UnreadBatch {
  try {
    return open();
  } catch (error) {
    if (!isPassportError(error)) throw error;
    return { status: "invalid", code: error.code, problem: error.message };
  }
}

function openDocument(
  bytes: Uint8Array,
  context: { readonly chainId: bigint; readonly readingsAnchor: string; readonly batch: Batch },
): BatchDocument {
  const { chainId, readingsAnchor, batch } = context;
  const value = parseJson(new TextDecoder().decode(bytes));
  if (digestOf(canonicalise(value)) !== batch.document) {
    throw new PassportError("document.not-canonical", { digest: batch.document });
  }
  const document = parseInput(batchDocumentSchema, value, { field: "batch document" });
  const expected = { chainId: `${chainId}`, readingsAnchor, ...batch };
  for (const name of [
    "chainId",
    "readingsAnchor",
    "gateway",
    "sequence",
    "previousHead",
    "root",
    "count",
    "from",
    "to",
  ] as const) {
    if (String(document[name]) !== String(expected[name])) throw contradicts(name, document[name]);
  }
  return document;
}

function openFile(bytes: Uint8Array, document: BatchDocument): Omit<OpenedBatch, "document"> {
  const lines = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes).split("\n").slice(0, -1);
  const readings = lines.map((line) => parseReading(parseJson(line)));
  checkReadings(readings);
  const written = readings.map(readingBytes);
  if (digestOf(fileOf(written)) !== document.readings.sha256) throw contradicts("readings", document.readings.sha256);
  const tree = readingTree(written.map((line) => leafOfBytes(line)));
  const computed = { root: tree.root, count: readings.length, ...windowOf(readings), series: seriesOf(readings) };
  for (const [name, value] of Object.entries(computed)) {
    if (digestOf(canonicalise(value)) === digestOf(canonicalise(Reflect.get(document, name)))) continue;
    throw contradicts(name, Reflect.get(document, name));
  }
  return { readings, tree };
}

function contradicts(field: string, value: unknown): PassportError {
  const problem = "the batch and its readings say something else";
  return new PassportError("input.invalid", { field, problem, value });
}

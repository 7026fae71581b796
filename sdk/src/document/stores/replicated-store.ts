import * as z from "zod";
import type { ErrorCode } from "../../errors/error-catalogue.js";
import { isPassportError, PassportError } from "../../errors/passport-error.js";
import { parseDigest } from "../../primitives/hex.js";
import { parseInput } from "../../primitives/parse-input.js";
import { type Cid, cidOf, isRawCid, parseCid } from "../cid.js";
import { describeFile } from "../describe-file.js";
import { digestOf } from "../digest-of.js";
import { checkDocumentSize } from "../document-size.js";
import type { FullDocumentStore, ReadableDocumentStore } from "./document-store.js";
import { readBlock } from "./read-block.js";
import { verifiedGet } from "./verified-get.js";

/** A store that did not do what it was asked for, and why. */
export interface StoreFailure {
  /** As the caller calls it. */
  readonly store: string;
  /** Such as `store.unreachable`, or `document.digest-mismatch` of a store that served other bytes. */
  readonly code: ErrorCode;
  readonly problem: string;
}

/** What is demanded of several stores. */
export interface ReplicatedStoreOptions {
  /** How many stores must keep content before it counts as kept. */
  readonly required: number;
  /** Stores to read from after the others, by name, such as a gateway. */
  readonly readers?: Readonly<Record<string, ReadableDocumentStore>>;
  /** Called for each store that failed, also where others made up for it. */
  readonly onFailure?: (failure: StoreFailure) => void;
}

/**
 * Makes one store of several: writes go to all of them and succeed if enough have kept the content; reads come from the
 * first whose bytes are the right ones, in the order in which the stores are given.
 *
 * A file of more than 256 KiB is the first one's that sends any of it: that its bytes are the right ones shows only at
 * the end, to `readAttachment`. So list first what is trusted more, and gateways, which are verified block by block.
 *
 * @param stores - by the names that failures shall have; each keeps everything
 * @param options - how many must keep what is put, further stores to read from, whom to tell of failures
 * @returns the store. Its `put` and `putFile` wait for every store, and throw `store.too-few`; `get` and `getFile` say
 * `document.not-found` only if all stores say so, `store.unreachable` if one that is away might have it, else what the
 * first store that lied is accused of, in each case with all failures in `details.failures`. Its `list` has what at
 * least one store keeps; `list` and `unpin` try all stores before they throw `store.unreachable` for one that is away.
 * @throws PassportError `input.invalid` if `required` is not between 1 and the number of stores
 */
export function createReplicatedStore(
  stores: Readonly<Record<string, FullDocumentStore>>,
  options: ReplicatedStoreOptions,
): FullDocumentStore {
  const written = Object.entries(stores);
  const read = [...written, ...Object.entries(options.readers ?? {})];
  const required = parseInput(z.int().min(1).max(written.length), options.required, { field: "required" });
  const { onFailure: report = () => undefined } = options;

  return {
    put: async (bytes) => {
      checkDocumentSize(bytes);
      const digest = digestOf(bytes);
      const cid = cidOf(digest);
      await keepInEach(written, { cid, required, report, keep: (store) => store.put(bytes) });
      return { digest, cid };
    },
    get: async (digest) => {
      const cid = cidOf(parseDigest(digest));
      return askInTurn(read, { cid, report, ask: ([, store]) => verifiedGet(store, digest) });
    },
    putFile: async (file) => {
      const description = await describeFile(file);
      await keepInEach(written, { cid: description.cid, required, report, keep: (store) => store.putFile(file) });
      return description;
    },
    getFile: async function* (cid) {
      const open = isRawCid(parseCid(cid)) ? openSmallFile : openLargeFile;
      yield* await askInTurn(read, { cid, report, ask: (named) => open(named, { cid, report }) });
    },
    unpin: async (cid) => {
      const results = await Promise.all(written.map(([name, store]) => attempt(name, () => store.unpin(cid))));
      throwIfAny(results.filter(isFailed), report);
    },
    list: async function* () {
      const listed = new Set<Cid>();
      const failed: Failed[] = [];
      for (const [name, store] of written) {
        try {
          for await (const cid of store.list()) {
            if (!listed.has(cid)) yield cid;
            listed.add(cid);
          }
        } catch (error) {
          failed.push(failureOf(name, error));
        }
      }
      throwIfAny(failed, report);
    },
  };
}

type Named<Store> = readonly [name: string, store: Store];
type Report = (failure: StoreFailure) => void;

interface Failed {
  readonly failure: StoreFailure;
  readonly error: PassportError;
}

interface Succeeded<Result> {
  readonly value: Result;
}

/** Waits for all stores, so that nothing goes on behind the caller's back. */
async function keepInEach(
  stores: readonly Named<FullDocumentStore>[],
  options: {
    readonly cid: Cid;
    readonly required: number;
    readonly report: Report;
    readonly keep: (store: FullDocumentStore) => Promise<{ readonly cid: Cid }>;
  },
): Promise<void> {
  const { cid: expected, required, report, keep } = options;
  const keepInOne = async (store: FullDocumentStore): Promise<void> => {
    const { cid: actual } = await keep(store);
    if (actual !== expected) throw new PassportError("document.digest-mismatch", { actual, expected });
  };
  const results = await Promise.all(stores.map(([name, store]) => attempt(name, () => keepInOne(store))));
  const failures = results.filter(isFailed).map(({ failure }) => failure);
  failures.forEach(report);
  const kept = stores.length - failures.length;
  if (kept >= required) return;
  throw new PassportError("store.too-few", { cid: expected, kept, required, problem: inWords(failures), failures });
}

async function askInTurn<Store, Result>(
  stores: readonly Named<Store>[],
  options: {
    readonly cid: Cid;
    readonly report: Report;
    readonly ask: (named: Named<Store>) => Promise<Result>;
  },
): Promise<Result> {
  const { cid, report, ask } = options;
  const failed: Failed[] = [];
  for (const named of stores) {
    const result = await attempt(named[0], () => ask(named));
    if (!isFailed(result)) return result.value;
    report(result.failure);
    failed.push(result);
  }
  throw verdictOf(failed, cid);
}

/** A store that is away might have what is asked for; a lie of one says nothing about the others. */
function verdictOf(failed: readonly Failed[], cid: Cid): PassportError {
  const failures = failed.map(({ failure }) => failure);
  const outages = failed.filter(({ failure }) => failure.code.startsWith("store."));
  if (outages.length > 0) return outage(failed);
  const refused = failed.find(({ failure }) => failure.code !== "document.not-found");
  if (refused === undefined) return new PassportError("document.not-found", { cid, failures });
  const { error } = refused;
  return new PassportError(error.code, { ...error.details, failures }, { cause: error });
}

function outage(failed: readonly Failed[]): PassportError {
  const failures = failed.map(({ failure }) => failure);
  const store = failures.map((failure) => failure.store).join(", ");
  return new PassportError("store.unreachable", { store, problem: inWords(failures), failures });
}

function throwIfAny(failed: readonly Failed[], report: Report): void {
  for (const { failure } of failed) report(failure);
  if (failed.length > 0) throw outage(failed);
}

/** The digest of a small file is in its address, so that it is compared before a byte of it is handed on. */
async function openSmallFile(
  [, store]: Named<ReadableDocumentStore>,
  options: { readonly cid: Cid },
): Promise<AsyncIterable<Uint8Array> | Iterable<Uint8Array>> {
  return [await readBlock(options.cid, store.getFile(options.cid))];
}

/** From its first byte on, a file is that store's: the bytes of two stores would not make one file. */
async function openLargeFile(
  [name, store]: Named<ReadableDocumentStore>,
  options: { readonly cid: Cid; readonly report: Report },
): Promise<AsyncIterable<Uint8Array> | Iterable<Uint8Array>> {
  const { cid, report } = options;
  const chunks = store.getFile(cid)[Symbol.asyncIterator]();
  let first = await chunks.next();
  while (first.done !== true && first.value.length === 0) first = await chunks.next();
  if (first.done === true) throw new PassportError("store.unreachable", { store: name, problem: "it sent no byte" });
  const { value } = first;
  return (async function* () {
    try {
      yield value;
      yield* { [Symbol.asyncIterator]: () => chunks };
    } catch (caught) {
      const { failure, error } = failureOf(name, caught);
      report(failure);
      throw error;
    } finally {
      await chunks.return?.();
    }
  })();
}

async function attempt<Result>(name: string, task: () => Promise<Result>): Promise<Succeeded<Result> | Failed> {
  try {
    return { value: await task() };
  } catch (error) {
    return failureOf(name, error);
  }
}

/** A store that somebody else wrote may throw anything; that says nothing about the content. */
function failureOf(store: string, caught: unknown): Failed {
  const problem = caught instanceof Error ? caught.message : String(caught);
  const error = isPassportError(caught)
    ? caught
    : new PassportError("store.unreachable", { store, problem }, { cause: caught });
  return { failure: { store, code: error.code, problem }, error };
}

function isFailed(result: object): result is Failed {
  return "failure" in result;
}

function inWords(failures: readonly StoreFailure[]): string {
  return failures.map(({ store, problem }) => `${store}: ${problem}`).join(" ");
}

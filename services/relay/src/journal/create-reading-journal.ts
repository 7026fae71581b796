import { type FileHandle, mkdir, open, realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { isPassportError, PassportError } from "@digital-product-passport/sdk";
import {
  claimName,
  createChangeSignal,
  cutTornLine,
  formatLineOfJson,
  readLines,
  syncFolder,
} from "@digital-product-passport/sdk/node";
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "./checkpoint.js";
import { findSegments, newSegment, retireSegment, type Segment } from "./segment.js";
import { createSensorMemory, type SensorMemory } from "./sensor-memory.js";

/** What the journal has to know of a reading: any JSON that has these three, and its keys always in the same order. */
export interface Numbered {
  readonly sensor: string;
  readonly sequence: number;
  /** RFC 3339 in UTC. */
  readonly time: string;
}

/**
 * What became of a reading that was appended: a `duplicate` was taken before, a `conflict` has the number of another
 * reading. Where the other's content is not known any more, what is newer than all of its sensor is a conflict, and the
 * rest a duplicate.
 */
export type Appended = "accepted" | "duplicate" | "conflict" | "too-old";

/** Readings that follow each other in the journal. */
export interface JournalLine<Reading> {
  /** Of the first of them. */
  readonly position: number;
  readonly readings: readonly Reading[];
}

/** Keeps readings until they are anchored. */
export interface ReadingJournal<Reading extends Numbered> {
  /**
   * Adds readings, those of one call all or none. Fulfilled when all of them are durable, those that came before as well.
   * Calls at the same time share writes; what one call adds is in one line. A call that repeats a reading of another one
   * on its way is refused with it: what it has added itself may be taken then, and is a `duplicate` when it comes again.
   *
   * @returns one for each reading
   * @throws PassportError `journal.full`: nothing was taken, and it may be tried again; `relay.overloaded`: likewise;
   *   `journal.unusable`: nothing will be taken any more
   */
  readonly append: (readings: readonly Reading[]) => Promise<readonly Appended[]>;
  /** Reads from a position on, and waits for what comes, until the signal. */
  readonly follow: (position: number, options: { readonly signal: AbortSignal }) => AsyncIterable<JournalLine<Reading>>;
  /** Reads these positions, both included. */
  readonly read: (range: { readonly first: number; readonly last: number }) => Promise<readonly Reading[]>;
  /** Gives up everything up to a position, file by file. */
  readonly forget: (position: number) => Promise<void>;
  /** Position that the next reading will have. */
  readonly nextPosition: () => number;
  /** Why nothing is taken at present; undefined if readings are taken. */
  readonly problem: () => PassportError | undefined;
  readonly sizeBytes: () => number;
  readonly close: () => Promise<void>;
}

/** Where and how the readings are kept. */
export interface ReadingJournalOptions {
  readonly folder: string;
  /** Size at which a new file is begun, in bytes. */
  readonly segmentBytes?: number | undefined;
  /** Most that the journal may take, in bytes; no limit but the disk's if left out. */
  readonly maximumBytes?: number | undefined;
  /** Bytes that are left free on the disk for whatever has to be written to get readings anchored. */
  readonly reserveBytes?: number | undefined;
  /** Bytes that are free on the disk of the folder. */
  readonly freeBytes?: ((folder: string) => Promise<number>) | undefined;
  /** Most readings that wait for the disk; a call with more is taken when none waits. */
  readonly maximumWaiting?: number | undefined;
  /** Folder on the same disk that files are moved to when they are no longer needed; deleted if left out. */
  readonly archive?: string | undefined;
  /** Told how long a write took, in seconds, and how many readings it held. */
  readonly onCommit?: ((seconds: number, readings: number) => void) | undefined;
}

const SEGMENT_BYTES = 16 << 20;
const MAXIMUM_WAITING = 20_000;
/** Most readings of several calls in one line, and so in one write: a reader holds a line in memory. */
const LINE_READINGS = 4_096;

/** A reading on its way to the disk. */
interface Written<Reading> {
  readonly reading: Reading;
  readonly json: string;
  /** Of the JSON. */
  readonly content: number;
}

interface Group<Reading> {
  readonly readings: Written<Reading>[];
  readonly written: Promise<void>;
}

/**
 * Opens the journal of readings in a folder, or begins one. A write is a line with a checksum; a last line that is not
 * whole was never promised to anybody and is cut off. A disk without room is waited out: what cannot be written is not
 * taken, and the next write is tried as if nothing had been.
 *
 * @param options - the folder, and its limits
 * @returns the journal
 * @throws PassportError `journal.in-use`, `journal.damaged`, `journal.unusable`
 */
export async function createReadingJournal<Reading extends Numbered>(
  options: ReadingJournalOptions,
): Promise<ReadingJournal<Reading>> {
  const { archive, segmentBytes = SEGMENT_BYTES, maximumWaiting = MAXIMUM_WAITING } = options;
  await mkdir(resolve(options.folder), { recursive: true });
  if (archive !== undefined) await mkdir(archive, { recursive: true });
  const folder = await realpath(options.folder);
  const release = await claimName(`journal ${folder}`);
  try {
    const { checkpoint, segments, sensors, next } = await recover(folder);
    let nextPosition = next;
    let checkpointed = checkpoint;
    let current = segments.at(-1) ?? newSegment(folder, nextPosition);
    if (segments.length === 0) segments.push(current);
    let file = await open(current.path, "a");
    await syncFolder(folder);

    const changed = createChangeSignal();
    const underWay = new Map<string, { readonly content: number; readonly written: Promise<void> }>();
    let waiting = 0;
    let filling: Group<Reading> | undefined;
    let problem: PassportError | undefined;
    let failure: unknown;
    let turn: Promise<void> = Promise.resolve();
    const inTurn = (task: () => Promise<void>): Promise<void> => {
      const done = turn.then(task);
      turn = done.catch(() => undefined);
      return done;
    };

    const sizeBytes = (): number => segments.reduce((sum, { size }) => sum + size, 0);
    const saveCheckpoint = async (): Promise<void> => {
      const position = nextPosition;
      // Object.fromEntries defines keys, also one that is called __proto__.
      const known = Object.fromEntries(
        [...sensors].map(([sensor, { seen, latest }]) => [
          sensor,
          { floor: seen.floor(), ranges: [...seen.ranges()], latest: latest() },
        ]),
      );
      await writeCheckpoint(folder, {
        version: 1,
        position,
        // Safety: the ranges are pairs of whole numbers; only the mutability of the schema's tuples differs.
        sensors: known as unknown as Checkpoint["sensors"],
      });
      checkpointed = position;
    };
    const beginSegment = async (): Promise<void> => {
      await saveCheckpoint();
      await file.close();
      current = newSegment(folder, nextPosition);
      file = await open(current.path, "a");
      await syncFolder(folder);
      segments.push(current);
    };
    const requireRoom = async (bytes: number): Promise<void> => {
      const { maximumBytes, reserveBytes = 0, freeBytes } = options;
      if (maximumBytes !== undefined && sizeBytes() + bytes > maximumBytes) {
        throw full(folder, `it has reached its limit of ${maximumBytes} bytes`);
      }
      if (freeBytes === undefined || reserveBytes === 0) return;
      const free = await freeBytes(folder);
      if (free - bytes < reserveBytes) throw full(folder, `only ${free} bytes are free on its disk`);
    };
    const write = async (readings: readonly Written<Reading>[]): Promise<void> => {
      if (failure !== undefined) throw failure;
      const line = formatLineOfJson(readings.map(({ json }) => json));
      const bytes = Buffer.byteLength(line);
      await requireRoom(bytes);
      const began = performance.now();
      try {
        await file.appendFile(line);
        await file.datasync();
      } catch (cause) {
        throw await afterFailedWrite(file, current, cause);
      }
      options.onCommit?.((performance.now() - began) / 1_000, readings.length);
      current.size += bytes;
    };
    const commit = async (group: Group<Reading>): Promise<void> => {
      if (filling === group) filling = undefined;
      const { readings } = group;
      try {
        await write(readings);
        problem = undefined;
        for (const { reading, content } of readings) rememberIn(sensors, reading, content);
        nextPosition += readings.length;
      } catch (error) {
        if (isPassportError(error, "journal.full")) problem = error;
        else failure ??= error;
        throw error;
      } finally {
        waiting -= readings.length;
        for (const { reading } of readings) underWay.delete(keyOf(reading));
      }
      changed.notify();
      if (current.size >= segmentBytes) {
        // The group is durable: what fails here is the business of the next one.
        await beginSegment().catch((error: unknown) => {
          failure ??= error;
        });
      }
    };
    /** For as many as a call may add: of two lines, a crash or a full disk may leave one. */
    const groupFor = (count: number): Group<Reading> => {
      if (filling !== undefined && filling.readings.length + count <= LINE_READINGS) return filling;
      const group: Group<Reading> = { readings: [], written: inTurn(() => commit(group)) };
      // Each caller hears of the failure; the promise itself must not end the process.
      group.written.catch(() => undefined);
      filling = group;
      return group;
    };
    /** What becomes of a reading, and what must be written before anybody may rely on it. */
    const place = (
      reading: Reading,
      groupOfCall: () => Group<Reading>,
    ): { readonly result: Appended; readonly written: Promise<void> | undefined } => {
      const json = JSON.stringify(reading);
      const content = shortOf(json);
      const memory = sensors.get(reading.sensor);
      if (memory?.seen.has(reading.sequence)) {
        return { result: resultOfSeen(reading, { content, memory }), written: undefined };
      }
      const twin = underWay.get(keyOf(reading));
      if (twin !== undefined) {
        return { result: twin.content === content ? "duplicate" : "conflict", written: twin.written };
      }
      const group = groupOfCall();
      group.readings.push({ reading, json, content });
      waiting += 1;
      underWay.set(keyOf(reading), { content, written: group.written });
      return { result: "accepted", written: group.written };
    };

    const segmentOf = (position: number): Segment => {
      const found = segments.findLast(({ first }) => first <= position);
      if (found !== undefined) return found;
      const first = segments[0]?.first ?? nextPosition;
      throw damaged(folder, `it begins at position ${first}, but ${position} is needed`);
    };
    /** Reads whatever is durable; the cursor goes on where the last line ended, so that nothing is read twice. */
    const readOn = async function* (cursor: Cursor): AsyncGenerator<JournalLine<Reading>> {
      while (cursor.position < nextPosition) {
        const segment = segmentOf(cursor.position);
        if (segment.first !== cursor.first) Object.assign(cursor, beginningOf(segment));
        yield* readSegment<Reading>(segment, cursor);
      }
    };
    const readFrom = async function* (position: number, cursor: Cursor): AsyncGenerator<JournalLine<Reading>> {
      for await (const line of readOn(cursor)) {
        const skipped = Math.max(0, position - line.position);
        const readings = line.readings.slice(skipped);
        if (readings.length > 0) yield { position: line.position + skipped, readings };
      }
    };

    return {
      append: async (readings) => {
        if (failure !== undefined) throw failure;
        if (waiting > 0 && waiting + readings.length > maximumWaiting) {
          throw new PassportError("relay.overloaded", { waiting });
        }
        let group: Group<Reading> | undefined;
        const groupOfCall = (): Group<Reading> => {
          group ??= groupFor(readings.length);
          return group;
        };
        const placed = readings.map((reading) => place(reading, groupOfCall));
        await Promise.all(new Set(placed.map(({ written }) => written)));
        return placed.map(({ result }) => result);
      },
      follow: async function* (position, { signal }) {
        const wake = (): void => changed.notify();
        signal.addEventListener("abort", wake);
        const rest = async (): Promise<void> => {
          if (cursor.position >= nextPosition && !signal.aborted) await changed.wait();
        };
        const cursor = position < nextPosition ? beginningOf(segmentOf(position)) : endOf(current, nextPosition);
        try {
          while (!signal.aborted) {
            for await (const line of readFrom(position, cursor)) {
              yield line;
              if (signal.aborted) return;
            }
            await rest();
          }
        } finally {
          signal.removeEventListener("abort", wake);
        }
      },
      read: async ({ first, last }) => {
        const found: Reading[] = [];
        for await (const { position, readings } of readFrom(first, beginningOf(segmentOf(first)))) {
          found.push(...readings.slice(0, last - position + 1));
          if (position + readings.length > last) break;
        }
        if (found.length !== last - first + 1) throw damaged(folder, `positions ${first} to ${last} are not all there`);
        return found;
      },
      forget: (position) =>
        inTurn(async () => {
          for (let after = segments[1]; after !== undefined && after.first <= position + 1; after = segments[1]) {
            const [oldest] = segments;
            if (oldest === undefined) return;
            // What was seen in the file must be known from elsewhere before it goes.
            if (checkpointed < after.first) await saveCheckpoint();
            await retireSegment(oldest, { archive });
            segments.shift();
          }
        }),
      nextPosition: () => nextPosition,
      problem: () => problem ?? (failure === undefined ? undefined : unusable(folder, failure)),
      sizeBytes,
      close: async () => {
        await turn;
        if (failure === undefined) await saveCheckpoint().catch(() => undefined);
        await file.close();
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** How far a file was read. */
interface Cursor {
  /** Position of the file's first reading. */
  first: number;
  /** Byte behind the last line that was read. */
  offset: number;
  /** Position behind it. */
  position: number;
}

function beginningOf({ first }: Segment): Cursor {
  return { first, offset: 0, position: first };
}

function endOf({ first, size }: Segment, position: number): Cursor {
  return { first, offset: size, position };
}

/** Reads a segment's durable lines from the cursor on, and moves it along. */
async function* readSegment<Reading>({ path, size }: Segment, cursor: Cursor): AsyncGenerator<JournalLine<Reading>> {
  for await (const { records, end } of readLines(path, { from: cursor.offset, to: size })) {
    // Safety: nothing but the journal writes its files, and the checksum says that they are what it wrote.
    const readings = records as readonly Reading[];
    const { position } = cursor;
    cursor.offset = end;
    cursor.position += readings.length;
    yield { position, readings };
  }
}

/** What the journal holds, as its checkpoint and the files behind it tell. */
async function recover(folder: string) {
  const checkpoint = await readCheckpoint(folder);
  const segments = await findSegments(folder);
  const sensors = new Map<string, SensorMemory>(
    Object.entries(checkpoint?.sensors ?? {}).map(([sensor, { floor, ranges, latest }]) => [
      sensor,
      createSensorMemory(ranges, { floor, latest }),
    ]),
  );
  let next = checkpoint?.position ?? 1;
  const last = segments.at(-1);
  if (last !== undefined) last.size = await cutTornLine(last.path);
  if (segments[0] !== undefined && segments[0].first > next) {
    throw damaged(folder, `what came before position ${segments[0].first} is not known any more`);
  }
  const start = segments.findLastIndex(({ first }) => first <= next);
  for (const segment of segments.slice(Math.max(0, start))) {
    if (segment.first > next) throw damaged(folder, `positions ${next} to ${segment.first - 1} are missing`);
    const cursor = beginningOf(segment);
    for await (const { readings } of readSegment<Numbered>(segment, cursor)) {
      for (const reading of readings) rememberIn(sensors, reading, shortOf(JSON.stringify(reading)));
    }
    next = Math.max(next, cursor.position);
  }
  return { checkpoint: checkpoint?.position ?? 1, segments, sensors, next };
}

function rememberIn(sensors: Map<string, SensorMemory>, { sensor, sequence, time }: Numbered, content: number): void {
  const memory = sensors.get(sensor) ?? createSensorMemory();
  sensors.set(sensor, memory);
  memory.remember({ sequence, time: Date.parse(time), content });
}

/** What becomes of a reading whose number was seen. */
function resultOfSeen(
  { sequence, time }: Numbered,
  { content, memory }: { readonly content: number; readonly memory: SensorMemory },
): Appended {
  if (sequence <= memory.seen.floor()) return "too-old";
  const known = memory.contentOf(sequence);
  if (known !== undefined) return known === content ? "duplicate" : "conflict";
  // A clock that once was ahead hides other readings until its time has come, and makes a conflict of nothing that was taken.
  return Date.parse(time) > (memory.latest() ?? Number.POSITIVE_INFINITY) ? "conflict" : "duplicate";
}

/** The part of the line that came through is taken back, so that the file ends in a whole line. */
async function afterFailedWrite(file: FileHandle, { path, size }: Segment, cause: unknown): Promise<PassportError> {
  const problem = cause instanceof Error ? cause.message : String(cause);
  if (!isWithoutRoom(cause)) return new PassportError("journal.unusable", { journal: path, problem }, { cause });
  try {
    await file.truncate(size);
    await file.sync();
    return full(path, problem);
  } catch (error) {
    return unusable(path, error);
  }
}

/** Of the disk, of the user's share of it, or of the largest file that the process may write. */
function isWithoutRoom(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && ["ENOSPC", "EDQUOT", "EFBIG"].includes(String(cause.code));
}

function keyOf({ sensor, sequence }: Numbered): string {
  return `${sequence} ${sensor}`;
}

/**
 * Enough to tell two readings of one number apart, in 52 bits: whoever makes two that look the same deceives himself. It is
 * FNV-1a, twice, from two beginnings.
 */
function shortOf(json: string): number {
  let [low, high] = [0x811c9dc5, 0x01000193];
  for (let index = 0; index < json.length; index += 1) {
    const code = json.charCodeAt(index);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x85ebca6b);
  }
  return (high >>> 12) * 2 ** 32 + (low >>> 0);
}

function full(journal: string, problem: string): PassportError {
  return new PassportError("journal.full", { journal, problem });
}

function damaged(journal: string, problem: string): PassportError {
  return new PassportError("journal.damaged", { journal, line: 1, problem });
}

function unusable(journal: string, cause: unknown): PassportError {
  if (isPassportError(cause)) return cause;
  const problem = cause instanceof Error ? cause.message : String(cause);
  return new PassportError("journal.unusable", { journal, problem }, { cause });
}

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, realpath, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { isPassportError, PassportError } from "../errors/passport-error.js";
import { claimName } from "./claim-name.js";
import type { Journal } from "./journal.js";

const LINE_BREAK = 0x0a;
const CHECKSUM_DIGITS = 16;

/** One line of the file is one write: its records are all there or none of them is. */
interface Line {
  readonly records: readonly unknown[];
  /** Offset of the byte behind it. */
  readonly end: number;
}

/**
 * Opens a journal in a file, or begins one. A line is a checksum and a JSON list of records; a last line that is not whole
 * was never promised to anybody and is cut off. One process at a time can have it open.
 *
 * @param path - of the file; its folder is made
 * @returns the journal; call its `close()` when it is no longer needed
 * @throws PassportError `journal.in-use`, `journal.damaged`, `journal.unusable`
 *
 * @example
 * ```ts
 * const journal = await createFileJournal(".passport/issuing.journal");
 * ```
 */
export async function createFileJournal(path: string): Promise<Journal> {
  const folder = await usable(path, async () => {
    await mkdir(dirname(resolve(path)), { recursive: true });
    return await realpath(dirname(resolve(path)));
  });
  const name = join(folder, basename(path));
  const releases = new Set([await claimName(`journal ${name}`)]);
  try {
    let size = await cutTornLine(name);
    let file = await usable(name, () => open(name, "a"));
    await usable(name, () => syncFolder(folder));

    let waiting: unknown[] = [];
    let group: Promise<void> | undefined;
    // One thing after the other: whatever fails makes every later one fail.
    let turn: Promise<void> = Promise.resolve();
    const inTurn = (task: () => Promise<void>): Promise<void> => {
      turn = turn.then(() => usable(name, task));
      // Each caller hears of the failure; the chain itself must not end the process.
      turn.catch(() => undefined);
      return turn;
    };
    const writeGroup = async (): Promise<void> => {
      const line = formatLine(waiting);
      waiting = [];
      group = undefined;
      await file.appendFile(line);
      await file.datasync();
      size += Buffer.byteLength(line);
    };

    return {
      name,
      append: (records) => {
        waiting.push(...records);
        group ??= inTurn(writeGroup);
        return group;
      },
      read: async function* () {
        for await (const line of readLines(name)) yield* line.records;
      },
      compact: (isKept) =>
        inTurn(async () => {
          size = await writeCompacted(name, isKept);
          await file.close();
          file = await open(name, "a");
        }),
      size: () => size,
      claim: async (claimed) => {
        const release = await claimName(claimed);
        releases.add(release);
        return async () => {
          if (releases.delete(release)) await release();
        };
      },
      close: async () => {
        await turn.catch(() => undefined);
        await file.close();
        for (const release of releases) await release();
        releases.clear();
      },
    };
  } catch (error) {
    for (const release of releases) await release();
    throw error;
  }
}

/** Only a line that is followed by none can have been torn: the next is written when the one before is durable. */
async function cutTornLine(path: string): Promise<number> {
  const file = await usable(path, () => open(path, "a+"));
  try {
    let end = 0;
    for await (const line of readLines(path)) end = line.end;
    return await usable(path, async () => {
      await file.truncate(end);
      await file.sync();
      return end;
    });
  } finally {
    await file.close();
  }
}

/** Reads the lines that are whole; a line that is not, and is not the last, is damage. */
async function* readLines(path: string): AsyncGenerator<Line> {
  let torn: number | undefined;
  let number = 0;
  for await (const { bytes, end } of splitLines(path)) {
    if (torn !== undefined) {
      throw new PassportError("journal.damaged", { journal: path, line: torn, problem: "its checksum is wrong" });
    }
    number += 1;
    const records = parseLine(bytes);
    if (records === undefined) torn = number;
    else yield { records, end };
  }
}

async function* splitLines(path: string): AsyncGenerator<{ readonly bytes: Buffer; readonly end: number }> {
  let rest: readonly Buffer[] = [];
  let end = 0;
  for await (const chunk of readChunks(path)) {
    let start = 0;
    for (let at = chunk.indexOf(LINE_BREAK); at !== -1; at = chunk.indexOf(LINE_BREAK, start)) {
      const bytes = Buffer.concat([...rest, chunk.subarray(start, at)]);
      rest = [];
      end += bytes.length + 1;
      start = at + 1;
      yield { bytes, end };
    }
    rest = [...rest, chunk.subarray(start)];
  }
}

async function* readChunks(path: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path, { highWaterMark: 1 << 18 });
  } catch (cause) {
    throw unusable(path, cause);
  }
}

function formatLine(records: readonly unknown[]): string {
  const json = JSON.stringify(records);
  return `${checksumOf(json)} ${json}\n`;
}

function parseLine(bytes: Buffer): readonly unknown[] | undefined {
  const text = bytes.toString("utf8");
  const json = text.slice(CHECKSUM_DIGITS + 1);
  if (text.slice(0, CHECKSUM_DIGITS + 1) !== `${checksumOf(json)} `) return undefined;
  const records: unknown = JSON.parse(json);
  return Array.isArray(records) ? records : undefined;
}

function checksumOf(json: string): string {
  return createHash("sha256").update(json).digest("hex").slice(0, CHECKSUM_DIGITS);
}

/** The new file takes the place of the old one when it is whole and durable. */
async function writeCompacted(path: string, isKept: (record: unknown) => boolean): Promise<number> {
  const unfinished = `${path}.unfinished`;
  const file = await open(unfinished, "w");
  try {
    let size = 0;
    for await (const { records } of readLines(path)) {
      const kept = records.filter(isKept);
      if (kept.length > 0) size += await writeLine(file, formatLine(kept));
    }
    await file.sync();
    await rename(unfinished, path);
    await syncFolder(dirname(path));
    return size;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

async function writeLine(file: FileHandle, line: string): Promise<number> {
  await file.appendFile(line);
  return Buffer.byteLength(line);
}

/** A new name is durable only when its folder is. Windows cannot open folders, and needs no sync. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function usable<Result>(path: string, task: () => Promise<Result>): Promise<Result> {
  try {
    return await task();
  } catch (cause) {
    throw isPassportError(cause) ? cause : unusable(path, cause);
  }
}

function unusable(path: string, cause: unknown): PassportError {
  const problem = cause instanceof Error ? cause.message : String(cause);
  return new PassportError("journal.unusable", { journal: path, problem }, { cause });
}

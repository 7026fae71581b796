import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { isPassportError, PassportError } from "../errors/passport-error.js";

const LINE_BREAK = 0x0a;
const CHECKSUM_DIGITS = 16;

/** One line of a journal's file is one write: its records are all there or none of them is. */
export interface ChecksummedLine {
  readonly records: readonly unknown[];
  /** Offset of the byte behind it. */
  readonly end: number;
}

/**
 * Writes a line: a checksum and a JSON list of records.
 *
 * @param records - JSON values
 * @returns the line with its line break
 */
export function formatLine(records: readonly unknown[]): string {
  return formatLineOfJson(records.map((record) => JSON.stringify(record)));
}

/**
 * Writes a line of records that are JSON already.
 *
 * @param records - the JSON of each
 * @returns the line with its line break
 */
export function formatLineOfJson(records: readonly string[]): string {
  const json = `[${records.join(",")}]`;
  return `${checksumOf(json)} ${json}\n`;
}

/**
 * Reads the lines that are whole; a line that is not, and is not the last, is damage.
 *
 * @param path - of the file
 * @param options - `from`: offset of the first line, 0 if left out; `to`: offset behind the last one, the file's end if
 *   left out
 * @returns the lines; `end` counts from the beginning of the file
 * @throws PassportError `journal.damaged`, `journal.unusable`
 */
export async function* readLines(
  path: string,
  options: { readonly from?: number; readonly to?: number } = {},
): AsyncGenerator<ChecksummedLine> {
  let torn: number | undefined;
  let number = 0;
  for await (const { bytes, end } of splitLines(path, { from: options.from ?? 0, to: options.to })) {
    if (torn !== undefined) {
      throw new PassportError("journal.damaged", { journal: path, line: torn, problem: "its checksum is wrong" });
    }
    number += 1;
    const records = parseLine(bytes);
    if (records === undefined) torn = number;
    else yield { records, end };
  }
}

/**
 * Cuts off a last line that is not whole. Only a line that is followed by none can have been torn: the next is written when
 * the one before is durable.
 *
 * @param path - of the file, which is made if it does not exist
 * @returns its size afterwards
 * @throws PassportError `journal.damaged`, `journal.unusable`
 */
export async function cutTornLine(path: string): Promise<number> {
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

/**
 * Does something with a journal's file; what fails is said as an error of the journal.
 *
 * @param path - of the file
 * @param task - what to do
 * @returns what the task returns
 * @throws PassportError `journal.unusable`, and those of the task
 */
export async function usable<Result>(path: string, task: () => Promise<Result>): Promise<Result> {
  try {
    return await task();
  } catch (cause) {
    throw isPassportError(cause) ? cause : unusable(path, cause);
  }
}

async function* splitLines(
  path: string,
  { from, to }: { readonly from: number; readonly to: number | undefined },
): AsyncGenerator<{ readonly bytes: Buffer; readonly end: number }> {
  let rest: readonly Buffer[] = [];
  let end = from;
  for await (const chunk of readChunks(path, { from, to })) {
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

async function* readChunks(
  path: string,
  { from, to }: { readonly from: number; readonly to: number | undefined },
): AsyncGenerator<Buffer> {
  if (to !== undefined && to <= from) return;
  const range = { start: from, ...(to === undefined ? {} : { end: to - 1 }) };
  try {
    yield* createReadStream(path, { highWaterMark: 1 << 18, ...range });
  } catch (cause) {
    throw unusable(path, cause);
  }
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

function unusable(path: string, cause: unknown): PassportError {
  const problem = cause instanceof Error ? cause.message : String(cause);
  return new PassportError("journal.unusable", { journal: path, problem }, { cause });
}

import { type FileHandle, mkdir, open, realpath, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { syncFolder } from "../primitives/sync-folder.js";
import { cutTornLine, formatLine, readLines, usable } from "./checksummed-lines.js";
import { claimName } from "./claim-name.js";
import type { Journal } from "./journal.js";

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

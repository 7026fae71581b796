import { openAsBlob } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { PassportError } from "@digital-product-passport/sdk";

/** What the user calls the file, for errors. */
interface FileOptions {
  readonly field: string;
}

/**
 * Reads a file that a user has named.
 *
 * @param path - as he typed it
 * @param options - `field`: what the file is
 * @returns its bytes
 * @throws PassportError `input.invalid`
 */
export async function readGivenFile(path: string, options: FileOptions): Promise<Buffer> {
  return await onGivenFile(() => readFile(path), { ...options, path });
}

/**
 * Opens a file of any size that a user has named, to be read in pieces.
 *
 * @param path - as he typed it
 * @param options - `field`: what the file is
 * @returns the file
 * @throws PassportError `input.invalid`
 */
export async function openGivenFile(path: string, options: FileOptions): Promise<Blob> {
  return await onGivenFile(() => openAsBlob(path), { ...options, path });
}

/**
 * Writes a file that a user has named.
 *
 * @param path - as he typed it
 * @param options - `field`: what the file is; `content`: of it
 * @throws PassportError `input.invalid`
 */
export async function writeGivenFile(
  path: string,
  { field, content }: FileOptions & { readonly content: string | Uint8Array },
): Promise<void> {
  await onGivenFile(() => writeFile(path, content), { field, path });
}

async function onGivenFile<Result>(
  task: () => Promise<Result>,
  { field, path }: FileOptions & { readonly path: string },
): Promise<Result> {
  try {
    return await task();
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new PassportError("input.invalid", { field, problem, value: path }, { cause });
  }
}

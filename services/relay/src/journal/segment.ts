import { readdir, rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";

/** One file of the journal. */
export interface Segment {
  readonly path: string;
  /** Position of its first reading; the journal counts from 1. */
  readonly first: number;
  /** Bytes that are durable. */
  size: number;
}

const NAME = /^readings-(\d{16})\.journal$/;

/**
 * The file that begins with this position.
 *
 * @param folder - of the journal
 * @param first - position of its first reading
 * @returns an empty segment
 */
export function newSegment(folder: string, first: number): Segment {
  return { path: join(folder, `readings-${String(first).padStart(16, "0")}.journal`), first, size: 0 };
}

/**
 * Finds the files of a journal.
 *
 * @param folder - of the journal
 * @returns the segments in order
 */
export async function findSegments(folder: string): Promise<Segment[]> {
  const firsts = (await readdir(folder)).flatMap((name) => NAME.exec(name)?.[1] ?? []).map(Number);
  const segments = firsts.sort((left, right) => left - right).map((first) => newSegment(folder, first));
  for (const segment of segments) segment.size = (await stat(segment.path)).size;
  return segments;
}

/**
 * Takes a file out of the journal.
 *
 * @param segment - of the journal
 * @param options - `archive`: folder on the same disk that it is moved to; it is deleted if left out
 */
export async function retireSegment(
  { path }: Segment,
  { archive }: { readonly archive?: string | undefined },
): Promise<void> {
  if (archive === undefined) await rm(path, { force: true });
  else await rename(path, join(archive, basename(path)));
}

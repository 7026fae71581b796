import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Compiler } from "./create-compiler.js";
import type { Mutant } from "./generate-mutants.js";

/** What the last run over everything has left open: committed, so that a sample elsewhere knows of it. */
const fullRunSchema = z.strictObject({
  /** First 16 digits of the sha2-256 of each source that was mutated. */
  sources: z.record(z.string(), z.string()),
  /** Mutants of these sources that were not run. */
  notRun: z.array(z.string()),
});

export type FullRun = z.infer<typeof fullRunSchema>;

/** Where the record lies. */
export const fullRunFile = new URL("last-full-run.json", import.meta.url);

/**
 * Reads the record of the last full run.
 *
 * @returns the record
 */
export async function readFullRun(): Promise<FullRun> {
  return fullRunSchema.parse(JSON.parse(await readFile(fullRunFile, "utf8")));
}

/**
 * Fingerprint of a source, as the record holds it.
 *
 * @param source - text
 * @returns 16 hexadecimal digits
 */
export function fingerprintOf(source: string): string {
  return createHash("sha256").update(source).digest("hex").slice(0, 16);
}

/**
 * Mutants that a sample may draw: those that the last full run has judged, and all of sources that changed since. One that
 * nobody has judged yet says nothing about a change.
 *
 * @param mutants - all mutants
 * @param options - `fullRun`: the record; `compiler`: has the sources as they are now
 * @returns the mutants whose survival is news
 */
export function sampleable(
  mutants: readonly Mutant[],
  { fullRun, compiler }: { readonly fullRun: FullRun; readonly compiler: Compiler },
): readonly Mutant[] {
  const notRun = new Set(fullRun.notRun);
  const isUnchanged = (file: string): boolean =>
    fullRun.sources[file] === fingerprintOf(compiler.sources.get(file) ?? "");
  return mutants.filter(({ id, file }) => !(isUnchanged(file) && notRun.has(id)));
}

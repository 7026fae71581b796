import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Mutant } from "./generate-mutants.js";

/** A mutant that no test notices, and why none has to. */
const survivorSchema = z.strictObject({
  id: z.string(),
  /** `original -> replacement`: the entry holds for this change only. */
  change: z.string(),
  /** `equivalent`: nobody can observe the difference; `accepted`: somebody could, and no test asks. */
  kind: z.enum(["equivalent", "accepted"]),
  reason: z.string().min(1),
});

export type AcceptedSurvivor = z.infer<typeof survivorSchema>;

/**
 * What a mutant changes, in a line.
 *
 * @param mutant - the mutant
 * @returns `original -> replacement`
 */
export function changeOf({ original, replacement }: Mutant): string {
  return `${original} -> ${replacement === "" ? "nothing" : replacement}`;
}

/**
 * Reads `survivors.json`.
 *
 * @returns the entries
 */
export async function readAcceptedSurvivors(): Promise<readonly AcceptedSurvivor[]> {
  const text = await readFile(new URL("survivors.json", import.meta.url), "utf8");
  return z.array(survivorSchema).parse(JSON.parse(text));
}

/**
 * The entry of a survivor.
 *
 * @param mutant - that survived
 * @param options - `accepted`: all entries
 * @returns the entry, or undefined where nobody has given a reason for this change
 */
export function acceptanceOf(
  mutant: Mutant,
  { accepted }: { readonly accepted: readonly AcceptedSurvivor[] },
): AcceptedSurvivor | undefined {
  return accepted.find(({ id, change }) => id === mutant.id && change === changeOf(mutant));
}

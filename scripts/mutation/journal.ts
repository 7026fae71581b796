import { appendFile, mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { projectFolder } from "../lib/project-paths.js";
import type { Mutant } from "./generate-mutants.js";
import type { Verdict } from "./judge-mutant.js";
import { fingerprintOf } from "./last-full-run.js";

const JOURNAL = join(projectFolder, "cache", "mutation", "journal.jsonl");

const lineSchema = z.object({
  mutant: z.string(),
  fingerprint: z.string(),
  verdict: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("killed"), by: z.string(), testFile: z.string() }),
    z.object({ kind: z.enum(["survived", "equivalent", "invalid"]) }),
  ]),
});

/** The verdicts of earlier runs. */
export interface Journal {
  /** What became of this very source, the last time that it was judged. */
  readonly verdictOf: (mutant: Mutant) => Verdict | undefined;
  readonly record: (mutant: Mutant, verdict: Verdict) => Promise<void>;
}

/**
 * Opens the journal under `cache/`, from which a run that was interrupted goes on.
 *
 * @returns the journal, empty the first time
 */
export async function openJournal(): Promise<Journal> {
  await mkdir(dirname(JOURNAL), { recursive: true });
  await appendFile(JOURNAL, "");
  const verdicts = new Map<string, Verdict>();
  for (const line of (await readFile(JOURNAL, "utf8")).split("\n").filter((text) => text !== "")) {
    const { mutant, fingerprint, verdict } = lineSchema.parse(JSON.parse(line));
    verdicts.set(`${mutant} ${fingerprint}`, verdict);
  }
  const keyOf = (mutant: Mutant): string => `${mutant.id} ${fingerprintOf(mutant.source)}`;
  return {
    verdictOf: (mutant) => verdicts.get(keyOf(mutant)),
    record: async (mutant, verdict) => {
      verdicts.set(keyOf(mutant), verdict);
      const line = { mutant: mutant.id, fingerprint: fingerprintOf(mutant.source), verdict };
      await appendFile(JOURNAL, `${JSON.stringify(line)}\n`);
    },
  };
}

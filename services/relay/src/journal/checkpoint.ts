import { open, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PassportError } from "@digital-product-passport/sdk";
import { formatLine, readLines, syncFolder } from "@digital-product-passport/sdk/node";
import * as z from "zod";

const sequence = z.int().min(0);

const checkpointSchema = z.strictObject({
  version: z.literal(1),
  /** Of the first reading that the checkpoint does not know. */
  position: z.int().min(1),
  sensors: z.record(
    z.string(),
    z.strictObject({
      floor: sequence,
      ranges: z.array(z.tuple([sequence, sequence])).readonly(),
      /** Latest time of the sensor's readings, in Unix milliseconds; former relays did not write it. */
      latest: z.int().min(0).optional(),
    }),
  ),
});

/** What was seen before a position of the journal, so that what lies before it need not be read. */
export type Checkpoint = z.infer<typeof checkpointSchema>;

const FILE = "checkpoint";

/**
 * Reads the checkpoint of a journal.
 *
 * @param folder - of the journal
 * @returns the checkpoint; undefined if none was written yet
 * @throws PassportError `journal.damaged`, `journal.unusable`
 */
export async function readCheckpoint(folder: string): Promise<Checkpoint | undefined> {
  const path = join(folder, FILE);
  try {
    for await (const { records } of readLines(path)) {
      const parsed = checkpointSchema.safeParse(records[0]);
      if (parsed.success) return parsed.data;
    }
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  throw new PassportError("journal.damaged", { journal: path, line: 1, problem: "it is no checkpoint" });
}

/**
 * Writes the checkpoint of a journal: the new one takes the place of the old one when it is whole and durable.
 *
 * @param folder - of the journal
 * @param checkpoint - what was seen
 */
export async function writeCheckpoint(folder: string, checkpoint: Checkpoint): Promise<void> {
  const path = join(folder, FILE);
  const unfinished = `${path}.unfinished`;
  const file = await open(unfinished, "w");
  try {
    await file.writeFile(formatLine([checkpoint]));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
  await syncFolder(dirname(path));
}

function isMissing(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && "code" in cause && cause.code === "ENOENT";
}

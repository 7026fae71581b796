import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { z } from "zod";
import { projectFolder } from "../lib/project-paths.js";

/** A value of a series, and when it is said to have been measured. */
export interface PlayedValue {
  /** Three digits after the point. */
  readonly value: string;
  /** RFC 3339 in UTC. */
  readonly time: string;
}

const FOLDER = join(projectFolder, "examples", "readings");

const seriesSchema = z.array(z.object({ timestamp: z.string(), value: z.coerce.number() })).min(1);

/**
 * Reads a series of a real sensor and moves it in time, so that it ends now.
 *
 * @param name - of a file in `examples/readings`, without `.csv`
 * @param options - `now`: Unix milliseconds
 * @returns the values in order
 */
export async function readSeries(name: string, { now }: { readonly now: number }): Promise<readonly PlayedValue[]> {
  const text = await readFile(join(FOLDER, `${name}.csv`), "utf8");
  const rows = seriesSchema.parse(parse(text, { columns: true }));
  const timeOf = (timestamp: string): number => Date.parse(`${timestamp.replace(" ", "T")}Z`);
  const shift = now - timeOf(rows.at(-1)?.timestamp ?? "");
  return rows.map(({ timestamp, value }) => ({
    value: value.toFixed(3),
    time: new Date(timeOf(timestamp) + shift).toISOString(),
  }));
}

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { devNull } from "node:os";
import { dirname, join } from "node:path";

/** A file that a command generates and that is committed. */
export interface GeneratedFile {
  /** Inside the folder, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** How generated files are kept. */
export interface KeepOptions {
  readonly folder: string;
  /** Compares only, and writes nothing. */
  readonly check: boolean;
  /** What writes the files, such as `npm run snapshot`. */
  readonly command: string;
}

/** Lines that are shown of the difference of one file; the rest is counted. */
const MOST_LINES = 40;

/**
 * Writes generated files that are committed, or compares them with what is committed.
 *
 * @param files - what they should hold
 * @param options - `folder`, whether to `check` only, and the `command` that writes them
 * @returns what differs and what to do, in words; undefined if nothing differs, or if the files were written
 */
export async function keepCommitted(
  files: readonly GeneratedFile[],
  options: KeepOptions,
): Promise<string | undefined> {
  const { folder, check, command } = options;
  if (!check) {
    for (const { path, text } of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    return undefined;
  }
  const compared = await Promise.all(
    files.map(async ({ path, text }) => {
      const committed = await readFile(join(folder, path), "utf8").catch(() => "");
      return committed === text
        ? []
        : [`${path} is not what is generated now:\n${differenceOf(join(folder, path), text)}`];
    }),
  );
  const differences = compared.flat();
  if (differences.length === 0) return undefined;
  return [...differences, `If the change is meant, run \`${command}\` and commit what it writes.`].join("\n\n");
}

/** What git shows between a committed file and what is generated now. */
function differenceOf(committed: string, generated: string): string {
  const compared = ["diff", "--no-index", "--no-color", "--", existsSync(committed) ? committed : devNull, "-"];
  const { stdout } = spawnSync("git", compared, { input: generated, encoding: "utf8" });
  const [, ...hunks] = stdout.split(/^(?=@@ )/m);
  const lines = hunks.join("").trimEnd().split("\n");
  const more = lines.length - MOST_LINES;
  return [...lines.slice(0, MOST_LINES), ...(more > 0 ? [`and ${more} more lines`] : [])].join("\n");
}

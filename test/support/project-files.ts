import { glob } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that package.json lies in. */
export const projectRoot = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Finds files of the project, leaving out what is installed or generated.
 *
 * @param pattern - A glob pattern, relative to the project's root.
 * @returns Absolute paths, sorted.
 */
export const findFiles = async (pattern: string): Promise<readonly string[]> => {
  const found = await Array.fromAsync(
    glob(pattern, { cwd: projectRoot, exclude: ["**/node_modules/**", "**/dist/**", "sdk/src/contracts/**"] }),
  );
  return found.sort().map((file) => join(projectRoot, file));
};

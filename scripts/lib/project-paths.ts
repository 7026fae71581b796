import { join, resolve } from "node:path";
import { env } from "node:process";
import { fileURLToPath } from "node:url";

/** Folder of the project. */
export const projectFolder = fileURLToPath(new URL("../..", import.meta.url));

/** Folder of the address books and of Ignition's modules, parameters and journals. */
export const deploymentsFolder = join(projectFolder, "deployments");

/** Folder of the documents that scripts keep, unless they are told another one. */
export const documentsFolder = join(projectFolder, ".passport", "documents");

/**
 * A path as the user means it: npm runs scripts in the project's folder, wherever he stands himself.
 *
 * @param path - from the command line, if it is given there
 * @returns the absolute path
 */
export function resolveUserPath<Path extends string | undefined>(
  path: Path,
): Path extends undefined ? undefined : string;
export function resolveUserPath(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(env["INIT_CWD"] ?? ".", path);
}

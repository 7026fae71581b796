import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { execPath } from "node:process";
import { projectRoot } from "./project-files.js";

/** What a script left behind. */
export interface ScriptResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const tsx = join(dirname(createRequire(import.meta.url).resolve("tsx/package.json")), "dist", "cli.mjs");

/**
 * Runs one of the project's scripts as npm does, in a process of its own.
 *
 * @param script - its path in the project, such as "scripts/deploy.ts"
 * @param options - `arguments` of the command line; `env`: variables beside this process' own
 * @returns exit code and what it wrote
 */
export function runScript(
  script: string,
  options: { readonly arguments: readonly string[]; readonly env?: Readonly<Record<string, string>> },
): Promise<ScriptResult> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      execPath,
      [tsx, script, ...options.arguments],
      { cwd: projectRoot, env: { ...process.env, NO_COLOR: "1", ...options.env } },
      (error, stdout, stderr) => {
        if (child.exitCode === null) reject(error ?? new Error(`${script} was ended by a signal`));
        else resolve({ exitCode: child.exitCode, stdout, stderr });
      },
    );
  });
}

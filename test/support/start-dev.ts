import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { execPath } from "node:process";
import { pathToFileURL } from "node:url";
import { projectRoot } from "./project-files.js";
import { waitForOutput } from "./wait-for-output.js";

// Loaded into the process itself: a signal to tsx's command would leave its child alone.
const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

/** Arguments of Node that let it run TypeScript. */
export const runTypeScript: readonly string[] = ["--import", tsx];

/** A running `npm run dev`. */
export interface RunningDev {
  readonly process: ChildProcess;
  /** Folder of its address book, `local.json`. */
  readonly deploymentsFolder: string;
  readonly documentsFolder: string;
}

/**
 * Starts `npm run dev` on a free port, and waits until its passports are there.
 *
 * @param folder - for its address book and its documents
 * @returns the running program; end it
 */
export async function startDev(folder: string): Promise<RunningDev> {
  const deploymentsFolder = join(folder, "deployments");
  const documentsFolder = join(folder, ".passport", "documents");
  const options = ["--port", "0", "--deployments", deploymentsFolder, "--store", documentsFolder];
  const dev = spawn(execPath, [...runTypeScript, "scripts/dev.ts", ...options], {
    cwd: projectRoot,
    stdio: ["ignore", "pipe", "inherit"],
  });
  await waitForOutput(dev, "Ctrl-C ends the chain");
  return { process: dev, deploymentsFolder, documentsFolder };
}

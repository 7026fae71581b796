import { spawn } from "node:child_process";
import { join } from "node:path";
import { env, execPath } from "node:process";
import { stripVTControlCharacters } from "node:util";
import { projectFolder } from "../lib/project-paths.js";
import type { TestStage } from "./test-plan.js";

/** What became of a run. */
export type TestOutcome =
  | { readonly kind: "passed" }
  | { readonly kind: "failed"; readonly test: string }
  | { readonly kind: "timedOut" };

const HARDHAT = join(projectFolder, "node_modules", "hardhat", "dist", "src", "cli.js");
const CONFIG = join(projectFolder, "scripts", "mutation", "hardhat.config.ts");

/**
 * Runs Hardhat with the configuration for mutants.
 *
 * @param taskArguments - the task and its arguments
 * @param options - `folder`: holds artifacts and cache; `timeout`: milliseconds, after which it is ended
 * @returns what it printed, its exit code, and whether the time was up
 * @throws Error where somebody else ended it: the system does when memory runs out
 */
export async function runHardhat(
  taskArguments: readonly string[],
  { folder, timeout }: { readonly folder: string; readonly timeout: number },
): Promise<{ readonly output: string; readonly exitCode: number | null; readonly isTimeUp: boolean }> {
  const child = spawn(execPath, [HARDHAT, "--config", CONFIG, "--no-typechain", ...taskArguments], {
    cwd: projectFolder,
    env: { ...env, MUTATION_FOLDER: folder, NO_COLOR: "1", FORCE_COLOR: "0" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let isTimeUp = false;
  const timer = setTimeout(() => {
    isTimeUp = true;
    child.kill("SIGKILL");
  }, timeout);
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  }).finally(() => clearTimeout(timer));
  if (exitCode === null && !isTimeUp) throw new Error(`hardhat ${taskArguments.join(" ")} was ended from outside`);
  return { output: stripVTControlCharacters(Buffer.concat(chunks).toString()), exitCode, isTimeUp };
}

/**
 * Runs tests against the artifacts in a folder, up to the first failure.
 *
 * @param stage - the tests
 * @param options - `folder`: holds the artifacts; `timeout`: milliseconds
 * @returns what became of them
 * @throws Error where neither a test failed nor all passed: then the run says nothing about the contracts
 */
export async function runTests(
  { runner, files }: TestStage,
  options: { readonly folder: string; readonly timeout: number },
): Promise<TestOutcome> {
  const bail = runner === "mocha" ? ["--bail"] : [];
  const { output, exitCode, isTimeUp } = await runHardhat(["test", runner, "--no-compile", ...bail, ...files], options);
  if (exitCode === 0 && /^\s*\d+ passing/m.test(output)) return { kind: "passed" };
  if (isTimeUp) return { kind: "timedOut" };
  const test = firstFailure(output);
  if (test === undefined) throw new Error(`The ${runner} tests ended with ${exitCode}:\n${output.slice(-2_000)}`);
  return { kind: "failed", test };
}

/** Both runners number their failures below the list of tests. */
const firstFailure = (output: string): string | undefined => {
  if (!/^\s*\d+ (failing|failed)/m.test(output)) return undefined;
  return /^\s*(?:1\)|Failure \(1\):?)\s+(.+)/m.exec(output)?.[1]?.trim() ?? "a test";
};

import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { env } from "node:process";
import { fileURLToPath } from "node:url";
import { projectFolder } from "../lib/project-paths.js";
import { type TestOutcome, type TestStage, testOutcomeSchema } from "./test-stage.js";

const WORKER = fileURLToPath(new URL("test-worker.ts", import.meta.url));

/** Each run leaves its test files in memory. */
const RUNS_OF_A_PROCESS = 60;

/** Runs tests against the artifacts in one folder, one stage at a time. */
export interface TestWorker {
  /**
   * Runs tests up to the first failure. Where the time is up, or the process dies, such as for want of memory, nobody knows
   * whether a test would have failed.
   */
  readonly run: (stage: TestStage) => Promise<TestOutcome | { readonly kind: "unfinished" }>;
  readonly close: () => void;
}

/**
 * Starts a process that runs tests, and another one when that has had enough.
 *
 * @param folder - holds the artifacts
 * @param options - `timeout`: milliseconds after which a run is ended
 * @returns the worker; close it, else its process stays
 */
export function startTestWorker(folder: string, { timeout }: { readonly timeout: number }): TestWorker {
  let child: ChildProcess | undefined;
  let runs = 0;

  const start = (): ChildProcess => {
    runs = 0;
    return fork(WORKER, {
      cwd: projectFolder,
      env: {
        ...env,
        MUTATION_FOLDER: folder,
        HARDHAT_CONFIG: join(projectFolder, "scripts", "mutation", "hardhat.config.ts"),
      },
      execArgv: ["--import", "tsx"],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
  };
  const close = (): void => {
    child?.removeAllListeners();
    child?.kill("SIGKILL");
    child = undefined;
  };

  return {
    run: async (stage) => {
      child ??= start();
      const running = child;
      let timer: NodeJS.Timeout | undefined;
      const outcome = await new Promise<Awaited<ReturnType<TestWorker["run"]>>>((resolve, reject) => {
        timer = setTimeout(() => resolve({ kind: "unfinished" }), timeout);
        running.once("message", (message) => resolve(testOutcomeSchema.parse(message)));
        running.once("error", reject);
        running.once("exit", () => resolve({ kind: "unfinished" }));
        running.send(stage);
      }).finally(() => clearTimeout(timer));
      running.removeAllListeners();
      runs += 1;
      if (outcome.kind === "unfinished" || runs >= RUNS_OF_A_PROCESS) close();
      return outcome;
    },
    close,
  };
}

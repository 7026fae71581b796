import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, glob, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { env, execPath, pid } from "node:process";
import { z } from "zod";
import { projectFolder } from "../lib/project-paths.js";
import type { Compiler, ContractName } from "./create-compiler.js";
import type { Bench } from "./judge-mutant.js";
import { startTestWorker } from "./start-test-worker.js";
import type { TestStage } from "./test-stage.js";

const BASELINE = join(projectFolder, "cache", "mutation", "baseline");
const PASSED = join(projectFolder, "cache", "mutation", "tests-passed");
const HARDHAT = join(projectFolder, "node_modules", "hardhat", "dist", "src", "cli.js");
const CONFIG = join(projectFolder, "scripts", "mutation", "hardhat.config.ts");

const artifactSchema = z.object({ sourceName: z.string(), contractName: z.string(), bytecode: z.string() });

/** Contracts that have code and are the project's own. */
async function readContracts(compiler: Compiler): Promise<readonly ContractName[]> {
  const artifacts = join(BASELINE, "artifacts");
  const files = await Array.fromAsync(glob("{contracts,test}/**/*.json", { cwd: artifacts }));
  const contracts = await Promise.all(
    files.map(async (file) => artifactSchema.parse(JSON.parse(await readFile(join(artifacts, file), "utf8")))),
  );
  return contracts.filter(
    ({ sourceName, bytecode }) =>
      bytecode !== "0x" && compiler.sources.has(sourceName) && !sourceName.startsWith("contracts/libraries/"),
  );
}

/** Hardhat keeps what has not changed; what it prints is shown where it fails. */
function build(): void {
  execFileSync(execPath, [HARDHAT, "--config", CONFIG, "--no-typechain", "build"], {
    cwd: projectFolder,
    env: { ...env, MUTATION_FOLDER: BASELINE },
    stdio: "pipe",
  });
}

/** Benches, and what removes their folders. */
export interface Benches {
  readonly benches: readonly [Bench, ...Bench[]];
  readonly close: () => Promise<void>;
}

/**
 * Compiles everything as mutants are compiled, and gives each worker a copy of it.
 *
 * @param compiler - that all workers share
 * @param options - `workers`: how many mutants are judged at a time; `timeout`: milliseconds after which a run of tests is
 * ended
 * @returns one bench for each worker
 */
export async function openBenches(
  compiler: Compiler,
  { workers, timeout }: { readonly workers: number; readonly timeout: number },
): Promise<Benches> {
  build();
  const contracts = await readContracts(compiler);
  const optimizedCode = new Map<string, string>();
  const folders = join(projectFolder, "cache", "mutation", `workers-${pid}`);
  const openBench = async (index: number): Promise<Bench> => {
    const folder = join(folders, String(index));
    await cp(BASELINE, folder, { recursive: true, filter: (path) => basename(path) !== "build-info" });
    return { compiler, contracts, optimizedCode, folder, tests: startTestWorker(folder, { timeout }) };
  };
  const others = Array.from({ length: workers - 1 }, (_, index) => openBench(index + 2));
  const benches = [await openBench(1), ...(await Promise.all(others))] as const;
  return {
    benches,
    close: async () => {
      for (const { tests } of benches) tests.close();
      await rm(folders, { recursive: true, force: true });
    },
  };
}

/** What the tests of the contracts say depends on these. */
async function fingerprintOfTests(stages: readonly TestStage[]): Promise<string> {
  const patterns = ["contracts/**/*.sol", "test/**/*.{sol,ts}", "scripts/**/*.ts", "package-lock.json", "*.config.ts"];
  const files = await Array.fromAsync(glob(patterns, { cwd: projectFolder }));
  const hash = createHash("sha256").update(JSON.stringify(stages));
  for (const file of files.toSorted()) hash.update(`\n${file}\n`).update(await readFile(join(projectFolder, file)));
  return hash.digest("hex");
}

/**
 * Makes sure that the tests pass while nothing is mutated: else every mutant would seem to be killed. They are not run
 * again before something changes.
 *
 * @param bench - with the artifacts of the unchanged contracts
 * @param options - `stages`: the tests
 */
export async function checkBaseline(
  bench: Bench,
  { stages }: { readonly stages: readonly TestStage[] },
): Promise<void> {
  const fingerprint = await fingerprintOfTests(stages);
  if (existsSync(PASSED) && (await readFile(PASSED, "utf8")) === fingerprint) return;
  for (const stage of stages) {
    const outcome = await bench.tests.run(stage);
    if (outcome.kind === "passed") continue;
    const reason = outcome.kind === "failed" ? `"${outcome.test}" fails` : "they did not end";
    throw new Error(`The ${stage.runner} tests do not pass on the unchanged contracts: ${reason}`);
  }
  await writeFile(PASSED, fingerprint);
}

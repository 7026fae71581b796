import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { CompiledContract, Compiler, ContractName } from "./create-compiler.js";
import type { Mutant } from "./generate-mutants.js";
import type { TestWorker } from "./start-test-worker.js";
import type { TestPlan } from "./test-plan.js";
import type { TestStage } from "./test-stage.js";

/** What became of a mutant. */
export type Verdict =
  /** A test failed. */
  | { readonly kind: "killed"; readonly by: string; readonly testFile: string }
  /** Every test passed. */
  | { readonly kind: "survived" }
  /** The compiler makes the same optimized code of it. */
  | { readonly kind: "equivalent" }
  /** The compiler refuses it. */
  | { readonly kind: "invalid" };

/** What judging needs. */
export interface Bench {
  readonly compiler: Compiler;
  /** All contracts that have an artifact. */
  readonly contracts: readonly ContractName[];
  /** Optimized code of the contracts that depend on a source, unchanged; filled as it is asked for. */
  readonly optimizedCode: Map<string, string>;
  /** Holds the artifacts that the tests read; nobody else may use it meanwhile. */
  readonly folder: string;
  readonly tests: TestWorker;
}

/** The tests were ended before they said anything about the mutant. */
class UnfinishedError extends Error {}

/**
 * Finds out whether the tests notice a mutant: its own tests first, then, unless it is the same program, all others.
 *
 * @param mutant - the mutant
 * @param options - `bench`; `plan`: the tests of its source
 * @returns the verdict, or undefined where a run did not end: a machine may be busy, and nobody knows whether a test would
 * have failed
 */
export async function judgeMutant(
  mutant: Mutant,
  { bench, plan }: { readonly bench: Bench; readonly plan: TestPlan },
): Promise<Verdict | undefined> {
  const originals = new Map<string, string>();
  try {
    const verdictOfOwn = await judgeByStages(mutant, { bench, stages: plan.own, originals });
    if (verdictOfOwn !== undefined) return verdictOfOwn;
    if (isEquivalent(mutant, { bench })) return { kind: "equivalent" };
    return (await judgeByStages(mutant, { bench, stages: plan.others, originals })) ?? { kind: "survived" };
  } catch (error) {
    if (error instanceof UnfinishedError) return undefined;
    throw error;
  } finally {
    await Promise.all([...originals].map(([path, text]) => writeFile(path, text)));
  }
}

interface Stages {
  readonly bench: Bench;
  readonly stages: readonly TestStage[];
  /** Artifacts as they were; each is added before it is overwritten. */
  readonly originals: Map<string, string>;
}

/** Compiles for each stage only what its tests run, which for a library's own tests is next to nothing. */
async function judgeByStages(mutant: Mutant, { bench, stages, originals }: Stages): Promise<Verdict | undefined> {
  for (const stage of stages) {
    const compiled = bench.compiler.compile(contractsOf(stage, { mutant, bench }), {
      replaced: { sourceName: mutant.file, source: mutant.source },
      settings: "tested",
    });
    if (typeof compiled === "string") return { kind: "invalid" };
    for (const contract of compiled) await overwriteArtifact(contract, { bench, originals });
    const outcome = await bench.tests.run(stage);
    if (outcome.kind === "unfinished") throw new UnfinishedError();
    if (outcome.kind === "failed") return { kind: "killed", by: outcome.test, testFile: outcome.file };
  }
  return undefined;
}

/** What a stage runs of a mutant: Solidity tests hold all that they deploy, Mocha deploys what stands in contracts/. */
function contractsOf(
  { runner, files }: TestStage,
  { mutant, bench }: { readonly mutant: Mutant; readonly bench: Bench },
): readonly ContractName[] {
  return bench.contracts
    .filter(({ sourceName }) => (runner === "solidity" ? files.includes(sourceName) : isDeployed(sourceName)))
    .filter(({ sourceName }) => bench.compiler.dependsOn(sourceName, mutant.file));
}

const isDeployed = (sourceName: string): boolean => sourceName.startsWith("contracts/");

/** Optimized code is compared, not tested code: the optimizer sees through more. */
function isEquivalent({ file, source }: Mutant, { bench }: { readonly bench: Bench }): boolean {
  const contracts = bench.contracts.filter(
    ({ sourceName }) => isDeployed(sourceName) && bench.compiler.dependsOn(sourceName, file),
  );
  const compile = (text: string): string =>
    JSON.stringify(
      bench.compiler.compile(contracts, { replaced: { sourceName: file, source: text }, settings: "optimized" }),
    );
  const original = bench.optimizedCode.get(file) ?? compile(bench.compiler.sources.get(file) ?? "");
  bench.optimizedCode.set(file, original);
  return compile(source) === original;
}

const artifactSchema = z.looseObject({ bytecode: z.string(), deployedBytecode: z.string() });

async function overwriteArtifact(
  { sourceName, contractName, bytecode, deployedBytecode }: CompiledContract,
  { bench, originals }: { readonly bench: Bench; readonly originals: Map<string, string> },
): Promise<void> {
  const path = join(bench.folder, "artifacts", sourceName, `${contractName}.json`);
  const text = await readFile(path, "utf8");
  if (!originals.has(path)) originals.set(path, text);
  await writeFile(path, JSON.stringify({ ...artifactSchema.parse(JSON.parse(text)), bytecode, deployedBytecode }));
}

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { CompiledContract, Compiler, ContractName } from "./create-compiler.js";
import type { Mutant } from "./generate-mutants.js";
import { runTests } from "./run-tests.js";
import type { TestPlan, TestStage } from "./test-plan.js";

/** What became of a mutant. */
export type Verdict =
  /** A test failed, or did not end. */
  | { readonly kind: "killed"; readonly by: string }
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
  /** Milliseconds after which a run of tests counts as endless. */
  readonly timeout: number;
}

/**
 * Finds out whether the tests notice a mutant: its own tests first, then, unless it is the same program, all others.
 *
 * @param mutant - the mutant
 * @param options - `bench`; `plan`: the tests of its source
 * @returns the verdict
 */
export async function judgeMutant(
  mutant: Mutant,
  { bench, plan }: { readonly bench: Bench; readonly plan: TestPlan },
): Promise<Verdict> {
  const replaced = { sourceName: mutant.file, source: mutant.source };
  const concerned = bench.contracts.filter(({ sourceName }) => bench.compiler.dependsOn(sourceName, mutant.file));
  const compiled = bench.compiler.compile(concerned, { replaced, settings: "tested" });
  if (typeof compiled === "string") return { kind: "invalid" };

  const restore = await overwriteArtifacts(compiled, bench);
  try {
    const killedByOwn = await killerAmong(plan.own, bench);
    if (killedByOwn !== undefined) return { kind: "killed", by: killedByOwn };
    if (isEquivalent(mutant, { bench, concerned })) return { kind: "equivalent" };
    const killer = await killerAmong(plan.others, bench);
    return killer === undefined ? { kind: "survived" } : { kind: "killed", by: killer };
  } finally {
    await restore();
  }
}

async function killerAmong(stages: readonly TestStage[], bench: Bench): Promise<string | undefined> {
  for (const stage of stages) {
    const outcome = await runTests(stage, bench);
    if (outcome.kind === "timedOut") return "timeout";
    if (outcome.kind === "failed") return outcome.test;
  }
  return undefined;
}

/** Optimized code is compared, not tested code: the optimizer sees through more. */
function isEquivalent(
  { file, source }: Mutant,
  { bench, concerned }: { readonly bench: Bench; readonly concerned: readonly ContractName[] },
): boolean {
  const contracts = concerned.filter(({ sourceName }) => /^contracts\/[^/]+$/.test(sourceName));
  const compile = (text: string): string =>
    JSON.stringify(
      bench.compiler.compile(contracts, { replaced: { sourceName: file, source: text }, settings: "optimized" }),
    );
  const original = bench.optimizedCode.get(file) ?? compile(bench.compiler.sources.get(file) ?? "");
  bench.optimizedCode.set(file, original);
  return compile(source) === original;
}

const artifactSchema = z.looseObject({ bytecode: z.string(), deployedBytecode: z.string() });

/** Path of a contract's artifact. */
export function artifactPath({ sourceName, contractName }: ContractName, { folder }: Pick<Bench, "folder">): string {
  return join(folder, "artifacts", sourceName, `${contractName}.json`);
}

async function overwriteArtifacts(
  compiled: readonly CompiledContract[],
  bench: Pick<Bench, "folder">,
): Promise<() => Promise<void>> {
  const originals = await Promise.all(
    compiled.map(async (contract) => {
      const path = artifactPath(contract, bench);
      const text = await readFile(path, "utf8");
      const { bytecode, deployedBytecode } = contract;
      await writeFile(path, JSON.stringify({ ...artifactSchema.parse(JSON.parse(text)), bytecode, deployedBytecode }));
      return { path, text };
    }),
  );
  return async () => {
    await Promise.all(originals.map(({ path, text }) => writeFile(path, text)));
  };
}

import { globSync } from "node:fs";
import { basename } from "node:path";
import { projectFolder } from "../lib/project-paths.js";
import type { Compiler } from "./create-compiler.js";

/** Tests that run together, and the runner that runs them. */
export interface TestStage {
  readonly runner: "mocha" | "solidity";
  readonly files: readonly string[];
}

/** The stages of a contract's tests: those that are named after it, then all others that could notice. */
export interface TestPlan {
  readonly own: readonly TestStage[];
  readonly others: readonly TestStage[];
}

const find = (pattern: string): readonly string[] =>
  globSync(pattern, { cwd: projectFolder })
    .map((file) => file.replaceAll("\\", "/"))
    .toSorted();

/**
 * Which tests run against the mutants of a source, in which order: what kills soonest first.
 *
 * @param sourceName - path of the mutated source
 * @param options - `compiler`: knows which Solidity tests import the source
 * @returns stages without files are left out
 */
export function planTests(sourceName: string, { compiler }: { readonly compiler: Compiler }): TestPlan {
  const contract = basename(sourceName, ".sol");
  const isOwn = (file: string): boolean => basename(file).startsWith(contract);
  const mocha = find("test/contracts/**/*.test.ts");
  const solidity = find("test/contracts/**/*.t.sol").filter((file) => compiler.dependsOn(file, sourceName));
  const stagesOf = (isWanted: (file: string) => boolean): readonly TestStage[] => {
    const stages: readonly TestStage[] = [
      { runner: "solidity", files: solidity.filter(isWanted) },
      { runner: "mocha", files: mocha.filter(isWanted) },
    ];
    return stages.filter(({ files }) => files.length > 0);
  };
  return { own: stagesOf(isOwn), others: stagesOf((file) => !isOwn(file)) };
}

import { globSync } from "node:fs";
import { basename } from "node:path";
import { projectFolder } from "../lib/project-paths.js";
import type { Compiler } from "./create-compiler.js";
import type { Mutant } from "./generate-mutants.js";
import type { TestStage } from "./test-stage.js";

/** The stages of a mutant's tests: those that should notice it, then all others that could. */
export interface TestPlan {
  readonly own: readonly TestStage[];
  readonly others: readonly TestStage[];
}

/** A mutant that was killed, and the test file that did it. */
export interface Kill {
  readonly mutant: Pick<Mutant, "id" | "file">;
  readonly testFile: string;
}

const find = (pattern: string): readonly string[] =>
  globSync(pattern, { cwd: projectFolder })
    .map((file) => file.replaceAll("\\", "/"))
    .toSorted();

const functionOf = (id: string): string => id.slice(0, id.indexOf(":"));

/**
 * Which tests run against a mutant, in which order: what kills soonest first.
 *
 * @param mutant - the mutant
 * @param options - `compiler`: knows which Solidity tests import the source; `kills`: of its neighbours, from which the
 * order is learned
 * @returns stages without files are left out
 */
export function planTests(
  mutant: Pick<Mutant, "id" | "file">,
  { compiler, kills }: { readonly compiler: Pick<Compiler, "dependsOn">; readonly kills: readonly Kill[] },
): TestPlan {
  const ofSource = kills.filter((kill) => kill.mutant.file === mutant.file);
  const ofFunction = ofSource.filter((kill) => functionOf(kill.mutant.id) === functionOf(mutant.id));
  const countIn = (group: readonly Kill[], file: string): number =>
    group.filter(({ testFile }) => testFile === file).length;
  const byKills = (one: string, other: string): number =>
    countIn(ofFunction, other) - countIn(ofFunction, one) || countIn(ofSource, other) - countIn(ofSource, one);

  const contract = basename(mutant.file, ".sol");
  const isOwn = (file: string): boolean => basename(file).startsWith(contract) || countIn(ofFunction, file) > 0;
  const solidity = find("test/contracts/**/*.t.sol").filter((file) => compiler.dependsOn(file, mutant.file));
  const mocha = find("test/contracts/**/*.test.ts");
  const stagesOf = (isWanted: (file: string) => boolean): readonly TestStage[] => {
    const stages: readonly TestStage[] = [
      { runner: "solidity", files: solidity.filter(isWanted).toSorted(byKills) },
      { runner: "mocha", files: mocha.filter(isWanted).toSorted(byKills) },
    ];
    return stages
      .filter(({ files }) => files.length > 0)
      .toSorted((one, other) => byKills(one.files[0] ?? "", other.files[0] ?? ""));
  };
  return { own: stagesOf(isOwn), others: stagesOf((file) => !isOwn(file)) };
}

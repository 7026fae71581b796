/**
 * Proves the properties in test/proofs over all inputs: runs the compiled code symbolically and asks Z3. Exit code 1 when
 * a property is refuted or says nothing, 3 when one could not be decided.
 */
import { glob } from "node:fs/promises";
import { relative, sep } from "node:path";
import { colours, EXIT_CODES, formatTable, printJson, runCommand } from "@digital-product-passport/cli/terminal";
import { Command, InvalidArgumentError } from "commander";
import hre from "hardhat";
import { projectFolder, resolveUserPath } from "./lib/project-paths.js";
import { compileProofs, type Property } from "./prove/compile-proofs.js";
import { proveProperty, type Verdict } from "./prove/prove-property.js";
import { startSolver } from "./prove/solver.js";

interface Proof {
  readonly property: Property;
  readonly verdict: Verdict;
  readonly seconds: number;
}

const parseSeconds = (text: string): number => {
  const seconds = Number(text);
  if (!(seconds > 0)) throw new InvalidArgumentError("Seconds are a number above zero.");
  return seconds;
};

const findProofs = async (files: readonly string[]): Promise<readonly string[]> => {
  const found =
    files.length > 0
      ? files.map((file) => relative(projectFolder, resolveUserPath(file)))
      : await Array.fromAsync(glob("test/proofs/**/*.sol", { cwd: projectFolder }));
  return found.map((file) => file.replaceAll(sep, "/")).sort();
};

const explain = (verdict: Verdict): string => {
  switch (verdict.status) {
    case "proven":
      return colours.green("proven");
    case "refuted":
      return colours.red(`refuted by ${JSON.stringify(verdict.counterexample)}`);
    case "vacuous":
      return colours.red("says nothing: no input fulfils its assumptions");
    case "undecided":
      return colours.yellow(`undecided: ${verdict.reason}`);
  }
};

const exitCodeOf = (proofs: readonly Proof[]): number => {
  const found = new Set(proofs.map(({ verdict }) => verdict.status));
  if (found.has("refuted") || found.has("vacuous")) return EXIT_CODES.invalid;
  return found.has("undecided") ? EXIT_CODES.outage : EXIT_CODES.done;
};

const print = (proofs: readonly Proof[]): void => {
  const rows = proofs.map(({ property, verdict, seconds }) => [
    property.contract,
    property.name.slice("check_".length).replaceAll("_", ", "),
    explain(verdict),
    verdict.status === "proven" ? String(verdict.paths) : "",
    seconds.toFixed(1),
  ]);
  console.log(formatTable(rows, { head: ["About", "Property", "Verdict", "Paths", "Seconds"] }));
  const proven = proofs.filter(({ verdict }) => verdict.status === "proven").length;
  console.log(`${proven} of ${proofs.length} properties proven. What that means: docs/proofs.md`);
};

const command = new Command("prove")
  .description("proves properties of the contracts over all inputs")
  .argument("[files...]", "Solidity files with functions check_...; all in test/proofs if left out")
  .option("--only <text>", "only properties whose name contains this", "")
  .option("--timeout <seconds>", "for each question to the solver", parseSeconds, 60)
  .option("--json", "result as JSON")
  .action(async (files: readonly string[], options: { only: string; timeout: number; json?: true }) => {
    const [compiler] = hre.config.solidity.profiles["default"]?.compilers ?? [];
    const { properties, codeAt } = compileProofs(await findProofs(files), {
      root: projectFolder,
      settings: compiler?.settings ?? {},
    });
    const chosen = properties.filter(({ name }) => name.includes(options.only));
    if (chosen.length === 0) throw new Error(`No property of these files has a name with "${options.only}"`);
    const solver = await startSolver({ timeout: options.timeout * 1_000 });
    const proofs: Proof[] = [];
    for (const property of chosen) {
      const started = performance.now();
      const verdict = await proveProperty(property, { solver, codeAt });
      proofs.push({ property, verdict, seconds: (performance.now() - started) / 1_000 });
    }
    await solver.close();
    if (options.json === true) {
      printJson(
        proofs.map(({ property: { contract, name }, verdict, seconds }) => ({ contract, name, ...verdict, seconds })),
      );
    } else print(proofs);
    process.exitCode = exitCodeOf(proofs);
  });

await runCommand(command);

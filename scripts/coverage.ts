/**
 * Measures which lines of the contracts the contract tests run, lists those that none runs, and fails below a threshold.
 * Whether the tests pass under measurement does not count: measured code is longer and costs more gas, `npm test` judges.
 */
import { spawnSync } from "node:child_process";
import { glob, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { execPath } from "node:process";
import { EXIT_CODES, formatTable, runCommand } from "@digital-product-passport/cli/terminal";
import { Command, InvalidArgumentError } from "commander";
import { projectFolder } from "./lib/project-paths.js";

/** Looks at sizes of deployed code, which measuring changes. */
const NOT_MEASURED = "test/contracts/DigitalPassportCode.test.ts";

const report = join(projectFolder, "coverage", "lcov.info");

/** Lines of a contract that can run, and how often each did. */
interface FileCoverage {
  readonly file: string;
  readonly runs: ReadonlyMap<number, number>;
}

const parsePercentage = (text: string): number => {
  const percentage = Number(text);
  if (!(percentage >= 0 && percentage <= 100)) throw new InvalidArgumentError("A threshold is between 0 and 100.");
  return percentage;
};

const runTests = async (): Promise<void> => {
  await rm(report, { force: true });
  const found = await Array.fromAsync(glob("test/contracts/**/*.{t.sol,test.ts}", { cwd: projectFolder }));
  const files = found.map((file) => file.replaceAll("\\", "/")).filter((file) => file !== NOT_MEASURED);
  const hardhat = join(dirname(createRequire(import.meta.url).resolve("hardhat/package.json")), "dist/src/cli.js");
  spawnSync(execPath, [hardhat, "test", "--coverage", ...files.sort()], { cwd: projectFolder, stdio: "inherit" });
};

/** The trace format of lcov: `SF` begins a file, `DA` is a line and how often it ran. */
const parseReport = (text: string): readonly FileCoverage[] =>
  text
    .split("end_of_record")
    .map((record) => ({
      file: /^SF:(.*)$/m.exec(record)?.[1] ?? "",
      runs: new Map(
        [...record.matchAll(/^DA:(\d+),(\d+)/gm)].map(([, line, count]) => [Number(line), Number(count)] as const),
      ),
    }))
    .filter(({ file }) => file.startsWith("contracts/") && !file.startsWith("contracts/mocks/"))
    .sort((a, b) => (a.file < b.file ? -1 : 1));

const uncoveredLines = ({ runs }: FileCoverage): readonly number[] =>
  [...runs].filter(([, count]) => count === 0).map(([line]) => line);

const percentageOf = (coverage: FileCoverage): number =>
  coverage.runs.size === 0 ? 100 : 100 * (1 - uncoveredLines(coverage).length / coverage.runs.size);

const command = new Command("coverage")
  .description("measures which lines of the contracts their tests run")
  .option("--threshold <percent>", "of the lines of each contract", parsePercentage, 98)
  .action(async ({ threshold }: { readonly threshold: number }) => {
    await runTests();
    const files = parseReport(await readFile(report, "utf8"));
    const rows = files.map((coverage) => [
      coverage.file,
      String(coverage.runs.size),
      `${percentageOf(coverage).toFixed(1)} %`,
      uncoveredLines(coverage).join(", "),
    ]);
    console.log(formatTable(rows, { head: ["Contract", "Lines", "Covered", "Not covered"] }));
    const below = files.filter((coverage) => percentageOf(coverage) < threshold);
    if (files.length > 0 && below.length === 0) return;
    console.error(`Below ${threshold} %: ${below.map(({ file }) => file).join(", ") || "nothing was measured"}`);
    process.exitCode = EXIT_CODES.invalid;
  });

await runCommand(command);

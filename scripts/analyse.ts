/**
 * Runs Slither over the deployed contracts and compares what it finds with what has been judged already, in
 * docs/slither-findings.json: a new finding fails, and so does a judgement whose finding is gone. Slither is no dependency
 * of the project: without it, nothing is analysed, which is said and is no failure.
 */
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { colours, EXIT_CODES, formatTable, runCommand } from "@digital-product-passport/cli/terminal";
import { Command } from "commander";
import { z } from "zod";
import { projectFolder } from "./lib/project-paths.js";

const baselineFile = join(projectFolder, "docs", "slither-findings.json");

const Baseline = z.object({
  findings: z.array(z.strictObject({ detector: z.string(), where: z.string(), reason: z.string().min(20) })),
});

const Report = z.object({
  success: z.boolean(),
  error: z.string().nullable(),
  results: z.object({
    detectors: z.array(z.object({ check: z.string(), impact: z.string(), description: z.string() })).default([]),
  }),
});

/** What Slither found, without line numbers: they move with every change. */
interface Finding {
  readonly detector: string;
  readonly where: string;
  readonly description: string;
}

const nameOf = ({ detector, where }: Pick<Finding, "detector" | "where">): string => `${detector} in ${where}`;

/** `Contract.member` is what every description of a detector begins with or names first. */
const placeOf = (description: string): string =>
  /\w+\.\w+(?:\([^)]*\))?(?:\.\w+)?/.exec(description)?.[0] ?? description;

const analyse = async (): Promise<readonly Finding[]> => {
  const folder = await mkdtemp(join(tmpdir(), "slither-"));
  const file = join(folder, "report.json");
  try {
    const paths = "npm/|node_modules/|contracts/mocks/|test/";
    // The build of `npm run build` is analysed as it is: Slither would start a compiler of its own.
    const { stderr } = spawnSync(
      "slither",
      [".", "--hardhat-ignore-compile", "--filter-paths", paths, "--json", file],
      {
        cwd: projectFolder,
        encoding: "utf8",
      },
    );
    const text = await readFile(file, "utf8").catch(() => {
      throw new Error(`Slither wrote no report:\n${stderr}`);
    });
    const report = Report.parse(JSON.parse(text));
    if (!report.success) throw new Error(`Slither failed: ${report.error}`);
    return report.results.detectors.map(({ check, description }) => ({
      detector: check,
      where: placeOf(description),
      description: description.split("\n")[0] ?? "",
    }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const command = new Command("analyse")
  .description("analyses the contracts with Slither, where it is installed")
  .action(async () => {
    const version = spawnSync("slither", ["--version"], { encoding: "utf8" });
    if (version.status !== 0) {
      console.log("Not analysed: there is no `slither` on the path. docs/proofs.md says how to install it.");
      return;
    }
    const { findings: judged } = Baseline.parse(JSON.parse(await readFile(baselineFile, "utf8")));
    const found = await analyse();
    const fresh = found.filter((finding) => !judged.some((known) => nameOf(known) === nameOf(finding)));
    const gone = judged.filter((known) => !found.some((finding) => nameOf(known) === nameOf(finding)));
    console.log(`Slither ${version.stdout.trim()}: ${found.length} findings, ${fresh.length} of them new.`);
    if (fresh.length > 0) {
      const rows = fresh.map(({ detector, where, description }) => [detector, where, description]);
      console.log(formatTable(rows, { head: ["Detector", "Where", "New finding"], widths: [24, 40, 60] }));
    }
    for (const known of gone) console.error(colours.yellow(`Not found any more, remove it: ${nameOf(known)}`));
    if (fresh.length > 0 || gone.length > 0) process.exitCode = EXIT_CODES.invalid;
  });

await runCommand(command);

/**
 * Mutation testing of the contracts: `npm run mutate`. Seeds one small fault at a time and sees whether a test notices;
 * see docs/mutation.md.
 */
import { execFileSync } from "node:child_process";
import { basename } from "node:path";
import { stderr } from "node:process";
import { EXIT_CODES, printJson, runCommand } from "@digital-product-passport/cli/terminal";
import { PassportError } from "@digital-product-passport/sdk";
import { Command } from "commander";
import { projectFolder } from "./lib/project-paths.js";
import { acceptanceOf, changeOf, readAcceptedSurvivors } from "./mutation/accepted-survivors.js";
import { type Compiler, createCompiler } from "./mutation/create-compiler.js";
import { generateMutants, type Mutant } from "./mutation/generate-mutants.js";
import { type Journal, openJournal } from "./mutation/journal.js";
import type { Verdict } from "./mutation/judge-mutant.js";
import { readFullRun, sampleable } from "./mutation/last-full-run.js";
import { checkBaseline, openBenches } from "./mutation/open-bench.js";
import { orderMutants } from "./mutation/order-mutants.js";
import { runMutants } from "./mutation/run-mutants.js";
import { type Judged, tally } from "./mutation/tally.js";
import { type Kill, planTests } from "./mutation/test-plan.js";
import { writeReport } from "./mutation/write-report.js";

/** Killed of a hundred mutants that could be. */
const GOAL = 90;

interface Options {
  readonly contract?: readonly string[];
  readonly sample?: number;
  readonly seed?: string;
  readonly id?: readonly string[];
  readonly survivors?: true;
  readonly list?: true;
  readonly report?: true;
  readonly workers: number;
  readonly minutes: number;
  readonly timeout: number;
  readonly json?: true;
}

const positive =
  (option: string) =>
  (text: string): number => {
    const value = Number(text);
    if (Number.isInteger(value) && value > 0) return value;
    throw new PassportError("input.invalid", {
      field: option,
      problem: "it must be a whole number above zero",
      value: text,
    });
  };

const command = new Command("mutate")
  .description("Seeds one fault at a time in the contracts and sees whether a test notices.")
  .option("--contract <name...>", "only mutants of these sources: DigitalPassport, Conditions, ...")
  .option("--id <id...>", "only these mutants, whatever became of them before")
  .option("--sample <n>", "only n mutants, drawn by the seed, whatever became of them before", positive("--sample"))
  .option("--seed <text>", "what the order of the mutants is drawn from (default: the commit)")
  .option("--survivors", "only mutants that survived before: run it after adding tests")
  .option("--list", "list the mutants and run none")
  .option("--report", "write what is known into docs/mutation.md and run none")
  .option("--workers <n>", "mutants judged at a time", positive("--workers"), 1)
  .option("--minutes <n>", "take up no mutant after these", positive("--minutes"), 24 * 60)
  .option(
    "--timeout <seconds>",
    "end a run of tests after these: the mutant stays without a verdict",
    positive("--timeout"),
    900,
  )
  .option("--json", "print the result as JSON")
  .addHelpText(
    "after",
    `
Verdicts are kept under cache/mutation: a run that was interrupted goes on where it stopped.

Exit code: 0 every survivor has a reason in scripts/mutation/survivors.json and, unless it is a sample, the score is at
least ${GOAL} %; 1 otherwise; 2 wrong usage.

Examples:
  $ npm run mutate -- --sample 12
  $ npm run mutate -- --contract DigitalPassport Conditions --workers 2
  $ npm run mutate -- --survivors --contract ManufacturerManager`,
  )
  .action(async (options: Options) => {
    const seed = options.seed ?? currentCommit();
    const journal = await openJournal();
    const compiler = createCompiler();
    const all = mutantsOf(compiler);
    const chosen = await choose(all, { options, journal, compiler, seed });
    if (options.list) return list(chosen, { journal, options });
    if (options.report) return report(all, { journal, compiler });
    await run(chosen, { all, journal, compiler, options });
    await conclude(chosen, { journal, options, seed });
  });

async function run(
  chosen: readonly Mutant[],
  { all, journal, compiler, options }: Pick<Choice, "journal" | "compiler" | "options"> & { all: readonly Mutant[] },
): Promise<void> {
  const { benches, close } = await openBenches(compiler, {
    workers: options.workers,
    timeout: options.timeout * 1_000,
  });
  try {
    await checkBaseline(benches[0], { stages: stagesOf(chosen, compiler) });
    const startedAt = Date.now();
    let done = 0;
    await runMutants(chosen, {
      benches,
      kills: killsOf(all, journal),
      endsAt: startedAt + options.minutes * 60_000,
      onVerdict: async (mutant, verdict) => {
        if (verdict !== undefined) await journal.record(mutant, verdict);
        done += 1;
        const secondsLeft = ((Date.now() - startedAt) / done / 1_000) * (chosen.length - done);
        const progress = `${done}/${chosen.length}, ${Math.ceil(secondsLeft / 60)} min left`;
        stderr.write(`${progress}: ${describe(mutant, verdict)}\n`);
      },
    });
  } finally {
    await close();
  }
}

function currentCommit(): string {
  return execFileSync("git", ["rev-parse", "HEAD"], { cwd: projectFolder, encoding: "utf8" }).trim();
}

function mutantsOf(compiler: Compiler): readonly Mutant[] {
  return [...compiler.sources]
    .filter(([file]) => /^contracts\/(libraries\/)?[^/]+\.sol$/.test(file))
    .flatMap(([file, source]) => generateMutants(file, { source, tree: compiler.treeOf(file) }));
}

interface Choice {
  readonly options: Options;
  readonly journal: Journal;
  readonly compiler: Compiler;
  readonly seed: string;
}

async function choose(
  all: readonly Mutant[],
  { options, journal, compiler, seed }: Choice,
): Promise<readonly Mutant[]> {
  const { contract, id, sample, survivors, list: isList } = options;
  checkNames(all, options);
  const ordered = orderMutants(
    all.filter((mutant) => contract?.includes(basename(mutant.file, ".sol")) ?? true),
    { seed },
  );
  if (id !== undefined) return ordered.filter((mutant) => id.includes(mutant.id));
  if (survivors) return ordered.filter((mutant) => journal.verdictOf(mutant)?.kind === "survived");
  if (sample !== undefined) return sampleable(ordered, { fullRun: await readFullRun(), compiler }).slice(0, sample);
  return isList ? ordered : ordered.filter((mutant) => journal.verdictOf(mutant) === undefined);
}

function checkNames(all: readonly Mutant[], { contract = [], id = [] }: Options): void {
  const contracts = new Set(all.map(({ file }) => basename(file, ".sol")));
  const ids = new Set(all.map((mutant) => mutant.id));
  const refuse = (field: string, value: string): never => {
    throw new PassportError("input.invalid", { field, problem: "there is none of this name", value });
  };
  for (const name of contract) if (!contracts.has(name)) refuse("--contract", name);
  for (const name of id) if (!ids.has(name)) refuse("--id", name);
}

/** All tests that some of the mutants run. */
function stagesOf(chosen: readonly Mutant[], compiler: Compiler) {
  const stages = [...new Set(chosen.map(({ file }) => file))].flatMap((file) => {
    const { own, others } = planTests({ id: "", file }, { compiler, kills: [] });
    return [...own, ...others];
  });
  return (["solidity", "mocha"] as const)
    .map((runner) => ({
      runner,
      files: [...new Set(stages.flatMap((stage) => (stage.runner === runner ? stage.files : [])))].toSorted(),
    }))
    .filter(({ files }) => files.length > 0);
}

function describe(mutant: Mutant, verdict: Verdict | undefined): string {
  const by = verdict?.kind === "killed" ? ` by "${verdict.by}"` : "";
  return `${verdict?.kind ?? "not run"}${by}: ${mutant.id}, line ${mutant.line}: ${changeOf(mutant)}`;
}

const killsOf = (mutants: readonly Mutant[], journal: Journal): readonly Kill[] =>
  mutants.flatMap((mutant) => {
    const verdict = journal.verdictOf(mutant);
    return verdict?.kind === "killed" ? [{ mutant, testFile: verdict.testFile }] : [];
  });

const judge = (mutants: readonly Mutant[], journal: Journal): readonly Judged[] =>
  mutants.map((mutant) => ({ mutant, verdict: journal.verdictOf(mutant) }));

function list(mutants: readonly Mutant[], { journal, options }: Pick<Choice, "journal" | "options">): void {
  const judged = judge(mutants, journal);
  if (options.json) printJson(judged.map(summaryOf));
  else for (const { mutant, verdict } of judged) console.log(describe(mutant, verdict));
}

async function report(
  mutants: readonly Mutant[],
  { journal, compiler }: Pick<Choice, "journal" | "compiler">,
): Promise<void> {
  const accepted = await readAcceptedSurvivors();
  await writeReport(judge(mutants, journal), { accepted, compiler, now: new Date() });
}

async function conclude(
  chosen: readonly Mutant[],
  { journal, options, seed }: Pick<Choice, "journal" | "options" | "seed">,
): Promise<void> {
  const accepted = await readAcceptedSurvivors();
  const judged = judge(chosen, journal);
  const figures = tally(judged, { accepted });
  const news = judged.filter(
    ({ mutant, verdict }) => verdict?.kind === "survived" && acceptanceOf(mutant, { accepted }) === undefined,
  );
  if (options.json) printJson({ seed, ...figures, newSurvivors: news.map(summaryOf) });
  else {
    for (const { mutant, verdict } of news) console.log(describe(mutant, verdict));
    console.log(
      `${figures.killed} killed, ${figures.survived} survived (${news.length} without a reason), ` +
        `${figures.equivalent} equivalent, ${figures.invalid} do not compile, ${figures.notRun} not run: ` +
        `${figures.score.toFixed(1)} %, seed ${seed}`,
    );
  }
  const isBelowGoal = options.sample === undefined && figures.score < GOAL;
  if (news.length > 0 || isBelowGoal) process.exitCode = EXIT_CODES.invalid;
}

function summaryOf({ mutant, verdict }: Judged): object {
  const { id, file, line, operator } = mutant;
  return { id, file, line, operator, change: changeOf(mutant), ...verdict };
}

await runCommand(command);

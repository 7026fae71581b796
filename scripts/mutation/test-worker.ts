/**
 * Runs the tests of one mutant after another in a process that has loaded Hardhat and the SDK already, which takes longer
 * than most mutants live. It is forked by start-test-worker.ts, which says what goes between the two.
 */
import { registerHooks } from "node:module";
import { join, relative } from "node:path";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import hre from "hardhat";
import Mocha from "mocha";
import { z } from "zod";
import { projectFolder } from "../lib/project-paths.js";
import { type TestOutcome, type TestStage, testStageSchema } from "./test-stage.js";

const TESTS = new URL("../../test/", import.meta.url).href;
const RUN = "run";
let runs = 0;

// What stands under test/ keeps chains and deployed contracts: it is loaded anew for each run, by the number of the run
// in its URL, which goes from a file to what it imports.
registerHooks({
  resolve: (specifier, context, nextResolve) => {
    const resolved = nextResolve(specifier, context);
    const run = URL.parse(context.parentURL ?? "")?.searchParams.get(RUN) ?? undefined;
    if (run === undefined || !resolved.url.startsWith(TESTS)) return resolved;
    const url = new URL(resolved.url);
    url.searchParams.set(RUN, run);
    return { ...resolved, url: url.href };
  },
});

async function runMocha(files: readonly string[]): Promise<TestOutcome> {
  // No single test has a limit, which it would exceed on a busy machine: the run as a whole has one.
  const mocha = new Mocha({ ...hre.config.test.mocha, bail: true, timeout: 0 });
  for (const file of files) mocha.addFile(join(projectFolder, file));
  runs += 1;
  // Safety: Mocha documents this option, and its types leave it out.
  const load = mocha.loadFilesAsync.bind(mocha) as (options: {
    readonly esmDecorator: (url: URL) => string;
  }) => Promise<void>;
  await load({ esmDecorator: (url) => `${url}?${RUN}=${runs}` });
  let failure: TestOutcome | undefined;
  let passed = 0;
  await new Promise((resolve) => {
    const runner = mocha.run(resolve);
    runner.on("pass", () => {
      passed += 1;
    });
    runner.once("fail", (test) => {
      failure = { kind: "failed", test: test.fullTitle(), file: pathOf(test.file ?? "") };
    });
  });
  // Else its listener for what nobody has caught would stay.
  mocha.dispose();
  // What a test has left behind, such as a promise that nobody awaited, must not fail one of the next mutant.
  await setTimeout(20);
  if (failure === undefined && passed === 0) throw new Error(`There is no test in ${files.join(", ")}`);
  return failure ?? { kind: "passed" };
}

const suiteResultsSchema = z.object({
  suiteResults: z.array(
    z.object({
      id: z.object({ source: z.string() }),
      testResults: z.array(z.object({ name: z.string(), status: z.string() })),
    }),
  ),
});

async function runSolidity(files: readonly string[]): Promise<TestOutcome> {
  const result = await hre.tasks.getTask(["test", "solidity"]).run({ testFiles: [...files], noCompile: true });
  const { suiteResults } = suiteResultsSchema.parse(result.success ? result.value : result.error);
  const tests = suiteResults.flatMap(({ id, testResults }) => testResults.map((test) => ({ ...test, id })));
  const failure = tests.find(({ status }) => status === "Failure");
  if (failure !== undefined)
    return { kind: "failed", test: failure.name, file: failure.id.source.replace(/^project\//, "") };
  if (!result.success || tests.length === 0) throw new Error(`The tests did not run: ${files.join(", ")}`);
  return { kind: "passed" };
}

const pathOf = (file: string): string => relative(projectFolder, file).replaceAll("\\", "/");

const run = ({ runner, files }: TestStage): Promise<TestOutcome> =>
  runner === "mocha" ? runMocha(files) : runSolidity(files);

process.on("message", (message) => {
  run(testStageSchema.parse(message)).then(
    (outcome) => process.send?.(outcome),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
// What a mutant leaves behind after its run concerns nobody; during a run Mocha listens as well.
process.on("unhandledRejection", () => undefined);

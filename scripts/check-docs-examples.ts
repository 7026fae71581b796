/**
 * Compiles every TypeScript example of the documentation against the built SDK, under the project's own compiler options,
 * and runs those that need neither a chain nor a network: the ones of the SDK's README. Those of the README and of the
 * guides are run by test/e2e/documentation.test.ts, against `npm run dev`.
 */
import { spawnSync } from "node:child_process";
import { glob, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { type DocumentationExample, documentationExamples } from "./lib/documentation-examples.js";

/** Examples in these files are run as well. */
const RUNNABLE = ["sdk/README.md"];

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, "cache", "docs-examples");

interface Example extends DocumentationExample {
  /** Path of the module that the block became. */
  readonly path: string;
}

const writeExamples = async (): Promise<readonly Example[]> => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const sources = await Array.fromAsync(
    // What is generated shows declarations, and examples that are fragments.
    glob(["*.md", "docs/**/*.md", "examples/*.md", "examples/*/*.md", "sdk/*.md"], {
      cwd: root,
      exclude: ["docs/reference/**"],
    }),
  );
  const examples: Example[] = [];
  for (const source of sources.sort()) {
    const found = documentationExamples(await readFile(join(root, source), "utf8"), { source });
    for (const [index, example] of found.entries()) {
      const path = join(folder, `${source.replaceAll("/", "-")}-${index + 1}.ts`);
      await writeFile(path, example.code);
      examples.push({ ...example, path });
    }
  }
  return examples;
};

const compilerOptions = (): ts.CompilerOptions => {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  // An example may name what it does not use further.
  return { ...options, noUnusedLocals: false, checkJs: false };
};

const compile = (examples: readonly Example[]): readonly string[] => {
  const program = ts.createProgram(
    examples.map(({ path }) => path),
    compilerOptions(),
  );
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
    const example = examples.find(({ path }) => path === diagnostic.file?.fileName);
    if (example === undefined || diagnostic.file === undefined) return message;
    const { line } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
    return `${example.source}:${example.line + line}: ${message}`;
  });
};

const run = ({ path, source, line }: Example): readonly string[] => {
  const { status, stdout, stderr } = spawnSync("tsx", [path], {
    cwd: root,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  return status === 0 ? [] : [`${source}:${line}: ended with ${status}\n${stdout}${stderr}`];
};

const examples = await writeExamples();
const errors = compile(examples);
const runnable = errors.length === 0 ? examples.filter(({ source }) => RUNNABLE.includes(source)) : [];
const failures = [...errors, ...runnable.flatMap(run)];

for (const failure of failures) process.stderr.write(`${failure}\n`);
if (failures.length > 0) process.exitCode = 1;
else {
  const sources = new Set(examples.map(({ source }) => source));
  process.stdout.write(
    `${examples.length} examples in ${[...sources].join(", ")} compile, ${runnable.length} of them ran.\n`,
  );
}

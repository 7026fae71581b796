import { readFile } from "node:fs/promises";
import { relative, sep } from "node:path";
import { expect } from "chai";
import ts from "typescript";
import { findFiles, projectRoot } from "../support/project-files.js";

/** Sources that users run or import; what biome cannot check of the rules in CONTRIBUTING is checked here. */
const SOURCES = ["sdk/src/**/*.ts", "services/**/*.ts", "cli/**/*.ts", "scripts/**/*.ts", "benchmarks/**/*.ts"];

/** How many lines above a type assertion its `// Safety:` comment may begin. */
const SAFETY_COMMENT_REACH = 4;

const parse = (name: string, text: string): ts.SourceFile =>
  ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);

const collect = <Node extends ts.Node>(source: ts.SourceFile, isWanted: (node: ts.Node) => node is Node): Node[] => {
  const found: Node[] = [];
  const visit = (node: ts.Node): void => {
    if (isWanted(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};

const lineOf = (source: ts.SourceFile, node: ts.Node): number =>
  source.getLineAndCharacterOfPosition(node.getStart(source)).line;

const describeLine = (source: ts.SourceFile, line: number): string => `${source.fileName}:${line + 1}`;

const isUncheckedAssertion = (node: ts.Node): node is ts.AsExpression =>
  ts.isAsExpression(node) && !ts.isConstTypeReference(node.type);

const findAssertionsWithoutReason = (source: ts.SourceFile): readonly string[] => {
  const lines = source.text.split("\n");
  return collect(source, isUncheckedAssertion)
    .map((node) => source.getLineAndCharacterOfPosition(node.type.getStart(source)).line)
    .filter(
      (line) =>
        !lines
          .slice(Math.max(0, line - SAFETY_COMMENT_REACH), line + 1)
          .join("\n")
          .includes("Safety:"),
    )
    .map((line) => describeLine(source, line));
};

const extendsError = (declaration: ts.ClassLikeDeclaration): boolean =>
  declaration.heritageClauses?.some((clause) => /^extends\s+\w*Error\b/.test(clause.getText())) ?? false;

const findClassesThatAreNoErrors = (source: ts.SourceFile): readonly string[] =>
  collect(source, ts.isClassLike)
    .filter((declaration) => !extendsError(declaration))
    .map((declaration) => describeLine(source, lineOf(source, declaration)));

const parseSources = async (): Promise<readonly ts.SourceFile[]> => {
  const files = (await Promise.all(SOURCES.map(findFiles))).flat().filter((file) => !file.endsWith(".test.ts"));
  return Promise.all(
    files.map(async (file) => parse(relative(projectRoot, file).replaceAll(sep, "/"), await readFile(file, "utf8"))),
  );
};

describe("type assertions", () => {
  it("sources: each has a `// Safety:` line that says why it holds", async () => {
    expect((await parseSources()).flatMap(findAssertionsWithoutReason)).to.deep.equal([]);
  });

  it("findAssertionsWithoutReason, one without a reason, reports its line", () => {
    const text =
      "const a = 1 as const;\n// Safety: checked above.\nconst b = a as Hex;\n\n\n\n\nconst c = b as Digest;\n";
    expect(findAssertionsWithoutReason(parse("x.ts", text))).to.deep.equal(["x.ts:8"]);
  });
});

describe("classes", () => {
  it("sources: only errors are classes", async () => {
    expect((await parseSources()).flatMap(findClassesThatAreNoErrors)).to.deep.equal([]);
  });

  it("findClassesThatAreNoErrors, a class that extends nothing, reports its line", () => {
    const text = "class A extends Error {}\nclass B extends PassportError {}\nclass C {}\n";
    expect(findClassesThatAreNoErrors(parse("x.ts", text))).to.deep.equal(["x.ts:3"]);
  });
});

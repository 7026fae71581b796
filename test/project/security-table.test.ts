import { readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { expect } from "chai";
import ts from "typescript";
import { findFiles, projectRoot } from "../support/project-files.js";

/** What hostile actors can and cannot do: titles of cells or tests, by the heading that they stand under. */
type Claims = Readonly<Record<string, readonly string[]>>;

const LINK_TO_TESTS = /\[[^\]]+\]\(\.\.\/(test\/[^)]+\/hostile\/[^)]+\.test\.ts)\)/;

const cellsOf = (row: string): readonly string[] =>
  row
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());

/** Claims of one section: its table has a heading in each column, and a claim in each cell that is not empty. */
const readTable = (section: string): Claims => {
  const [head = "", , ...rows] = section.split("\n").filter((line) => line.startsWith("|"));
  const columns = cellsOf(head).map((heading, column) => [
    heading,
    rows.map((row) => cellsOf(row)[column] ?? "").filter((claim) => claim !== ""),
  ]);
  return Object.fromEntries(columns);
};

/** Claims of a document, by the file of tests that each section links to. */
const readTables = (markdown: string): Readonly<Record<string, Claims>> =>
  Object.fromEntries(
    markdown.split(/^## /m).flatMap((section) => {
      const file = LINK_TO_TESTS.exec(section)?.[1];
      return file === undefined ? [] : [[file, readTable(section)]];
    }),
  );

/** Claims of a file of tests: what `describe` and `it` are called with, which has to be text and nothing computed. */
const readTests = (name: string, text: string): Claims => {
  const claims: Record<string, readonly string[]> = {};
  const visit = (node: ts.Node, heading: string): void => {
    let current = heading;
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && /^(describe|it)$/.test(node.expression.text)) {
      const title = node.arguments[0];
      if (title === undefined || !ts.isStringLiteralLike(title)) throw new Error(`${name}: a title that is not text`);
      if (node.expression.text === "describe") current = title.text;
      else claims[heading] = [...(claims[heading] ?? []), title.text];
    }
    ts.forEachChild(node, (child) => visit(child, current));
  };
  visit(ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true), "");
  return claims;
};

describe("docs/security.md", () => {
  it("each cell of a table is a test, and each test of a hostile actor a cell", async () => {
    const files = await findFiles("test/**/hostile/*.test.ts");
    const tests = await Promise.all(
      files.map(async (file) => {
        const name = relative(projectRoot, file).replaceAll(sep, "/");
        return [name, readTests(name, await readFile(file, "utf8"))] as const;
      }),
    );
    expect(tests.length, "files").to.be.greaterThan(10);
    const documented = readTables(await readFile(join(projectRoot, "docs", "security.md"), "utf8"));
    expect(documented).to.deep.equal(Object.fromEntries(tests));
  });

  it("readTables, a table with columns of different length, gives the claims of each", () => {
    const text = [
      "# Title",
      "## Thief",
      "[Tests](../test/contracts/hostile/thief.test.ts)",
      "| A thief cannot | A thief can |",
      "|---|---|",
      "| fly | run |",
      "| swim |  |",
      "## Without tests",
      "| a | b |",
    ].join("\n");
    expect(readTables(text)).to.deep.equal({
      "test/contracts/hostile/thief.test.ts": { "A thief cannot": ["fly", "swim"], "A thief can": ["run"] },
    });
  });

  it("readTests, tests under two headings, gives their titles; a computed title is refused", () => {
    const text =
      'describe("A thief cannot", () => { it("fly", () => {}); });\ndescribe("A thief can", () => it("run"));';
    expect(readTests("thief.test.ts", text)).to.deep.equal({ "A thief cannot": ["fly"], "A thief can": ["run"] });
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the source of a test with a computed title.
    expect(() => readTests("thief.test.ts", "it(`${fly}`, () => {})")).to.throw("a title that is not text");
  });
});

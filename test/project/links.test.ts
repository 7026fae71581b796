import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { expect } from "chai";
import { findFiles, projectRoot } from "../support/project-files.js";

const PAGES = ["*.md", "llms.txt", "{docs,sdk,cli,deployments,examples,test,benchmarks}/**/*.md"];

const nameOf = (file: string): string => relative(projectRoot, file).replaceAll(sep, "/");

/** Links of a page into the project, without their fragment. */
const findLinks = (page: string): readonly string[] =>
  [...page.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target));

const findBrokenLinks = (file: string, page: string): readonly string[] =>
  findLinks(page)
    .filter((target) => !existsSync(join(dirname(file), decodeURI(target))))
    .map((target) => `${nameOf(file)} points to ${target}`);

describe("links of the documentation", () => {
  it("pages point to files that there are", async () => {
    const files = (await Promise.all(PAGES.map(findFiles))).flat();
    const broken = await Promise.all(files.map(async (file) => findBrokenLinks(file, await readFile(file, "utf8"))));
    expect(files.map(nameOf)).to.include.members(["README.md", "llms.txt", "docs/architecture.md"]);
    expect(broken.flat()).to.deep.equal([]);
  });

  it("findBrokenLinks, a link to nowhere, names page and target", () => {
    const page = "[one](README.md), [two](nowhere.md#part), [three](https://example.com/x)";
    expect(findBrokenLinks(join(projectRoot, "PAGE.md"), page)).to.deep.equal(["PAGE.md points to nowhere.md"]);
  });

  it("llms.txt names every page of docs/ that is not generated or a decision", async () => {
    const named = await readFile(join(projectRoot, "llms.txt"), "utf8");
    const pages = (await findFiles("docs/*.md")).map(nameOf);
    expect(pages.filter((page) => !named.includes(`(${page})`))).to.deep.equal([]);
  });
});

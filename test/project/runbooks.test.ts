import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect } from "chai";
import type { Command } from "commander";
import { createProgram } from "../../cli/src/create-program.js";
import { commandsOf } from "../support/open-runbook.js";
import { findFiles, projectRoot } from "../support/project-files.js";

/** What stands in a runbook besides `npx passport`. */
const OTHER_COMMANDS = ["cp"];

const readRunbooks = async () => {
  const files = (await findFiles("docs/operations/*.md")).filter((file) => basename(file) !== "README.md");
  return await Promise.all(files.map(async (file) => [basename(file), await readFile(file, "utf8")] as const));
};

/** The names below a command that a line of a runbook goes through, or undefined if one of them does not exist. */
const findCommand = (program: Command, words: readonly string[]): Command | undefined => {
  const [name] = words;
  const below = program.commands.find((command) => command.name() === name);
  if (below === undefined) return undefined;
  return below.commands.length === 0 ? below : findCommand(below, words.slice(1));
};

const findUnknown = (page: string): readonly string[] => {
  const program = createProgram();
  return commandsOf(page).flatMap(({ command }) => {
    const [first = "", second, ...words] = command.split(" ");
    if (OTHER_COMMANDS.includes(first)) return [];
    const found = first === "npx" && second === "passport" ? findCommand(program, words) : undefined;
    if (found === undefined) return [command];
    const known = found.options.map(({ long }) => long);
    return words.filter((word) => word.startsWith("--") && !known.includes(word)).map((word) => `${command}: ${word}`);
  });
};

describe("runbooks", () => {
  it("each is played through by a test, and stands in the list", async () => {
    const test = await readFile(join(projectRoot, "test", "e2e", "runbooks.test.ts"), "utf8");
    const list = await readFile(join(projectRoot, "docs", "operations", "README.md"), "utf8");
    const names = (await readRunbooks()).map(([name]) => name);
    expect(names).to.have.length.above(8);
    expect(names.filter((name) => !test.includes(`play("${name}")`))).to.deep.equal([]);
    expect(names.filter((name) => !list.includes(`(${name})`))).to.deep.equal([]);
  });

  it("each command and option that one names exists, and it is said whose key it needs", async () => {
    for (const [name, page] of await readRunbooks()) {
      expect(findUnknown(page), name).to.deep.equal([]);
      expect(commandsOf(page).filter(({ who }) => who === "")).to.deep.equal([]);
    }
  });

  it("each says how to know that it worked, and what cannot be done", async () => {
    for (const [name, page] of await readRunbooks()) {
      const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
      expect(headings, name).to.include.members(["Do", "It worked when", "What cannot be done"]);
    }
  });

  it("findUnknown, a command or an option that there is not, names it", () => {
    const page = "```sh\n# anybody\nnpx passport verfy X\nnpx passport govern show --everything\n```\n";
    expect(findUnknown(page)).to.deep.equal([
      "npx passport verfy X",
      "npx passport govern show --everything: --everything",
    ]);
  });
});

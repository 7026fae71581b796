import { expect } from "chai";
import type { Command } from "commander";
import { createProgram } from "./create-program.js";

/** The commands that do something: what only has commands below it is left out. */
const commandsIn = (command: Command): readonly Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(commandsIn);

const pathOf = (command: Command): string =>
  command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;

const helpOf = (command: Command): string => {
  let help = "";
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  return help;
};

describe("createProgram", () => {
  const commands = commandsIn(createProgram());

  it("commands, also those below others, are found", () => {
    expect(commands.map(pathOf)).to.include.members(["passport verify", "passport doctor", "passport transfer offer"]);
  });

  for (const command of commands) {
    it(`${pathOf(command)} --help, has an example of this command`, () => {
      expect(helpOf(command)).to.match(new RegExp(`^Examples?:\n {2}\\$ [^]*${pathOf(command)} `, "m"));
    });
  }
});

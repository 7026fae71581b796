import { execFile } from "node:child_process";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execPath } from "node:process";
import type { GovernedSuite, Ran } from "./governed-suite.js";
import { projectRoot } from "./project-files.js";

/** Where the runbooks lie. */
const RUNBOOKS_FOLDER = join(projectRoot, "docs", "operations");

/** A command of a runbook, and whose key it needs. */
export interface RunbookCommand {
  readonly who: string;
  readonly command: string;
}

/** A runbook that is played. */
export interface Runbook {
  /** Runs the next command as it stands there. */
  readonly next: (expected?: { readonly exitCode: number }) => Promise<Ran>;
  /** From now on these variables have these values. */
  readonly set: (values: Readonly<Record<string, string>>) => Promise<void>;
  /** Fails if commands are left. */
  readonly finish: () => void;
}

/** What asks before it signs gets its answer here. */
const ASKS = /^npx passport (administer|govern (propose|sign|queue|execute|cancel))\b/;

/**
 * Reads the commands of a runbook.
 *
 * @param page - its text
 * @returns the commands in their order
 */
export function commandsOf(page: string): readonly RunbookCommand[] {
  const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);
  return blocks.flatMap((block) => {
    let who = "";
    return block.split("\n").flatMap((line) => {
      if (line.startsWith("# ")) who = line.slice(2).split(":")[0] ?? "";
      return line === "" || line.startsWith("#") ? [] : [{ who, command: line }];
    });
  });
}

/**
 * Opens a runbook to be played, in the folder of the suite and by a shell.
 *
 * @param name - of its file
 * @param options - the suite; whose keys the words above the commands mean
 * @returns the runbook, at its first command
 */
export async function openRunbook(
  name: string,
  options: {
    readonly suite: GovernedSuite;
    readonly people: Readonly<Record<string, { readonly privateKey: string }>>;
  },
): Promise<Runbook> {
  const { people, suite } = options;
  const { folder, url } = suite;
  const page = await readFile(join(RUNBOOKS_FOLDER, name), "utf8");
  const left = [...commandsOf(page)];
  const bin = await installPassport(folder);
  let environment: Readonly<Record<string, string>> = {
    PATH: `${bin}${delimiter}${process.env["PATH"]}`,
    NO_COLOR: "1",
    PASSPORT_RPC_URL: url,
    NETWORK: suite.addressBook.network,
    MANAGER: suite.addressBook.contracts.manager.address,
  };

  return {
    set: async (values) => {
      environment = { ...environment, ...values };
      for (const [, file = "", content = ""] of page.matchAll(/^```json (\S+)\n([\s\S]*?)^```$/gm)) {
        const filled = content.replace(/\$([A-Z_]+)/g, (word, key: string) => environment[key] ?? word);
        await writeFile(join(folder, file), filled);
      }
    },
    next: async (expected = { exitCode: 0 }) => {
      const { command, who } = left.shift() ?? { command: "", who: "" };
      const person = people[who];
      if (person === undefined) throw new Error(`${name}: nobody plays "${who}" of: ${command}`);
      const asked = ASKS.test(command) ? `${command} --yes` : command;
      const ran = await runShell(asked, { folder, environment: { ...environment, PASSPORT_KEY: person.privateKey } });
      if (ran.exitCode === expected.exitCode) return ran;
      throw new Error(`${name}: ${command}\nexit code ${ran.exitCode}\n${ran.stdout}\n${ran.stderr}`);
    },
    finish: () => {
      if (left.length > 0) throw new Error(`${name}: not played: ${left.map(({ command }) => command).join("\n")}`);
    },
  };
}

/** Makes `npx passport` the built command. */
async function installPassport(folder: string): Promise<string> {
  const bin = join(folder, "bin");
  await mkdir(bin, { recursive: true });
  const program = join(projectRoot, "cli", "bin", "passport.js");
  await writeFile(join(bin, "npx"), `#!/bin/sh\nshift\nexec "${execPath}" "${program}" "$@"\n`);
  await chmod(join(bin, "npx"), 0o755);
  return bin;
}

function runShell(
  command: string,
  { environment, folder }: { readonly environment: Readonly<Record<string, string>>; readonly folder: string },
): Promise<Ran> {
  return new Promise((resolve) => {
    // A variable that nobody has set ends the command, as it would end in a wrong one.
    const child = execFile("sh", ["-uc", command], { cwd: folder, env: environment }, (_, stdout, stderr) =>
      resolve({ exitCode: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

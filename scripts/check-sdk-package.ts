/**
 * Packs the SDK as `npm publish` would, installs it in an empty project, and uses it there: what a stranger gets.
 */
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const root = fileURLToPath(new URL("..", import.meta.url));

const manifestSchema = z.object({
  name: z.string(),
  exports: z.record(z.string(), z.unknown()),
  devDependencies: z.object({ ethers: z.string() }),
});
const packedSchema = z
  .array(z.object({ filename: z.string(), size: z.number(), files: z.array(z.object({ path: z.string() })) }))
  .length(1);

const run = (folder: string, command: string, commandArguments: readonly string[]): string => {
  // On Windows, npm and tsc are command files, which only a shell can start.
  const shell = process.platform === "win32";
  const result = spawnSync(command, commandArguments, { cwd: folder, encoding: "utf8", shell });
  if (result.status !== 0) {
    const said = `${result.stdout ?? ""}${result.stderr ?? ""}${result.error?.message ?? ""}`;
    throw new Error(`${command} ${commandArguments.join(" ")} failed in ${folder}:\n${said}`);
  }
  return result.stdout;
};

const refuse = (what: string, found: readonly string[]): void => {
  if (found.length > 0) throw new Error(`The package of the SDK holds ${what}: ${found.join(", ")}`);
};

const checkContents = (paths: readonly string[]): void => {
  refuse(
    "files that no user needs",
    paths.filter((path) => /\.test\.|tsbuildinfo|^src\//.test(path)),
  );
  for (const needed of ["package.json", "LICENSE", "dist/index.js", "dist/index.d.ts"])
    if (!paths.includes(needed)) throw new Error(`The package of the SDK lacks ${needed}`);
};

/** Every contract's bytecode begins by setting the free memory pointer. */
const checkNoBytecode = async (packageFolder: string, paths: readonly string[]): Promise<void> => {
  const scripts = paths.filter((path) => path.endsWith(".js"));
  const contents = await Promise.all(scripts.map((path) => readFile(join(packageFolder, path), "utf8")));
  refuse(
    "contract bytecode",
    scripts.filter((_, index) => /0x60[8ac]0(604052|8060)/.test(contents[index] ?? "")),
  );
};

const writeConsumer = async (folder: string, entries: readonly string[]): Promise<void> => {
  const imports = entries.map((entry, index) => `import * as entry${index} from ${JSON.stringify(entry)};`);
  const checks = entries.map(
    (entry, index) => `if (Object.keys(entry${index}).length === 0) throw new Error("${entry} exports nothing");`,
  );
  await writeFile(join(folder, "consumer.mts"), [...imports, ...checks].join("\n"));
  const compilerOptions = { module: "NodeNext", target: "ES2022", strict: true, types: [], skipLibCheck: true };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["consumer.mts"] }));
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
};

const folder = await mkdtemp(join(tmpdir(), "sdk-package-"));
try {
  const manifest = manifestSchema.parse(JSON.parse(await readFile(join(root, "sdk", "package.json"), "utf8")));
  const packArguments = ["pack", "--json", "--silent", "--ignore-scripts", "--pack-destination", folder];
  const [packed] = packedSchema.parse(JSON.parse(run(join(root, "sdk"), "npm", packArguments)));
  if (packed === undefined) throw new Error("npm pack named no file");
  const paths = packed.files.map(({ path }) => path);
  checkContents(paths);

  const entries = Object.keys(manifest.exports)
    .filter((entry) => entry !== "./package.json")
    .map((entry) => manifest.name + entry.slice(1));
  await writeConsumer(folder, entries);
  run(folder, "npm", [
    "install",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--prefer-offline",
    "--loglevel=error",
    join(folder, packed.filename),
    `ethers@${manifest.devDependencies.ethers}`,
  ]);
  await checkNoBytecode(join(folder, "node_modules", ...manifest.name.split("/")), paths);
  run(folder, join(root, "node_modules", ".bin", "tsc"), ["--project", folder]);
  run(folder, process.execPath, ["consumer.mjs"]);
  console.log(
    `${manifest.name}: ${paths.length} files, ${(packed.size / 1024).toFixed(0)} KiB packed; works when installed`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}

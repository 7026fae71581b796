/**
 * Packs the SDK, the relay and the command as `npm publish` would, installs them in an empty project, and uses them there: what a
 * stranger gets.
 */
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { version as ethersVersion } from "ethers";
import { z } from "zod";

const root = fileURLToPath(new URL("..", import.meta.url));

const manifestSchema = z.object({
  name: z.string(),
  exports: z.record(z.string(), z.unknown()),
});
const packedSchema = z
  .array(z.object({ filename: z.string(), size: z.number(), files: z.array(z.object({ path: z.string() })) }))
  .length(1);

interface PackedPackage {
  readonly manifest: z.infer<typeof manifestSchema>;
  /** Files in the package. */
  readonly paths: readonly string[];
  /** The packed file. */
  readonly file: string;
  /** In bytes. */
  readonly size: number;
}

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

const refuse = (name: string, what: string, found: readonly string[]): void => {
  if (found.length > 0) throw new Error(`The package ${name} holds ${what}: ${found.join(", ")}`);
};

const checkContents = (name: string, paths: readonly string[]): void => {
  refuse(
    name,
    "files that no user needs",
    paths.filter((path) => /\.test\.|tsbuildinfo|^src\//.test(path)),
  );
  for (const needed of ["package.json", "LICENSE"])
    if (!paths.includes(needed)) throw new Error(`The package ${name} lacks ${needed}`);
};

/** Every contract's bytecode begins by setting the free memory pointer. */
const checkNoBytecode = async (packageFolder: string, paths: readonly string[]): Promise<void> => {
  const scripts = paths.filter((path) => path.endsWith(".js"));
  const contents = await Promise.all(scripts.map((path) => readFile(join(packageFolder, path), "utf8")));
  refuse(
    "of the SDK",
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

/** Packs one of the workspaces, and looks at what is in it. */
const pack = async (workspace: string, folder: string): Promise<PackedPackage> => {
  const source = join(root, workspace);
  const manifest = manifestSchema.parse(JSON.parse(await readFile(join(source, "package.json"), "utf8")));
  const packArguments = ["pack", "--json", "--silent", "--ignore-scripts", "--pack-destination", folder];
  const [packed] = packedSchema.parse(JSON.parse(run(source, "npm", packArguments)));
  if (packed === undefined) throw new Error("npm pack named no file");
  const paths = packed.files.map(({ path }) => path);
  checkContents(manifest.name, paths);
  return { manifest, paths, file: join(folder, packed.filename), size: packed.size };
};

const folder = await mkdtemp(join(tmpdir(), "packages-"));
try {
  const packages = await Promise.all([pack("sdk", folder), pack("services/relay", folder), pack("cli", folder)]);
  const [sdk] = packages;
  const entries = packages.flatMap(({ manifest }) =>
    Object.keys(manifest.exports)
      .filter((entry) => entry !== "./package.json")
      .map((entry) => manifest.name + entry.slice(1)),
  );
  await writeConsumer(folder, entries);
  run(folder, "npm", [
    "install",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--prefer-offline",
    "--loglevel=error",
    ...packages.map(({ file }) => file),
    `ethers@${ethersVersion}`,
  ]);
  await checkNoBytecode(join(folder, "node_modules", ...sdk.manifest.name.split("/")), sdk.paths);
  run(folder, join(root, "node_modules", ".bin", "tsc"), ["--project", folder]);
  run(folder, process.execPath, ["consumer.mjs"]);
  run(folder, "npx", ["--no-install", "passport", "issue", "--help"]);
  run(folder, "npx", [
    "--no-install",
    "passport",
    "qr",
    "https://id.weg.example/01/09521122000019/21/1",
    "--out",
    "1.png",
  ]);
  for (const { manifest, paths, size } of packages) {
    console.log(
      `${manifest.name}: ${paths.length} files, ${(size / 1024).toFixed(0)} KiB packed; works when installed`,
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

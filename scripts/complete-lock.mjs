/**
 * Completes package-lock.json with the optional packages of other platforms.
 *
 * Run after every `npm install` that changes the lock file: `npm run lock:complete`. A registry or mirror that does
 * not serve some platform's package makes npm leave it out of the lock, and `npm ci` then refuses the lock file on
 * every machine. The entries added have a version but no integrity: the registry did not tell it.
 * With `--check` nothing is written; the exit code is 1 when something is missing.
 */
import { readFileSync, realpathSync, writeFileSync } from "node:fs";
import { argv, exit } from "node:process";
import { fileURLToPath } from "node:url";

/** Platform words in package names, as the publishers write them, and what npm calls them. */
const OS_WORDS = {
  darwin: "darwin",
  linux: "linux",
  win32: "win32",
  win: "win32",
  android: "android",
  freebsd: "freebsd",
};
const CPU_WORDS = { x64: "x64", amd64: "x64", arm64: "arm64", ia32: "ia32" };
const LIBC_WORDS = { musl: "musl", gnu: "glibc" };

/** @param {string} name of a package, such as "@biomejs/cli-linux-x64-musl" */
export const platformOfName = (name) => {
  const words = name.split(/[-/]/);
  /** @param {Record<string, string>} table */
  const pick = (table) => words.map((word) => table[word]).filter((word) => word !== undefined);
  return { os: pick(OS_WORDS), cpu: pick(CPU_WORDS), libc: pick(LIBC_WORDS) };
};

/**
 * Whether Node would find a dependency of the package at `path`: in its own folder first, then in its parents'.
 * @param {Readonly<Record<string, object>>} packages
 * @param {string} path
 * @param {string} name
 */
const isResolvable = (packages, path, name) => {
  for (let folder = path; ; ) {
    const prefix = folder === "" ? "" : `${folder}/`;
    if (packages[`${prefix}node_modules/${name}`] !== undefined) return true;
    if (folder === "") return false;
    const parent = folder.lastIndexOf("/node_modules/");
    folder = parent < 0 ? "" : folder.slice(0, parent);
  }
};

/**
 * Finds the optional dependencies that a lock file names but does not hold.
 * @param {Readonly<Record<string, { version?: string, optionalDependencies?: Record<string, string> }>>} packages  `packages` of package-lock.json
 * @returns {{ name: string, version: string }[]}
 */
export const findMissingOptionalPackages = (packages) =>
  Object.entries(packages).flatMap(([path, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => !isResolvable(packages, path, name))
      .map(([name, version]) => ({ name, version })),
  );

const main = () => {
  const lockPath = fileURLToPath(new URL("../package-lock.json", import.meta.url));
  const lock = JSON.parse(readFileSync(lockPath, "utf8"));
  const missing = findMissingOptionalPackages(lock.packages);
  if (missing.length === 0) return;
  const names = missing.map(({ name, version }) => `${name}@${version}`).join("\n  ");
  if (argv.includes("--check")) {
    console.error(
      `package-lock.json misses optional packages of other platforms (npm run lock:complete adds them):\n  ${names}`,
    );
    exit(1);
  }
  for (const { name, version } of missing) {
    const { os, cpu, libc } = platformOfName(name);
    if (!/^\d+\.\d+\.\d+$/.test(version) || os.length !== 1 || cpu.length !== 1) {
      console.error(`Cannot tell version and platform of ${name}@${version}; add it to package-lock.json by hand.`);
      exit(1);
    }
    lock.packages[`node_modules/${name}`] = {
      version,
      cpu,
      dev: true,
      ...(libc.length > 0 && { libc }),
      optional: true,
      os,
    };
  }
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, "en"));
  lock.packages = Object.fromEntries(sorted);
  writeFileSync(lockPath, `${JSON.stringify(lock, undefined, 2)}\n`);
  console.log(`Added to package-lock.json:\n  ${names}`);
};

if (argv[1] !== undefined && fileURLToPath(import.meta.url) === realpathSync(argv[1])) main();

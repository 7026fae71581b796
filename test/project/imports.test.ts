import { readFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { expect } from "chai";
import ts from "typescript";
import { findFiles, projectRoot } from "../support/project-files.js";

/** Which parts of the project a part may import from, besides itself. */
const PART_IMPORTS: Readonly<Record<string, readonly string[]>> = {
  deployments: [],
  sdk: [],
  services: ["sdk"],
  web: ["sdk"],
  cli: ["sdk", "services", "deployments"],
  scripts: ["sdk", "services", "deployments", "cli"],
  benchmarks: ["sdk", "services", "deployments", "cli", "scripts", "test"],
  test: ["sdk", "services", "deployments", "scripts", "cli", "web", "benchmarks"],
};

/** The floors of the SDK, the lowest first. Files that lie in sdk/src itself are the entries, above all floors. */
const SDK_FLOORS: readonly (readonly string[])[] = [
  ["errors"],
  ["primitives", "contracts"],
  ["identifier", "document", "signing", "chain"],
  ["submit"],
  ["passport", "label", "encryption"],
  ["verify", "governance"],
  ["bundle"],
  ["maintenance", "readings"],
  ["client"],
];

const sdkSource = join(projectRoot, "sdk", "src");

interface Import {
  readonly file: string;
  readonly specifier: string;
}

const readImports = async (file: string): Promise<readonly Import[]> =>
  ts.preProcessFile(await readFile(file, "utf8")).importedFiles.map(({ fileName }) => ({ file, specifier: fileName }));

const describeImport = ({ file, specifier }: Import): string =>
  `${relative(projectRoot, file).replaceAll(sep, "/")} imports ${specifier}`;

const isRelative = (specifier: string): boolean => specifier.startsWith(".");

const resolveTarget = ({ file, specifier }: Import): string =>
  resolve(dirname(file), specifier.replace(/\.js$/, ".ts"));

const packageOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

/** The part of the project that an import reaches; undefined for a package from npm. */
const partOfTarget = (entry: Import): string | undefined => {
  if (isRelative(entry.specifier)) return relative(projectRoot, resolveTarget(entry)).split(sep)[0];
  return /^@digital-product-passport\/([^/]+)/.exec(entry.specifier)?.[1];
};

const findPartViolations = (part: string, imports: readonly Import[]): readonly string[] => {
  const allowed = [part, ...(PART_IMPORTS[part] ?? [])];
  return imports
    .filter((entry) => {
      const target = partOfTarget(entry);
      return target !== undefined && target in PART_IMPORTS && !allowed.includes(target);
    })
    .map(describeImport);
};

const sdkFolderOf = (file: string): string => {
  const [folder, ...rest] = relative(sdkSource, file).split(sep);
  return folder === undefined || rest.length === 0 ? "" : folder;
};

const sdkFloorOf = (file: string): number => {
  const folder = sdkFolderOf(file);
  if (folder === "") return SDK_FLOORS.length;
  const floor = SDK_FLOORS.findIndex((folders) => folders.includes(folder));
  if (floor < 0) throw new Error(`sdk/src/${folder} has no floor: give it one in ${import.meta.filename}`);
  return floor;
};

const findFloorViolations = (imports: readonly Import[]): readonly string[] =>
  imports
    .filter(({ specifier }) => isRelative(specifier))
    .filter((entry) => {
      const target = resolveTarget(entry);
      if (sdkFolderOf(target) === sdkFolderOf(entry.file)) return false;
      return sdkFloorOf(target) >= sdkFloorOf(entry.file);
    })
    .map(describeImport);

const isTest = (file: string): boolean => file.endsWith(".test.ts");

/** Every import of the files that an entry reaches inside the SDK. */
const collectReachableImports = async (entry: string): Promise<readonly Import[]> => {
  const pending = [entry];
  const seen = new Set(pending);
  const collected: Import[] = [];
  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    const imports = await readImports(file);
    collected.push(...imports);
    for (const target of imports.filter(({ specifier }) => isRelative(specifier)).map(resolveTarget)) {
      if (!seen.has(target)) pending.push(target);
      seen.add(target);
    }
  }
  return collected;
};

describe("imports between the parts of the project", () => {
  for (const part of Object.keys(PART_IMPORTS)) {
    it(`${part}: only from the parts below it`, async () => {
      const files = await findFiles(`${part}/**/*.ts`);
      const imports = (await Promise.all(files.map(readImports))).flat();
      expect(findPartViolations(part, imports)).to.deep.equal([]);
    });
  }

  it("findPartViolations, an import upwards by path or by package name, reports it", () => {
    const file = join(sdkSource, "chain", "read.ts");
    const specifiers = ["../../../scripts/start.js", "@digital-product-passport/services", "ethers", "./other.js"];
    const found = findPartViolations(
      "sdk",
      specifiers.map((specifier) => ({ file, specifier })),
    );
    expect(found).to.deep.equal([
      "sdk/src/chain/read.ts imports ../../../scripts/start.js",
      "sdk/src/chain/read.ts imports @digital-product-passport/services",
    ]);
  });
});

describe("imports between the floors of the SDK", () => {
  it("sources: only from their own folder or a lower floor", async () => {
    const files = (await findFiles("sdk/src/**/*.ts")).filter((file) => !isTest(file));
    const imports = (await Promise.all(files.map(readImports))).flat();
    expect(files, "the SDK has sources").not.to.deep.equal([]);
    expect(findFloorViolations(imports)).to.deep.equal([]);
  });

  it("floors: stand in docs/architecture.md as they are here, the highest first", async () => {
    const page = await readFile(join(projectRoot, "docs", "architecture.md"), "utf8");
    const rows = [...page.matchAll(/^\| (\d+) \| ([^|]+) \|/gm)].map(([, floor, folders = ""]) => [
      Number(floor),
      [...folders.matchAll(/`([^`]+)`/g)].map(([, folder]) => folder),
    ]);
    expect(rows).to.deep.equal([...SDK_FLOORS.entries()].toReversed());
  });

  it("findFloorViolations, a higher floor or a neighbour on the same one, reports it", () => {
    const file = join(sdkSource, "document", "encode.ts");
    const specifiers = [
      "../client/create.js",
      "../signing/digest.js",
      "../errors/fail.js",
      "./schema.js",
      "../index.js",
    ];
    const found = findFloorViolations(specifiers.map((specifier) => ({ file, specifier })));
    expect(found).to.deep.equal([
      "sdk/src/document/encode.ts imports ../client/create.js",
      "sdk/src/document/encode.ts imports ../signing/digest.js",
      "sdk/src/document/encode.ts imports ../index.js",
    ]);
  });

  it("sources: only packages that the SDK's package.json lets the user install", async () => {
    const manifest = JSON.parse(await readFile(join(projectRoot, "sdk", "package.json"), "utf8"));
    const installed = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    const files = (await findFiles("sdk/src/**/*.ts")).filter((file) => !isTest(file));
    const foreign = (await Promise.all(files.map(readImports)))
      .flat()
      .filter(({ specifier }) => !isRelative(specifier) && !specifier.startsWith("node:"))
      .filter(({ specifier }) => !installed.includes(packageOf(specifier)));
    expect(foreign.map(describeImport)).to.deep.equal([]);
  });

  for (const entry of ["index.ts", "readings.ts"]) {
    it(`${entry}: reaches neither Node's modules nor Kubo's client, so that it runs in a browser`, async () => {
      const imports = await collectReachableImports(join(sdkSource, entry));
      const foreign = imports.filter(
        ({ specifier }) => specifier.startsWith("node:") || packageOf(specifier) === "kubo-rpc-client",
      );
      expect(foreign.map(describeImport)).to.deep.equal([]);
    });
  }
});

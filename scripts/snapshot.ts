/**
 * Writes snapshots/: the ABI, the storage layout and the size of every contract that is deployed, so that a change of
 * any of them shows in review. With `--check`, writes nothing and fails if a file is not what would be written.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { argv } from "node:process";
import { dataLength, ErrorFragment, EventFragment, type Fragment, FunctionFragment, Interface } from "ethers";
import { artifacts } from "hardhat";
import { z } from "zod";
import { type GeneratedFile, keepCommitted } from "./lib/keep-committed.js";
import { projectFolder } from "./lib/project-paths.js";

const DEPLOYED = [
  "AttestationRelay",
  "DigitalPassport",
  "DigitalPassportFactory",
  "PassportRegistry",
  "ReadingsAnchor",
  "WEGManager",
] as const;

/** What a brand's manager has to answer to, besides the deployed contracts. */
const INTERFACES = ["IManufacturerManager"] as const;

/** Largest deployed code (EIP-170) and largest code of a deployment (EIP-3860), in bytes. */
const LIMITS = { runtime: 24_576, init: 49_152 } as const;

const variablesSchema = z.array(z.object({ label: z.string(), slot: z.string(), offset: z.int(), type: z.string() }));

const layoutSchema = z.object({
  storage: variablesSchema,
  types: z.nullable(
    z.record(
      z.string(),
      z.object({ label: z.string(), numberOfBytes: z.string(), members: z.optional(variablesSchema) }),
    ),
  ),
});

type Layout = z.infer<typeof layoutSchema>;

const readAbi = async (name: string): Promise<GeneratedFile> => {
  const { abi } = await artifacts.readArtifact(name);
  return { path: `abi/${name}.txt`, text: formatAbi(Interface.from(JSON.stringify(abi))) };
};

/** What an ABI says, in the order in which it is shown. */
const KINDS = ["constructor", "function", "event", "error"] as const;

/** One line each: functions and errors with their selectors, events with their topics. */
const formatAbi = ({ fragments }: Interface): string => {
  const lines = KINDS.flatMap((kind) =>
    fragments
      .filter(({ type }) => type === kind)
      .map(lineOfFragment)
      .toSorted(),
  );
  return `${lines.join("\n")}\n`;
};

const lineOfFragment = (fragment: Fragment): string => {
  const text = fragment.format("full");
  if (fragment instanceof EventFragment) return `${text} // ${fragment.topicHash}`;
  const hasSelector = fragment instanceof FunctionFragment || fragment instanceof ErrorFragment;
  return hasSelector ? `${text} // ${fragment.selector}` : text;
};

const readLayout = async (name: string): Promise<GeneratedFile> => {
  const { sourceName } = await artifacts.readArtifact(name);
  const buildInfoId = await artifacts.getBuildInfoId(name);
  const output = buildInfoId === undefined ? undefined : await artifacts.getBuildInfoOutputPath(buildInfoId);
  if (output === undefined) throw new Error(`${name} has no build info. Run \`npm run build\`.`);
  const { output: compiled } = JSON.parse(await readFile(output, "utf8"));
  const layout = layoutSchema.parse(compiled.contracts[`project/${sourceName}`][name].storageLayout);
  return { path: `storage-layout/${name}.txt`, text: formatLayout(layout) };
};

/** A line per variable, then every struct with a line per member, whose slots count from where the struct begins. */
const formatLayout = ({ storage, types }: Layout): string => {
  const described = types ?? {};
  const lineOf = ({ label, slot, offset, type }: Layout["storage"][number]): string => {
    const { label: typeName, numberOfBytes } = described[type] ?? {};
    return `slot ${slot} offset ${offset} bytes ${numberOfBytes}: ${label} (${typeName})`;
  };
  const structs = Object.values(described)
    .flatMap(({ label, members }) => (members === undefined ? [] : [{ label, members }]))
    .toSorted((one, other) => (one.label < other.label ? -1 : 1))
    .flatMap(({ label, members }) => ["", label, ...members.map((member) => `  ${lineOf(member)}`)]);
  const lines = [...storage.map(lineOf), ...structs];
  return `${lines.length === 0 ? "no storage" : lines.join("\n")}\n`;
};

const readSize = async (name: string) => {
  const { bytecode, deployedBytecode } = await artifacts.readArtifact(name);
  const [runtime, init] = [dataLength(deployedBytecode), dataLength(bytecode)];
  return [
    name,
    {
      runtimeBytes: runtime,
      runtimeMarginBytes: LIMITS.runtime - runtime,
      initBytes: init,
      initMarginBytes: LIMITS.init - init,
    },
  ] as const;
};

const sizes = Object.fromEntries(await Promise.all(DEPLOYED.map(readSize)));
const files = [
  ...(await Promise.all([...DEPLOYED, ...INTERFACES].map(readAbi))),
  ...(await Promise.all(DEPLOYED.map(readLayout))),
  { path: "sizes.json", text: `${JSON.stringify(sizes, null, 2)}\n` },
];

const check = argv.includes("--check");
const folder = join(projectFolder, "snapshots");
const problem = await keepCommitted(files, { folder, check, command: "npm run snapshot" });
if (problem === undefined) {
  console.log(check ? "snapshots/ is what the contracts are" : "Wrote snapshots/");
} else {
  console.error(`In snapshots/, ${problem}`);
  process.exitCode = 1;
}

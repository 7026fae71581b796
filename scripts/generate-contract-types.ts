/**
 * Writes the SDK's contract types and ABIs to sdk/src/contracts/, from the compiled contracts.
 *
 * Only ABIs are handed on: the SDK talks to contracts that are deployed, so it carries no bytecode.
 * Nothing is written when neither an ABI nor the generator has changed.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { glob, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runTypeChain } from "typechain";
import { z } from "zod";

/** The contracts that the SDK talks to. Interfaces stand for what each brand implements for itself. */
const CONTRACT_NAMES = [
  "AttestationRelay",
  "DigitalPassport",
  "DigitalPassportFactory",
  "IManufacturerManager",
  "PassportRegistry",
  "ReadingsAnchor",
  "TimelockController",
  "WEGManager",
] as const;

const root = fileURLToPath(new URL("..", import.meta.url));
const targetFolder = join(root, "sdk", "src", "contracts");
const inputsHashPath = join(targetFolder, ".inputs-hash");

const artifactSchema = z.object({ abi: z.array(z.looseObject({ type: z.string() })) });

interface ContractAbi {
  readonly name: string;
  readonly json: string;
}

const readAbi = async (name: string): Promise<ContractAbi> => {
  const paths = await Array.fromAsync(
    glob(`artifacts/{contracts,@openzeppelin}/**/${name}.sol/${name}.json`, { cwd: root }),
  );
  const [path] = paths;
  if (path === undefined || paths.length > 1)
    throw new Error(`Expected one compiled contract ${name}, found ${paths.length}. Run \`npm run build\`.`);
  const { abi } = artifactSchema.parse(JSON.parse(await readFile(join(root, path), "utf8")));
  return { name, json: JSON.stringify(abi) };
};

const hashInputs = async (abis: readonly ContractAbi[]): Promise<string> => {
  const require = createRequire(import.meta.url);
  const hash = createHash("sha256");
  for (const generator of ["typechain/package.json", "@typechain/ethers-v6/package.json"])
    hash.update(await readFile(require.resolve(generator)));
  hash.update(await readFile(fileURLToPath(import.meta.url)));
  for (const { name, json } of abis) hash.update(`${name}\n${json}\n`);
  return hash.digest("hex");
};

const generate = async (abis: readonly ContractAbi[]): Promise<void> => {
  const inputFolder = await mkdtemp(join(tmpdir(), "contract-abis-"));
  try {
    const files = await Promise.all(
      abis.map(async ({ name, json }) => {
        const file = join(inputFolder, `${name}.json`);
        await writeFile(file, json);
        return file.replaceAll("\\", "/");
      }),
    );
    await runTypeChain({
      cwd: root,
      allFiles: files,
      filesToProcess: files,
      outDir: targetFolder,
      target: "ethers-v6",
      flags: {
        alwaysGenerateOverloads: false,
        discriminateTypes: false,
        environment: undefined,
        node16Modules: true,
        // TypeChain's output does not keep our compiler flags; what it exports is checked where it is used.
        tsNocheck: true,
      },
    });
  } finally {
    await rm(inputFolder, { recursive: true, force: true });
  }
};

const abis = await Promise.all(CONTRACT_NAMES.map(readAbi));
const inputsHash = await hashInputs(abis);
const lastHash = existsSync(inputsHashPath) ? await readFile(inputsHashPath, "utf8") : undefined;
if (inputsHash !== lastHash) {
  await rm(targetFolder, { recursive: true, force: true });
  await mkdir(targetFolder, { recursive: true });
  await generate(abis);
  // Last, so that an interrupted run is not taken for a finished one.
  await writeFile(inputsHashPath, inputsHash);
  console.log(`Generated the types of ${abis.length} contracts for the SDK`);
}

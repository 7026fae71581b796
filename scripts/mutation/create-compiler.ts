import { existsSync, globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { z } from "zod";
import { projectFolder } from "../lib/project-paths.js";
import { asNode, childrenOf, type SyntaxNode, textOf } from "./syntax-tree.js";

/** A contract by the source that declares it. */
export interface ContractName {
  readonly sourceName: string;
  readonly contractName: string;
}

/** What a contract became. */
export interface CompiledContract extends ContractName {
  readonly bytecode: string;
  readonly deployedBytecode: string;
}

/** Compiles in this process: loading the compiler takes as long as compiling does. */
export interface Compiler {
  /** Sources of the project, contracts and Solidity tests, by their path. */
  readonly sources: ReadonlyMap<string, string>;
  readonly treeOf: (sourceName: string) => SyntaxNode;
  /** Whether one source imports the other, itself or through those that it imports. */
  readonly dependsOn: (sourceName: string, imported: string) => boolean;
  /** The contracts with one source replaced, or the reason why they do not compile. */
  readonly compile: (
    contracts: readonly ContractName[],
    options: CompileOptions,
  ) => readonly CompiledContract[] | string;
}

/** How contracts are compiled. */
export interface CompileOptions {
  readonly replaced: { readonly sourceName: string; readonly source: string };
  /** As the tests run it; or as short as the compiler can in a second, by which equal programs are known. */
  readonly settings: "tested" | "optimized";
}

const SETTINGS = {
  tested: {
    evmVersion: "prague",
    optimizer: { enabled: false, details: { yul: true, yulDetails: { stackAllocation: true, optimizerSteps: ":" } } },
  },
  optimized: { evmVersion: "prague", optimizer: { enabled: true, runs: 10_000 } },
};

const compilerSchema = z.object({
  compile: z.function({ input: [z.string(), z.object({ import: z.unknown() })], output: z.string() }),
});

const codeSchema = z.object({ object: z.string() });
const outputSchema = z.object({
  errors: z.array(z.object({ severity: z.string(), formattedMessage: z.string() })).default([]),
  sources: z.record(z.string(), z.object({ ast: z.unknown().optional() })).default({}),
  contracts: z
    .record(
      z.string(),
      z.record(z.string(), z.object({ evm: z.object({ bytecode: codeSchema, deployedBytecode: codeSchema }) })),
    )
    .default({}),
});

/**
 * Loads the compiler and the project's sources.
 *
 * @returns the compiler; it holds 200 MB
 */
export function createCompiler(): Compiler {
  const sources = readSources();
  const { compile: compileJson } = compilerSchema.parse(createRequire(import.meta.url)("solc"));
  const run = (input: object): z.infer<typeof outputSchema> =>
    outputSchema.parse(JSON.parse(compileJson(JSON.stringify(input), { import: readImport })));

  const parsed = run({
    language: "Solidity",
    sources: Object.fromEntries([...sources].map(([name, content]) => [name, { content }])),
    settings: { outputSelection: { "*": { "": ["ast"] } } },
  });
  const trees = new Map(Object.entries(parsed.sources).map(([name, { ast }]) => [name, asNode(ast)]));
  const treeOf = (sourceName: string): SyntaxNode => {
    const tree = trees.get(sourceName);
    if (tree === undefined) throw new Error(`The compiler knows no source ${sourceName}: ${errorsOf(parsed)}`);
    return tree;
  };
  const dependencies = new Map<string, ReadonlySet<string>>();
  const dependenciesOf = (sourceName: string): ReadonlySet<string> => {
    const known = dependencies.get(sourceName);
    if (known !== undefined) return known;
    const imports = childrenOf(treeOf(sourceName), "nodes").flatMap((node) => textOf(node, "absolutePath") || []);
    const found = new Set(imports.flatMap((name) => [name, ...dependenciesOf(name)]));
    dependencies.set(sourceName, found);
    return found;
  };

  return {
    sources,
    treeOf,
    dependsOn: (sourceName, imported) => sourceName === imported || dependenciesOf(sourceName).has(imported),
    compile: (contracts, { replaced, settings }) => {
      const selected: Record<string, Record<string, readonly string[]>> = {};
      for (const { sourceName, contractName } of contracts)
        selected[sourceName] = {
          ...selected[sourceName],
          [contractName]: ["evm.bytecode.object", "evm.deployedBytecode.object"],
        };
      const names = [...new Set([...Object.keys(selected), replaced.sourceName])];
      const output = run({
        language: "Solidity",
        sources: Object.fromEntries(
          names.map((name) => [
            name,
            { content: name === replaced.sourceName ? replaced.source : (sources.get(name) ?? "") },
          ]),
        ),
        settings: {
          ...SETTINGS[settings],
          metadata: { bytecodeHash: "none", appendCBOR: false },
          outputSelection: selected,
        },
      });
      const errors = errorsOf(output);
      if (errors !== "") return errors;
      return contracts.map(({ sourceName, contractName }) => {
        const code = output.contracts[sourceName]?.[contractName]?.evm;
        if (code === undefined) throw new Error(`The compiler made no ${contractName} of ${sourceName}`);
        return {
          sourceName,
          contractName,
          bytecode: `0x${code.bytecode.object}`,
          deployedBytecode: `0x${code.deployedBytecode.object}`,
        };
      });
    },
  };
}

const errorsOf = ({ errors }: z.infer<typeof outputSchema>): string =>
  errors
    .filter(({ severity }) => severity === "error")
    .map(({ formattedMessage }) => formattedMessage)
    .join("\n");

function readSources(): ReadonlyMap<string, string> {
  const files = globSync(["contracts/**/*.sol", "test/**/*.sol"], { cwd: projectFolder }).toSorted();
  return new Map(
    files.map((file) => [file.replaceAll("\\", "/"), readFileSync(join(projectFolder, file), "utf8")] as const),
  );
}

function readImport(name: string): { readonly contents: string } | { readonly error: string } {
  const path = [join(projectFolder, name), join(projectFolder, "node_modules", name)].find(existsSync);
  return path === undefined ? { error: `There is no file ${name}` } : { contents: readFileSync(path, "utf8") };
}

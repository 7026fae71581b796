import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { JsonFragment } from "ethers";
import { z } from "zod";
import { projectFolder } from "../../scripts/lib/project-paths.js";

/** A contract that can be deployed. */
export interface PeerContract {
  readonly abi: readonly JsonFragment[];
  readonly bytecode: string;
}

const require = createRequire(import.meta.url);

// What is in an ABI, ethers checks itself when it reads it.
const abiSchema = z.custom<readonly JsonFragment[]>((value) => Array.isArray(value));
const artifactSchema = z.object({ abi: abiSchema, bytecode: z.string() });

const compilerSchema = z.object({
  compile: z.function({ input: [z.string(), z.object({ import: z.unknown() })], output: z.string() }),
});

const outputSchema = z.object({
  errors: z.array(z.object({ severity: z.string(), formattedMessage: z.string() })).default([]),
  contracts: z
    .record(
      z.string(),
      z.record(z.string(), z.object({ abi: abiSchema, evm: z.object({ bytecode: z.object({ object: z.string() }) }) })),
    )
    .default({}),
});

/**
 * Reads a contract as its authors have compiled and published it.
 *
 * @param artifact - path inside the peers' node_modules
 */
export function readPublished(artifact: string): PeerContract {
  return artifactSchema.parse(JSON.parse(readFileSync(join(import.meta.dirname, "node_modules", artifact), "utf8")));
}

/**
 * Compiles the contracts that nobody publishes ready made, with the settings of the product's own.
 *
 * @param names - of the contracts in benchmarks/peers/contracts, each in a file of its name
 * @returns the contracts by their names
 */
export function compilePeers<Name extends string>(names: readonly Name[]): Readonly<Record<Name, PeerContract>> {
  const { compile } = compilerSchema.parse(require("solc"));
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(
      names.map((name) => [
        name,
        { content: readFileSync(join(import.meta.dirname, "contracts", `${name}.sol`), "utf8") },
      ]),
    ),
    settings: {
      evmVersion: "prague",
      viaIR: true,
      optimizer: { enabled: true, runs: 10_000 },
      outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } },
    },
  };
  const { contracts, errors } = outputSchema.parse(JSON.parse(compile(JSON.stringify(input), { import: readImport })));
  const failure = errors.find(({ severity }) => severity === "error");
  if (failure !== undefined) throw new Error(failure.formattedMessage);
  const entries = names.map((name) => {
    const compiled = contracts[name]?.[name];
    if (compiled === undefined) throw new Error(`The compiler made no ${name}`);
    return [name, { abi: compiled.abi, bytecode: `0x${compiled.evm.bytecode.object}` }];
  });
  // Safety: there is an entry for each name.
  return Object.fromEntries(entries) as Record<Name, PeerContract>;
}

function readImport(name: string): { readonly contents: string } | { readonly error: string } {
  const path = join(projectFolder, "node_modules", name);
  return existsSync(path) ? { contents: readFileSync(path, "utf8") } : { error: `There is no file ${name}` };
}

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { getBytes, Interface, type ParamType } from "ethers";
import { z } from "zod";
import type { Code } from "./symbolic-machine.js";

type ReadSource = (path: string) => { readonly contents: string } | { readonly error: string };

/** A function of a proof contract: it must not panic, whatever its arguments. */
export interface Property {
  readonly contract: string;
  readonly name: string;
  readonly selector: string;
  readonly parameters: readonly string[];
  readonly code: Code;
}

const CompilerModule = z.object({
  compile: z.custom<(input: string, callbacks: { readonly import: ReadSource }) => string>(
    (value) => typeof value === "function",
  ),
});

const CompilerOutput = z.object({
  errors: z.array(z.object({ severity: z.string(), formattedMessage: z.string() })).optional(),
  contracts: z
    .record(
      z.string(),
      z.record(
        z.string(),
        z.object({
          abi: z.array(z.unknown()),
          evm: z.object({
            methodIdentifiers: z.record(z.string(), z.string()).optional(),
            deployedBytecode: z.object({
              object: z.string(),
              immutableReferences: z
                .record(z.string(), z.array(z.object({ start: z.number(), length: z.number() })))
                .optional(),
            }),
          }),
        }),
      ),
    )
    .default({}),
});

/** What a proof contract may call, deployed at an address of its own. */
const SUBJECTS = new Map([["DigitalPassport", 0xd16174a1n]]);

const require = createRequire(import.meta.url);

/**
 * Compiles proof contracts, and the contracts that they are about, with the settings of those that are deployed.
 *
 * @param files - paths of Solidity files, relative to the project's folder
 * @param options - the project's folder and the compiler's settings
 * @returns the functions whose names begin with `check_`, and the code of the contracts that they are about
 */
export function compileProofs(
  files: readonly string[],
  { root, settings }: { readonly root: string; readonly settings: Readonly<Record<string, unknown>> },
): { readonly properties: readonly Property[]; readonly codeAt: ReadonlyMap<bigint, Code> } {
  const readSource: ReadSource = (path) => {
    const file = [root, join(root, "node_modules")]
      .map((folder) => join(folder, path))
      .find((found) => existsSync(found));
    return file === undefined ? { error: `There is no ${path}` } : { contents: readFileSync(file, "utf8") };
  };
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(files.map((file) => [file, { content: readFileSync(join(root, file), "utf8") }])),
    settings: {
      ...settings,
      outputSelection: { "*": { "*": ["abi", "evm.methodIdentifiers", "evm.deployedBytecode"] } },
    },
  };
  const { compile } = CompilerModule.parse(require("solc"));
  const output = CompilerOutput.parse(JSON.parse(compile(JSON.stringify(input), { import: readSource })));
  const errors = (output.errors ?? []).filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join("\n"));

  const all = Object.entries(output.contracts).flatMap(([file, contracts]) =>
    Object.entries(contracts).map(([name, compiled]) => ({ file, name, compiled })),
  );
  const properties = all
    .filter(({ file }) => files.includes(file))
    .flatMap(({ name: contract, compiled }) =>
      Object.entries(compiled.evm.methodIdentifiers ?? {})
        .filter(([signature]) => signature.startsWith("check_"))
        .map(([signature, selector]) => {
          const name = signature.slice(0, signature.indexOf("("));
          return {
            contract,
            name,
            selector,
            parameters: parametersOf(compiled.abi, signature),
            code: codeOf(compiled),
          };
        }),
    );
  const subjects = all.flatMap(({ name, compiled }) => {
    const address = SUBJECTS.get(name);
    return address === undefined ? [] : [[address, codeOf(compiled)] as const];
  });
  return { properties, codeAt: new Map(subjects) };
}

type Compiled = z.infer<typeof CompilerOutput>["contracts"][string][string];

function codeOf({ evm }: Compiled): Code {
  const { object, immutableReferences = {} } = evm.deployedBytecode;
  const immutables = Object.entries(immutableReferences).flatMap(([id, places]) =>
    places.map(({ start }) => [start, `immutable_${id}`] as const),
  );
  return { bytes: getBytes(`0x${object}`), immutables: new Map(immutables) };
}

/** Names of the words that the arguments consist of. */
function parametersOf(abi: readonly unknown[], signature: string): readonly string[] {
  const fragment = new Interface(JSON.stringify(abi)).getFunction(signature);
  const flatten = (parameter: ParamType, prefix: string): readonly string[] => {
    if (parameter.components !== null) {
      return parameter.components.flatMap((component) => flatten(component, `${prefix}${parameter.name}.`));
    }
    if (!/^(u?int\d+|bytes\d+|address|bool)$/.test(parameter.type)) {
      throw new Error(`${signature}: a property takes arguments of a fixed size, not ${parameter.type}`);
    }
    return [`${prefix}${parameter.name}`];
  };
  return (fragment?.inputs ?? []).flatMap((parameter) => flatten(parameter, ""));
}

import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { z } from "zod";

/** What is compared with what. */
export interface Comparison {
  /** Name of the source, colon, name of the contract. */
  readonly contractName: string;
  /** As explorers call it: "v0.8.37+commit.f401782d". */
  readonly compilerVersion: string;
  /** What the chain runs. */
  readonly code: string;
}

// Safety: solc's documented interface; it has no types.
const solc = createRequire(import.meta.url)("solc") as {
  readonly version: () => string;
  readonly compile: (input: string) => string;
};

const referencesSchema = z.record(z.string(), z.array(z.object({ start: z.number(), length: z.number() })));

const outputSchema = z.object({
  contracts: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        evm: z.object({
          deployedBytecode: z.object({ object: z.string(), immutableReferences: referencesSchema.optional() }),
        }),
      }),
    ),
  ),
});

type Compiled = z.infer<typeof outputSchema>["contracts"][string][string]["evm"]["deployedBytecode"];

/** Compiling takes seconds, and several explorers are handed the same. */
const compiled = new Map<string, Compiled | undefined>();

/**
 * Compiles a standard JSON input and compares the result with what the chain runs, as explorers do.
 *
 * @param input - standard JSON input of solc
 * @param comparison - contract, compiler and code
 * @returns whether all bytes are the same, all but the metadata at the end, or others too
 */
export function compileAndCompare(input: unknown, comparison: Comparison): "exact_match" | "match" | "no_match" {
  const { code, compilerVersion, contractName } = comparison;
  if (!`v${solc.version()}`.startsWith(compilerVersion)) return "no_match";
  const expected = compileOnce(input, contractName);
  if (expected === undefined) return "no_match";
  const [actualBytes, expectedBytes] = [code.slice(2), expected.object].map((hex) => withoutImmutables(hex, expected));
  if (actualBytes === expectedBytes) return "exact_match";
  return withoutMetadata(actualBytes ?? "") === withoutMetadata(expectedBytes ?? "") ? "match" : "no_match";
}

function compileOnce(input: unknown, contractName: string): Compiled | undefined {
  const key = createHash("sha256")
    .update(JSON.stringify([input, contractName]))
    .digest("hex");
  if (!compiled.has(key)) compiled.set(key, compile(input, contractName));
  return compiled.get(key);
}

function compile(input: unknown, contractName: string): Compiled | undefined {
  const [source = "", name = ""] = contractName.split(":");
  const parsed = z
    .object({ settings: z.record(z.string(), z.unknown()) })
    .loose()
    .parse(input);
  const bytecode = ["evm.deployedBytecode.object", "evm.deployedBytecode.immutableReferences"];
  const settings = { ...parsed.settings, outputSelection: { [source]: { [name]: bytecode } } };
  const output = outputSchema.safeParse(JSON.parse(solc.compile(JSON.stringify({ ...parsed, settings })))).data;
  return output?.contracts[source]?.[name]?.evm.deployedBytecode;
}

function withoutImmutables(hex: string, { immutableReferences = {} }: Compiled): string {
  return Object.values(immutableReferences)
    .flat()
    .reduce((code, { length, start }) => {
      return code.slice(0, start * 2) + "0".repeat(length * 2) + code.slice((start + length) * 2);
    }, hex);
}

/** The last two bytes say how long the metadata before them are. */
function withoutMetadata(hex: string): string {
  return hex.slice(0, -(Number.parseInt(hex.slice(-4), 16) + 2) * 2);
}

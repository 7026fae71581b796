import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type ErrorFragment, type EventFragment, type FunctionFragment, Interface, type ParamType } from "ethers";
import { z } from "zod";
import { projectFolder } from "./project-paths.js";

const namedTexts = z.record(z.string(), z.string()).default({});
const notice = z.object({ notice: z.string().default("") });
const details = z.object({ details: z.string().default(""), params: namedTexts, returns: namedTexts });

/** What solc makes of NatSpec: `userdoc` has the notices, `devdoc` everything else. */
const documentationSchema = z.object({
  abi: z.array(z.unknown()),
  userdoc: z.object({
    notice: z.string().default(""),
    methods: z.record(z.string(), notice).default({}),
    events: z.record(z.string(), notice).default({}),
    errors: z.record(z.string(), z.array(notice)).default({}),
  }),
  devdoc: z.object({
    title: z.string().default(""),
    details: z.string().default(""),
    methods: z.record(z.string(), details.partial()).default({}),
    events: z.record(z.string(), details.partial()).default({}),
    errors: z.record(z.string(), z.array(details.partial())).default({}),
  }),
});

type Documentation = z.infer<typeof documentationSchema>;

/** What is said of one function, event or error. */
interface Description {
  readonly heading: string;
  readonly declaration: string;
  readonly notice: string;
  readonly details: string;
  readonly values: readonly (readonly [name: string, type: string, meaning: string])[];
}

/** What is asked of npm's solc, which says nothing of its types. */
const compilerSchema = z.object({
  compile: z.custom<(input: string) => string>((value) => typeof value === "function"),
});

const outputSchema = z.object({
  errors: z.array(z.object({ formattedMessage: z.string() })).default([]),
  contracts: z.record(z.string(), z.record(z.string(), documentationSchema)).default({}),
});

/**
 * Describes interfaces by their NatSpec. They are compiled once more, for the project's build does not keep NatSpec.
 *
 * @param names - of interfaces in contracts/interfaces, which import nothing but each other
 * @returns Markdown of each, in the same order
 * @throws Error if one does not compile
 */
export async function describeInterfaces(names: readonly string[]): Promise<readonly string[]> {
  const sources = await Promise.all(
    names.map(async (name) => {
      const path = `contracts/interfaces/${name}.sol`;
      return [path, { content: await readFile(join(projectFolder, path), "utf8") }] as const;
    }),
  );
  const outputSelection = { "*": { "*": ["abi", "userdoc", "devdoc"] } };
  const input = { language: "Solidity", sources: Object.fromEntries(sources), settings: { outputSelection } };
  const { compile } = compilerSchema.parse(createRequire(import.meta.url)("solc"));
  const { contracts, errors } = outputSchema.parse(JSON.parse(compile(JSON.stringify(input))));
  return names.map((name) => {
    const documentation = contracts[`contracts/interfaces/${name}.sol`]?.[name];
    if (documentation !== undefined) return describe(name, documentation);
    throw new Error(`${name} does not compile: ${errors.map(({ formattedMessage }) => formattedMessage).join("\n")}`);
  });
}

function describe(name: string, documentation: Documentation): string {
  const contract = Interface.from(JSON.stringify(documentation.abi));
  const functions: Description[] = [];
  const events: Description[] = [];
  const errors: Description[] = [];
  contract.forEachFunction((fragment) => functions.push(describeFunction(fragment, documentation)));
  contract.forEachEvent((fragment) => events.push(describeEvent(fragment, documentation)));
  contract.forEachError((fragment) => errors.push(describeError(fragment, documentation)));
  const { devdoc, userdoc } = documentation;
  const parts = [
    `# ${name}: ${devdoc.title}`,
    userdoc.notice,
    devdoc.details,
    ...section("Functions", functions),
    ...section("Events", events),
    ...section("Errors", errors),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function section(title: string, descriptions: readonly Description[]): readonly string[] {
  return descriptions.length === 0 ? [] : [`## ${title}`, ...descriptions.map(format)];
}

function describeFunction(fragment: FunctionFragment, { devdoc, userdoc }: Documentation): Description {
  const signature = fragment.format("sighash");
  const { details = "", params = {}, returns = {} } = devdoc.methods[signature] ?? {};
  return {
    heading: `${fragment.name} · ${fragment.selector}`,
    declaration: fragment.format("full"),
    notice: userdoc.methods[signature]?.notice ?? "",
    details,
    values: [...valuesOf(fragment.inputs, params), ...valuesOf(fragment.outputs, returns, "returned ")],
  };
}

function describeEvent(fragment: EventFragment, { devdoc, userdoc }: Documentation): Description {
  const signature = fragment.format("sighash");
  const { details = "", params = {} } = devdoc.events[signature] ?? {};
  return {
    heading: fragment.name,
    declaration: fragment.format("full"),
    notice: userdoc.events[signature]?.notice ?? "",
    details,
    values: valuesOf(fragment.inputs, params),
  };
}

function describeError(fragment: ErrorFragment, { devdoc, userdoc }: Documentation): Description {
  const signature = fragment.format("sighash");
  const { details = "", params = {} } = devdoc.errors[signature]?.[0] ?? {};
  return {
    heading: `${fragment.name} · ${fragment.selector}`,
    declaration: fragment.format("full"),
    notice: userdoc.errors[signature]?.[0]?.notice ?? "",
    details,
    values: valuesOf(fragment.inputs, params),
  };
}

/** Only those of which something is said beyond their name; solc calls an unnamed result `_0`. */
function valuesOf(
  parameters: readonly ParamType[],
  meanings: Readonly<Record<string, string>>,
  prefix = "",
): Description["values"] {
  return parameters.flatMap(({ name, type }, index) => {
    const meaning = meanings[name] ?? meanings[`_${index}`];
    return meaning === undefined ? [] : [[`${prefix}\`${name || index}\``, type, meaning] as const];
  });
}

function format({ heading, declaration, notice: said, details: more, values }: Description): string {
  const list = values.map(([name, type, meaning]) => `- ${name} (\`${type}\`): ${meaning}`).join("\n");
  return [`### ${heading}`, `\`\`\`solidity\n${declaration}\n\`\`\``, said, more, list]
    .filter((part) => part !== "")
    .join("\n\n");
}

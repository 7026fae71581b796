import { type Edit, mutationsOf } from "./mutation-operators.js";
import { type Place, partsOf, type SyntaxNode, textOf } from "./syntax-tree.js";

/** A contract with one small fault. */
export interface Mutant {
  /** `Contract.function:operator:n`, which an edit elsewhere in the file does not change. */
  readonly id: string;
  /** Path of the source, from the project's folder. */
  readonly file: string;
  /** Line of the fault, from 1. */
  readonly line: number;
  readonly operator: string;
  /** What stands in the source, and what stands in the mutant. */
  readonly original: string;
  readonly replacement: string;
  /** The whole mutated source. */
  readonly source: string;
}

/** Where an import, a pragma, a type or a declaration begins that does nothing by itself. */
const WITHOUT_FAULTS = new Set([
  "ImportDirective",
  "PragmaDirective",
  "StructDefinition",
  "EnumDefinition",
  "EventDefinition",
  "ErrorDefinition",
  "StructuredDocumentation",
  "UsingForDirective",
]);

const NAMED = new Set(["FunctionDefinition", "ModifierDefinition", "VariableDeclaration"]);

const spaced = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

/** The name under which the faults below a node are counted. */
const scopeBelow = (node: SyntaxNode, scope: string): string => {
  const isScope = NAMED.has(node.nodeType) && !scope.includes(".");
  if (!isScope) return scope;
  return `${scope}.${textOf(node, "name") || textOf(node, "kind")}`;
};

function* editsOf(
  node: SyntaxNode,
  { scope, quote }: { readonly scope: string; readonly quote: (place: Place) => string },
): Generator<Edit & { readonly scope: string }> {
  if (WITHOUT_FAULTS.has(node.nodeType)) return;
  const inner = scopeBelow(node, scope);
  for (const edit of mutationsOf(node, quote)) yield { ...edit, scope: inner };
  for (const part of partsOf(node)) yield* editsOf(part, { scope: inner, quote });
}

/**
 * All mutants of a source file: one fault each, at every place where one of the operators finds something.
 *
 * @param file - path of the source, from the project's folder
 * @param options - `source`: its text; `tree`: its syntax tree, as the compiler gives it
 * @returns mutants in the order of the source; some do not compile, some are the same program
 */
export function generateMutants(
  file: string,
  { source, tree }: { readonly source: string; readonly tree: SyntaxNode },
): readonly Mutant[] {
  const bytes = Buffer.from(source);
  const text = (start: number, end: number): string => bytes.subarray(start, end).toString();
  const quote = ({ start, end }: Place): string => text(start, end);
  const counts = new Map<string, number>();
  const scope = file.replace(/^.*\//, "").replace(/\.sol$/, "");
  return [...editsOf(tree, { scope, quote })].map(({ start, end, operator, replacement, scope: within }) => {
    const place = `${within}:${operator}`;
    const count = (counts.get(place) ?? 0) + 1;
    counts.set(place, count);
    return {
      id: `${place}:${count}`,
      file,
      line: text(0, start).split("\n").length,
      operator,
      original: spaced(text(start, end)),
      replacement: spaced(replacement),
      source: text(0, start) + replacement + text(end, bytes.length),
    };
  });
}

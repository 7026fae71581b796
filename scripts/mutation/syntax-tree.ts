import { z } from "zod";

/** A node of the tree that the Solidity compiler makes of a source: its kind, its place, and what its kind has besides. */
export interface SyntaxNode {
  readonly nodeType: string;
  /** `start:length:file`, in bytes. */
  readonly src: string;
  readonly [field: string]: unknown;
}

/** Where a node stands, in bytes. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

const nodeSchema = z.looseObject({ nodeType: z.string(), src: z.string() });

/**
 * Reads a value of the compiler's output as a node.
 *
 * @param value - anything
 * @returns the node, or undefined where it is none
 */
export function asNode(value: unknown): SyntaxNode | undefined {
  return nodeSchema.safeParse(value).data;
}

/**
 * A part of a node.
 *
 * @param node - the node
 * @param field - name of the part
 * @returns the part, or undefined where the node has none of this name
 */
export function childOf(node: SyntaxNode, field: string): SyntaxNode | undefined {
  return asNode(node[field]);
}

/**
 * The list of parts of a node.
 *
 * @param node - the node
 * @param field - name of the list
 * @returns the parts; none where the node has no list of this name
 */
export function childrenOf(node: SyntaxNode, field: string): readonly SyntaxNode[] {
  const value = node[field];
  return Array.isArray(value) ? value.flatMap((each) => asNode(each) ?? []) : [];
}

/**
 * A text that a node holds.
 *
 * @param node - the node
 * @param field - name of the text
 * @returns the text, empty where the node has none of this name
 */
export function textOf(node: SyntaxNode, field: string): string {
  const value = node[field];
  return typeof value === "string" ? value : "";
}

/**
 * Where a node stands in its source.
 *
 * @param node - the node
 * @returns first byte, and the byte behind the last
 */
export function placeOf({ src }: SyntaxNode): Place {
  const [start = 0, length = 0] = src.split(":").map(Number);
  return { start, end: start + length };
}

/**
 * The nodes right below a node, in the order of the source.
 *
 * @param node - the node
 * @returns its parts
 */
export function partsOf(node: SyntaxNode): readonly SyntaxNode[] {
  const values = Object.values(node).flatMap((value) => (Array.isArray(value) ? value : [value]));
  return values
    .filter((value) => typeof value === "object" && value !== null && "nodeType" in value)
    .flatMap((value) => asNode(value) ?? [])
    .toSorted((one, other) => placeOf(one).start - placeOf(other).start);
}

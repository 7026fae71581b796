import { decodeRlp, encodeRlp, keccak256, type RlpStructuredData } from "ethers";
import { PassportError } from "../errors/passport-error.js";
import { type Bytes32, bytes32Schema, type Hex, hexSchema } from "../primitives/hex.js";

/** Root of a trie that holds nothing: the hash of an empty RLP string. */
export const EMPTY_TRIE_ROOT = bytes32Schema.parse(keccak256("0x80"));

/** What is looked for in a trie, and where its nodes are. */
export interface TrieQuery {
  /** Path of the value; Ethereum's tries are keyed by keccak256 of an address or slot. */
  readonly key: Hex;
  /** Finds the bytes with that hash; undefined without them. What it returns need not be believed. */
  readonly findNode: (hash: Bytes32) => Hex | undefined;
}

/** Where the walk goes on, or what it found at its end. */
type Step = { readonly child: RlpStructuredData; readonly path: string } | { readonly value: Hex | undefined };

/** A leaf's or an extension's path, and which of the two it is. */
interface PartialPath {
  readonly isLeaf: boolean;
  readonly nibbles: string;
}

/** A branch of 16 hashes and a value takes some 600 bytes; a leaf never takes more. */
const MAXIMUM_NODE_BYTES = 4_096;

const ABSENT: Step = { value: undefined };

/**
 * Looks a value up in a Merkle-Patricia trie of which only some nodes are known. Every node is hashed, so what is found
 * is in the trie with that root, and what is not found is proven not to be. Each step uses up at least one digit of the
 * key, so the walk ends soon, whatever the nodes say.
 *
 * @param root - hash of the root node
 * @param query - the key, and where the nodes are
 * @returns the value; undefined if the trie has none for this key
 * @throws PassportError `proof.incomplete` if a node is missing, `proof.invalid` if one is malformed
 */
export function walkTrie(root: Bytes32, { key, findNode }: TrieQuery): Hex | undefined {
  if (root === EMPTY_TRIE_ROOT) return undefined;
  let step: Step = { child: root, path: key.slice(2) };
  while ("child" in step) step = takeStep(openNode(step.child, findNode), step.path);
  return step.value;
}

/** A node of less than 32 bytes stands in its parent itself; of all others the parent has the hash. */
function openNode(child: RlpStructuredData, findNode: TrieQuery["findNode"]): readonly RlpStructuredData[] {
  if (typeof child !== "string") return child;
  const hash = bytes32Schema.safeParse(child).data;
  if (hash === undefined) throw malformed("a node refers to another one by something that is no hash");
  const bytes = findNode(hash);
  if (bytes === undefined) throw new PassportError("proof.incomplete", { missing: `the trie node ${hash}` });
  if (bytes.length > 2 + 2 * MAXIMUM_NODE_BYTES) throw malformed("a node is larger than any trie's");
  if (keccak256(bytes) !== hash) throw malformed(`a node does not have the hash ${hash}`);
  const node = decodeNode(bytes);
  if (typeof node === "string") throw malformed("a node is no list");
  return node;
}

function decodeNode(bytes: Hex): RlpStructuredData {
  try {
    const node = decodeRlp(bytes);
    if (encodeRlp(node) === bytes) return node;
  } catch (cause) {
    throw new PassportError("proof.invalid", { problem: "a node is not RLP" }, { cause });
  }
  throw malformed("a node is not RLP as it must be written");
}

function takeStep(node: readonly RlpStructuredData[], path: string): Step {
  if (node.length === 17) return passBranch(node, path);
  const [first, second] = node;
  if (node.length === 2 && first !== undefined && second !== undefined) return passPath(first, second, path);
  throw malformed(`a node has ${node.length} items, where a branch has 17, a leaf or an extension 2`);
}

function passBranch(branch: readonly RlpStructuredData[], path: string): Step {
  const index = path === "" ? 16 : Number.parseInt(path.charAt(0), 16);
  const item = branch[index];
  if (item === undefined || item === "0x") return ABSENT;
  return path === "" ? { value: parseValue(item) } : { child: item, path: path.slice(1) };
}

function passPath(encoded: RlpStructuredData, item: RlpStructuredData, path: string): Step {
  const { isLeaf, nibbles } = parsePartialPath(encoded);
  if (isLeaf) {
    const value = parseValue(item);
    return nibbles === path ? { value } : ABSENT;
  }
  if (nibbles === "") throw malformed("an extension has no path");
  return path.startsWith(nibbles) ? { child: item, path: path.slice(nibbles.length) } : ABSENT;
}

/** Hex prefix encoding: the first digit says leaf or extension, odd or even; an even path has a zero behind it. */
function parsePartialPath(encoded: RlpStructuredData): PartialPath {
  const text = typeof encoded === "string" ? encoded : "";
  const [, flag, rest] = /^0x([0-3])([0-9a-f]+)$/.exec(text) ?? [];
  if (flag === undefined || rest === undefined) throw malformed("a leaf or extension has no well-formed path");
  const isOdd = flag === "1" || flag === "3";
  if (!isOdd && !rest.startsWith("0")) throw malformed("a path of even length is padded with something else than 0");
  return { isLeaf: flag === "2" || flag === "3", nibbles: isOdd ? rest : rest.slice(1) };
}

function parseValue(item: RlpStructuredData): Hex {
  const value = hexSchema.safeParse(item).data;
  if (value === undefined || value.length === 2) throw malformed("a value is missing or no bytes");
  return value;
}

function malformed(problem: string): PassportError {
  return new PassportError("proof.invalid", { problem });
}

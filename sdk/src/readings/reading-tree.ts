import { keccak_256 } from "@noble/hashes/sha3.js";
import { getBytes, hexlify } from "ethers";
import { type Bytes32, bytes32Schema } from "../primitives/hex.js";
import type { Keccak256 } from "./reading-bytes.js";

/** The Merkle tree of a batch. */
export interface ReadingTree {
  readonly root: Bytes32;
  /** The hashes that lead from a reading, by its line in the file, to the root. */
  readonly proofOf: (index: number) => readonly Bytes32[];
}

/**
 * Builds the Merkle tree of a batch: a leaf for each line of its file, in this order. It is the tree of OpenZeppelin's
 * `SimpleMerkleTree` with unsorted leaves: an array in which node i has the children 2 i + 1 and 2 i + 2, filled by the
 * leaves from its end.
 *
 * @param leaves - at least one
 * @param options - `keccak256`: another implementation than the one in JavaScript
 * @returns the tree
 */
export function readingTree(
  leaves: readonly (Bytes32 | Uint8Array)[],
  options: { readonly keccak256?: Keccak256 | undefined } = {},
): ReadingTree {
  const { keccak256 = keccak_256 } = options;
  const last = 2 * leaves.length - 2;
  const nodes = leaves.map((leaf) => getBytes(leaf)).reverse();
  nodes.unshift(...Array.from({ length: leaves.length - 1 }, () => new Uint8Array()));
  for (let index = leaves.length - 2; index >= 0; index -= 1) {
    nodes[index] = keccak256(pairOf(nodeAt(nodes, 2 * index + 1), nodeAt(nodes, 2 * index + 2)));
  }
  return {
    root: hexOf(nodeAt(nodes, 0)),
    proofOf: (line) => {
      const proof: Bytes32[] = [];
      for (let index = last - line; index > 0; index = (index - 1) >> 1) {
        proof.push(hexOf(nodeAt(nodes, index % 2 === 0 ? index - 1 : index + 1)));
      }
      return proof;
    },
  };
}

/**
 * Tells whether a leaf is in the tree of a root. Where it stands there, a proof does not say: each pair is hashed in the
 * order of its values.
 *
 * @param root - of the batch
 * @param options - `leaf`: of the reading; `proof`: the hashes from it to the root
 * @returns whether it is
 */
export function isLeafOf(
  root: Bytes32,
  options: { readonly leaf: Bytes32; readonly proof: readonly Bytes32[] },
): boolean {
  const { leaf, proof } = options;
  const hashes = proof.map((hash) => getBytes(hash));
  return hexOf(hashes.reduce((one, other) => keccak_256(pairOf(one, other)), getBytes(leaf))) === root;
}

/** The smaller one first, so that a proof needs no left and right. */
function pairOf(one: Uint8Array, other: Uint8Array): Uint8Array {
  const pair = new Uint8Array(64);
  const isInOrder = compare(one, other) <= 0;
  pair.set(isInOrder ? one : other, 0);
  pair.set(isInOrder ? other : one, 32);
  return pair;
}

function compare(one: Uint8Array, other: Uint8Array): number {
  let index = 0;
  while (index < one.length && one[index] === other[index]) index += 1;
  return (one[index] ?? 0) - (other[index] ?? 0);
}

function nodeAt(nodes: readonly Uint8Array[], index: number): Uint8Array {
  const node = nodes[index];
  if (node === undefined) throw new RangeError(`the tree has no node ${index}`);
  return node;
}

function hexOf(bytes: Uint8Array): Bytes32 {
  return bytes32Schema.parse(hexlify(bytes));
}

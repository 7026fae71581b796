import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import * as z from "zod";
import { type Bytes32, bytes32Schema } from "../primitives/hex.js";

/** The Merkle tree of a batch. */
export interface ReadingTree {
  readonly root: Bytes32;
  /** The hashes that lead from a reading, by its line in the file, to the root. */
  readonly proofOf: (index: number) => readonly Bytes32[];
}

const proofSchema = z.array(bytes32Schema);

/**
 * Builds the Merkle tree of a batch: a leaf for each line of its file, in this order.
 *
 * @param leaves - at least one
 * @returns the tree
 */
export function readingTree(leaves: readonly Bytes32[]): ReadingTree {
  const tree = SimpleMerkleTree.of([...leaves], { sortLeaves: false });
  return {
    root: bytes32Schema.parse(tree.root),
    proofOf: (index) => proofSchema.parse(tree.getProof(index)),
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
  return SimpleMerkleTree.verify(root, options.leaf, [...options.proof]);
}

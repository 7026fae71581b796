import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import { keccak256, toBeHex } from "ethers";
import * as fc from "fast-check";
import { parseBytes32 } from "../primitives/hex.js";
import { isLeafOf, readingTree } from "./reading-tree.js";

const leavesOf = (count: number, seed = 0) =>
  Array.from({ length: count }, (_, index) => parseBytes32(keccak256(toBeHex(index + seed, 32))));

describe("readingTree", () => {
  it("of any number of leaves, has the root and the proofs of OpenZeppelin's tree", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), (count, seed) => {
        const leaves = leavesOf(count, seed);
        const ours = readingTree(leaves);
        const theirs = SimpleMerkleTree.of(leaves, { sortLeaves: false });
        expect(ours.root).to.equal(theirs.root);
        for (const [index] of leaves.entries()) expect(ours.proofOf(index)).to.deep.equal(theirs.getProof(index));
      }),
      { numRuns: 60 },
    );
  });

  it("of no leaf, and of a line that there is not, refuses", () => {
    expect(() => readingTree([])).to.throw(RangeError);
    expect(() => readingTree(leavesOf(3)).proofOf(-1)).to.throw(RangeError);
  });
});

describe("isLeafOf", () => {
  it("of each leaf with its proof is true, of another leaf, proof or root false", () => {
    const leaves = leavesOf(9);
    const [other] = leavesOf(1, 100);
    if (other === undefined) throw new Error("there is one");
    const { root, proofOf } = readingTree(leaves);
    for (const [index, leaf] of leaves.entries()) {
      const proof = proofOf(index);
      expect(isLeafOf(root, { leaf, proof })).to.equal(true);
      expect(isLeafOf(root, { leaf: other, proof })).to.equal(false);
      expect(isLeafOf(root, { leaf, proof: [...proof.slice(1), other] })).to.equal(false);
      expect(isLeafOf(other, { leaf, proof })).to.equal(false);
      expect(SimpleMerkleTree.verify(root, leaf, [...proof])).to.equal(true);
    }
  });
});

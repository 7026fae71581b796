import { keccak256 } from "ethers";
import * as z from "zod";
import { type Bytes32, bytes32Schema, type Hex, parseHex } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";

/** A path has at most 64 nodes; some more are put up with, for a node may send those of several proofs. */
const MAXIMUM_NODES = 1_024;

const proofSchema = z.array(z.unknown()).max(MAXIMUM_NODES);

/**
 * Sorts the nodes of a proof by their hashes, so that it does not matter in which order they came, or which further ones
 * came with them.
 *
 * @param proof - RLP of each node as hex, from anywhere
 * @returns the nodes by their hashes
 * @throws PassportError `input.invalid`
 */
export function trieNodesOf(proof: unknown): ReadonlyMap<Bytes32, Hex> {
  const nodes = parseInput(proofSchema, proof, { field: "proof" }).map((node) => parseHex(node, { field: "proof" }));
  return new Map(nodes.map((node) => [bytes32Schema.parse(keccak256(node)), node]));
}
